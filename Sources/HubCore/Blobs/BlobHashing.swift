import Crypto

/// Hashes a file that is open for reading, a slice at a time.
///
/// `@unchecked Sendable`: used by one job after the other.
final class BlobHashing: @unchecked Sendable {
    private let file: OpenFile
    private var hash = SHA256()
    private var offset: Int64 = 0

    init(_ file: OpenFile) { self.file = file }

    /// Hashes at most about `limit` bytes.
    /// - Returns: whether there may be more.
    func next(_ limit: Int64) throws -> Bool {
        let end = offset + limit
        while offset < end {
            let bytes = try file.read(at: offset, count: BlobFile.batch)
            guard !bytes.isEmpty else { return false }
            hash.update(data: bytes)
            offset += Int64(bytes.count)
        }
        return true
    }

    /// The name that the bytes so far deserve.
    var digest: BlobID { BlobID(hash.finalize()) }
}
