import Crypto

/// Hashes bytes that come from anywhere, a slice at a time.
///
/// `@unchecked Sendable`: used by one job after the other.
final class SourceHashing: @unchecked Sendable {
    private let size: Int64
    private let read: @Sendable (_ offset: Int64, _ count: Int) throws -> [UInt8]
    private var hash = SHA256()
    private var offset: Int64 = 0

    init(size: Int64, read: @escaping @Sendable (_ offset: Int64, _ count: Int) throws -> [UInt8]) {
        self.size = size
        self.read = read
    }

    /// Hashes at most about `limit` bytes.
    /// - Returns: whether there is more.
    func next(_ limit: Int64) throws -> Bool {
        let end = min(size, offset + limit)
        while offset < end {
            let bytes = try read(offset, Int(min(1 << 20, end - offset)))
            guard !bytes.isEmpty else { throw HubError(.unprocessable, "The bytes end in the middle of a blob.") }
            hash.update(data: bytes)
            offset += Int64(bytes.count)
        }
        return offset < size
    }

    var digest: BlobID { BlobID(hash.finalize()) }
}
