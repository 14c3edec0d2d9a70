/// What a record's hash was at some time, noted outside of the database: in a backup's papers, on another machine.
package struct AuditAnchor: Sendable, Hashable, CustomStringConvertible {
    /// The record's number, from 1.
    package let sequence: Int64
    /// The record's hash: SHA-256 in 64 lower-case hexadecimal digits.
    package let hash: String

    /// Parses `42:9f86d0…`, as `weir audit verify` prints it.
    package init?(parsing text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int64(parts[0]), sequence > 0, let digest = BlobID(String(parts[1]))
        else { return nil }
        self.sequence = sequence
        hash = digest.hex
    }

    package var description: String { "\(sequence):\(hash)" }
}
