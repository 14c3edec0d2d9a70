import Foundation
import Glibc
import HubCore
import Testing

/// Blobs of known bytes in files without a name.
enum TestFile {
    /// `count` bytes that repeat nowhere near a window's size.
    static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let words = (0..<(count + 7) / 8).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        return words.withUnsafeBytes { Array($0.prefix(count)) }
    }

    /// An open file with `bytes`.
    static func open(_ bytes: [UInt8]) throws -> OpenFile {
        let path = "/tmp/weir-test-\(UUID().uuidString)"
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        unlink(path)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            try #require(count > 0)
            written += count
        }
        return OpenFile(descriptor: descriptor, size: Int64(bytes.count))
    }

    /// A blob with `bytes`; its id says nothing about them.
    static func blob(_ bytes: [UInt8], size: Int? = nil, following: (any BlobFollowing)? = nil) throws -> BlobReader {
        let id = try #require(BlobID(String(repeating: "ab", count: 32)))
        return BlobReader(
            id: id, file: try open(bytes), size: Int64(size ?? bytes.count), following: following)
    }
}
