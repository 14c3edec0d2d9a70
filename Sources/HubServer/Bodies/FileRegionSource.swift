import Glibc
import HubCore
import NIOCore

/// A file as NIO wants it for sendfile: its own descriptor, open until the last region has been sent.
struct FileRegionSource: Sendable {
    private let handle: NIOFileHandle
    private let descriptor: CInt

    init(_ file: OpenFile) throws {
        descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else {
            throw HubError(.internalError, "A file could not be opened once more: errno \(errno).")
        }
        handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
    }

    func region(_ range: Range<Int64>) -> FileRegion {
        FileRegion(fileHandle: handle, readerIndex: Int(range.lowerBound), endIndex: Int(range.upperBound))
    }

    func prefetch(_ range: Range<Int64>) async throws {
        try await FileReads.prefetch(descriptor, range)
    }

    func close() {
        // Only a descriptor already closed makes this throw, and then there is nothing left to do.
        try? handle.close()
    }
}
