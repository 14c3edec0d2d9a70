/// Bars under each other, each with its name and number.
package enum BarList {
    package struct Bar: Sendable {
        package let label: String
        package let value: Double
        /// The number as it is read.
        package let note: String
        package let address: String?

        package init(_ label: String, value: Double, note: String, address: String? = nil) {
            self.label = label
            self.value = value
            self.note = note
            self.address = address
        }
    }

    package static func view(_ bars: [Bar], label: String) -> HTML { HTML() }
}

/// Bars beside each other: how many values fall where.
package enum Histogram {
    package struct Bin: Sendable {
        /// Such as "12–48: 1,204", which is read and shown when one points at it.
        package let label: String
        package let count: Double
        /// Where a press leads, such as the rows in it.
        package let address: String?

        package init(_ label: String, count: Double, address: String? = nil) {
            self.label = label
            self.count = count
            self.address = address
        }
    }

    package static func view(_ bins: [Bin], label: String, width: Int = 160, height: Int = 40) -> HTML { HTML() }
}

/// One bar divided by shares, with a legend.
package enum ShareBar {
    package struct Share: Sendable {
        package let label: String
        package let value: Double
        package let note: String

        package init(_ label: String, value: Double, note: String) {
            self.label = label
            self.value = value
            self.note = note
        }
    }

    /// - Parameter shares: those beyond the sixth look alike.
    package static func view(_ shares: [Share], label: String) -> HTML { HTML() }
}
