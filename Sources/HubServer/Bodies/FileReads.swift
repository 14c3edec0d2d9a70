import CPageCache
import Glibc
import HubCore
import NIOCore
import NIOPosix

/// Reads of files for response bodies, on the thread pool: a cold file blocks, and an event loop must not.
enum FileReads {
    /// Reads exactly `range`.
    ///
    /// - Throws: `storageCorrupt` when the file is shorter than that or cannot be read.
    static func read(_ file: OpenFile, _ range: Range<Int64>) async throws -> ByteBuffer {
        try await NIOThreadPool.singleton.runIfActive {
            let count = Int(range.upperBound - range.lowerBound)
            var buffer = ByteBuffer()
            var offset = range.lowerBound
            try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
                while offset < range.upperBound {
                    let filled = Int(offset - range.lowerBound)
                    guard let start = target.baseAddress else { return 0 }
                    let got = pread(file.descriptor, start + filled, count - filled, off_t(offset))
                    if got < 0, errno == EINTR { continue }
                    guard got > 0 else {
                        throw HubError(.storageCorrupt, "A stored blob ends or fails at byte \(offset).")
                    }
                    offset += Int64(got)
                }
                return count
            }
            return buffer
        }
    }

    /// Asks the kernel to have `range` in memory soon.
    ///
    /// - Throws: `storageCorrupt` when the file ends before it: sendfile would then wait for bytes that never come.
    static func prefetch(_ descriptor: CInt, _ range: Range<Int64>) async throws {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, Int64(facts.st_size) >= range.upperBound else {
            throw HubError(.storageCorrupt, "A stored blob ends before byte \(range.upperBound).")
        }
        // To be told that all is there takes the kernel a look at each page, and us another thread: 6 % of what it costs
        // to send a file that is in memory.
        if seemsPresent(descriptor, range) { return }
        try await NIOThreadPool.singleton.runIfActive {
            _ = posix_fadvise(
                descriptor, off_t(range.lowerBound), off_t(range.upperBound - range.lowerBound),
                POSIX_FADV_WILLNEED)
        }
    }

    /// Bytes between two places that are looked at. What is missing between them is read while it is sent, as what was
    /// asked for and has not come yet.
    private static let probeStep: Int64 = 1 << 20

    /// Whether the kernel has a byte of every stretch of `range` in memory. Waits for no disk.
    private static func seemsPresent(_ descriptor: CInt, _ range: Range<Int64>) -> Bool {
        page_cache_has(descriptor, range.upperBound - 1)
            && stride(from: range.lowerBound, to: range.upperBound, by: Int(probeStep)).allSatisfy {
                page_cache_has(descriptor, $0)
            }
    }
}
