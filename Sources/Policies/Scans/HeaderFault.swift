/// Why a model file's header is not believed.
package struct HeaderFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, to be read after "the header of …": `names the tensor 'a' twice`.
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension HeaderFault {
    /// A name out of a file, fit for a message.
    static func shown(_ name: String) -> String {
        let clean = name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(60)
        return String(String.UnicodeScalarView(clean))
    }
}
