import CGit2
import Foundation

/// File operations that survive a power cut. Blocking: call them on a thread pool.
enum DurableFiles {
    /// Replaces a file's content: temporary file beside it, fsync, rename, fsync of the folder.
    /// - Throws: `storage-full`, `internal-error`.
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        let temporary = "\(path).tmp-\(UUID().uuidString)"
        do {
            try write(bytes, to: temporary)
            guard rename(temporary, path) == 0 else { throw failure("rename \(temporary) to \(path)") }
        } catch {
            unlink(temporary)
            throw error
        }
        try sync((path as NSString).deletingLastPathComponent)
    }

    /// Makes a file's content, or a folder's entries, durable.
    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync \(path)") }
    }

    /// Makes every change of the file system that holds a path durable; false where the system cannot.
    static func syncFileSystem(of path: String) throws -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open \(path)") }
        defer { close(descriptor) }
        return hub_git_sync_filesystem(descriptor) == 0
    }

    /// Moves a file, replacing what is there.
    static func move(_ source: String, to target: String) throws {
        guard rename(source, target) == 0 else { throw failure("rename \(source) to \(target)") }
    }

    /// The error of the last failed system call.
    static func failure(_ attempt: String) -> HubError {
        let code = errno
        let reason = String(cString: strerror(code))
        let isFull = code == ENOSPC || code == EDQUOT
        return HubError(
            isFull ? .storageFull : .internalError, "Could not \(attempt): \(reason).",
            remedy: isFull ? "Free space on the data volume." : nil)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("create \(path)") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write \(path)") }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure("sync \(path)") }
    }
}
