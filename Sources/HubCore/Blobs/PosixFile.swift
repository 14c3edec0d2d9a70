import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// System calls on paths, with errors that name the path.
enum PosixFile {
    /// Bytes of the file; nil when there is none.
    static func size(of path: String) throws -> Int64? { try status(of: path).map { Int64($0.st_size) } }

    /// When the file was last written; nil when there is none.
    static func modificationTime(of path: String) throws -> Date? {
        try status(of: path).map { status in
            #if canImport(Darwin)
                let seconds = status.st_mtimespec.tv_sec
            #else
                let seconds = status.st_mtim.tv_sec
            #endif
            return Date(timeIntervalSince1970: Double(seconds))
        }
    }

    /// When the file was last written, in nanoseconds, and its bytes; nil when there is none. Two equal ones mean that
    /// nobody touched it in between.
    static func stamp(of path: String) throws -> (written: Int64, bytes: Int64)? {
        try status(of: path).map { status in
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            return (Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec), Int64(status.st_size))
        }
    }

    /// Bytes that a file takes on the disk, which are fewer than its size where it has holes.
    static func blocks(of path: String) throws -> Int64 { try status(of: path).map { Int64($0.st_blocks) * 512 } ?? 0 }

    /// Sets the time at which a file was written to now.
    /// - Returns: false when there is none.
    static func touch(_ path: String) throws -> Bool {
        while utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW) != 0 {
            let code = errno
            if code == ENOENT { return false }
            if code != EINTR { throw FileFailure.error(code, "touching", path) }
        }
        return true
    }

    /// Bytes that may still be written below `path` by somebody who is not root.
    /// Also gives the file system's whole size, in bytes.
    static func space(at path: String) throws -> (free: Int64, total: Int64) {
        var status = statvfs()
        try FileFailure.check("statvfs", path) { statvfs(path, &status) }
        func bytes(_ blocks: UInt64) -> Int64 {
            let (bytes, overflow) = blocks.multipliedReportingOverflow(by: UInt64(status.f_frsize))
            return overflow ? .max : Int64(clamping: bytes)
        }
        return (bytes(UInt64(status.f_bavail)), bytes(UInt64(status.f_blocks)))
    }

    /// Makes a directory; one that exists is fine.
    static func makeDirectory(_ path: String) throws {
        while mkdir(path, 0o750) != 0 {
            let code = errno
            if code == EEXIST { return }
            if code != EINTR { throw FileFailure.error(code, "mkdir", path) }
        }
    }

    /// Makes an empty file; one that exists is fine.
    static func createEmpty(_ path: String) throws {
        let descriptor = try FileFailure.check("creation", path) {
            open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        _ = close(descriptor)
    }

    /// Makes the entries of a directory durable.
    static func sync(directory: String) throws {
        let descriptor = try FileFailure.check("opening", directory) {
            open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        defer { _ = close(descriptor) }
        try FileFailure.check("fsync", directory) { fsync(descriptor) }
    }

    static func rename(_ path: String, to target: String) throws {
        try FileFailure.check("renaming", path) { systemRename(path, target) }
    }

    /// Removes a file; one that is missing is fine.
    static func remove(_ path: String) throws {
        while unlink(path) != 0 {
            let code = errno
            if code == ENOENT { return }
            if code != EINTR { throw FileFailure.error(code, "removal", path) }
        }
    }

    /// The names in a directory, in no order; none when it does not exist.
    static func names(in directory: String) throws -> [String] {
        guard let stream = opendir(directory) else {
            let code = errno
            if code == ENOENT { return [] }
            throw FileFailure.error(code, "listing", directory)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                if code != 0 { throw FileFailure.error(code, "listing", directory) }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    private static func status(of path: String) throws -> stat? {
        var status = stat()
        while lstat(path, &status) != 0 {
            let code = errno
            if code == ENOENT || code == ENOTDIR { return nil }
            if code != EINTR { throw FileFailure.error(code, "stat", path) }
        }
        return status
    }
}

/// `rename` by another name: inside the type its own method hides it.
private func systemRename(_ path: String, _ target: String) -> CInt { rename(path, target) }
