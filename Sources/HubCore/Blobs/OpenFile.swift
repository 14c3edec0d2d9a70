#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file open for reading. It is closed when its last holder lets it go, and survives being renamed or removed.
package final class OpenFile: Sendable {
    package let descriptor: CInt
    /// Bytes in the file when it was opened, or those it will have when it is complete.
    package let size: Int64
    /// Says that the blob in it is open; nil for other files.
    private let lease: BlobLease?

    /// Takes over `descriptor`.
    package convenience init(descriptor: CInt, size: Int64) {
        self.init(descriptor: descriptor, size: size, lease: nil)
    }

    private init(descriptor: CInt, size: Int64, lease: BlobLease?) {
        self.descriptor = descriptor
        self.size = size
        self.lease = lease
    }

    /// Opens a regular file; a symbolic link is refused.
    /// - Throws: `HubError`: `notFound` when there is no such file.
    package convenience init(path: String) throws {
        try self.init(path: path, size: nil)
    }

    /// - Parameter size: the size the file will have; its present one when nil.
    convenience init(path: String, size: Int64?, lease: BlobLease? = nil) throws {
        let descriptor = try FileFailure.check("open", path) { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            _ = close(descriptor)
            throw HubError(.storageCorrupt, "\(path) is not a regular file.")
        }
        self.init(descriptor: descriptor, size: size ?? Int64(status.st_size), lease: lease)
    }

    deinit { _ = close(descriptor) }

    /// Reads up to `count` bytes at `offset`; fewer only where the file ends. It blocks while the disk works.
    /// - Throws: `HubError`: `storageCorrupt` when the disk fails.
    package func read(at offset: Int64, count: Int) throws -> [UInt8] {
        guard offset >= 0, count > 0 else { return [] }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let received = try FileFailure.check("read", "a stored file") {
                    pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
                }
                if received == 0 { return }
                filled += received
            }
        }
    }
}
