import Glibc

/// An open file that is closed when its last user lets go of it.
package final class OpenFile: Sendable {
    package let descriptor: CInt
    /// Bytes in the file when it was opened, or those it will have when it is complete.
    package let size: Int64

    /// Takes over `descriptor` and closes it in the end.
    package init(descriptor: CInt, size: Int64) {
        self.descriptor = descriptor
        self.size = size
    }

    deinit { close(descriptor) }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    package func read(at offset: Int64, count: Int) throws -> [UInt8] {
        var filled = 0
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
                if got < 0 {
                    if errno == EINTR { continue }
                    throw HubError(.storageCorrupt, "Reading a stored file failed: errno \(errno).")
                }
                if got == 0 { break }
                filled += got
            }
            initialized = filled
        }
    }
}
