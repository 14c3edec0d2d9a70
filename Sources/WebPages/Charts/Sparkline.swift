/// A line as small as a word.
package enum Sparkline {
    /// - Parameter label: what it shows; nil where text beside it says the same.
    package static func view(_ values: [Double], label: String?, width: Int = 88, height: Int = 20) -> HTML {
        HTML()
    }
}
