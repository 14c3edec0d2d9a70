import Foundation

/// Keeps those who write objects to a repository and the one who takes objects from it apart, across processes.
///
/// Whoever writes touches the file and holds the lock, shared, while he finds out which objects are there and adds the
/// others; not until a ref names them, which may be much later. Whoever takes objects away holds the lock alone, and only
/// goes on when nobody has touched the file for a while: then every object that somebody is about to name has either been
/// named by now or was touched, which is seen by its own time.
struct WritersLock: Sendable {
    private let path: String

    init(repository directory: String) { path = "\(directory)/writers" }

    /// Runs a short, blocking `body` as one of the writers.
    func shared<Result>(_ body: () throws -> Result) throws -> Result {
        let descriptor = try open(LOCK_SH)
        defer { close(descriptor) }
        guard futimens(descriptor, nil) == 0 else { throw DurableFiles.failure("touch \(path)") }
        return try body()
    }

    /// When somebody wrote last, in nanoseconds since 1970. Where nobody ever did, that is now.
    func lastUse() throws -> Int64 {
        close(try open(LOCK_SH))
        guard let stamp = try PosixFile.stamp(of: path) else { throw DurableFiles.failure("look at \(path)") }
        return stamp.written
    }

    /// Runs a short, blocking `body` with no writer beside it.
    /// - Parameter use: what `lastUse()` was.
    /// - Returns: nil when somebody wrote since.
    func exclusive<Result>(unchangedSince use: Int64, _ body: () throws -> Result) throws -> Result? {
        let descriptor = try open(LOCK_EX)
        defer { close(descriptor) }
        guard try PosixFile.stamp(of: path)?.written == use else { return nil }
        return try body()
    }

    private func open(_ operation: CInt) throws -> CInt {
        let descriptor = systemOpen(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DurableFiles.failure("open \(path)") }
        while flock(descriptor, operation) != 0 {
            guard errno == EINTR else {
                let failure = DurableFiles.failure("lock \(path)")
                close(descriptor)
                throw failure
            }
        }
        return descriptor
    }
}

/// `open` by another name: inside the type its own method hides it.
private func systemOpen(_ path: String, _ flags: CInt, _ mode: mode_t) -> CInt { open(path, flags, mode) }
