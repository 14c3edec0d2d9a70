/// The name of a blob: its SHA-256, 64 lower-case hexadecimal digits.
package struct BlobID: Sendable, Hashable, CustomStringConvertible {
    package let hex: String

    /// Parses 64 lower-case hexadecimal digits.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count == 64, bytes.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        hex = text
    }

    package var description: String { hex }
}
