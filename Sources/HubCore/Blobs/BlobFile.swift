import Crypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is being written, with the hash of what is in it so far.
///
/// `@unchecked Sendable`: its owner lets one job at a time use it. The lock on the file (flock) tells other processes
/// that it is in use, and ends with this object.
final class BlobFile: @unchecked Sendable {
    let path: String
    let descriptor: CInt
    /// Bytes that are written and hashed.
    private(set) var count: Int64 = 0
    private var hash = SHA256()

    /// Bytes of one read when a file is hashed.
    static let batch = 4 << 20

    /// Takes over `descriptor`.
    private init(path: String, descriptor: CInt) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Closing alone leaves the lock to a child process that was made a moment ago and has not replaced itself yet:
        // until then it has a copy of every descriptor.
        unlock()
        _ = close(descriptor)
    }

    /// Makes a new file and locks it.
    static func create(at path: String) throws -> BlobFile {
        let descriptor = try FileFailure.check("creation", path) {
            open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        let file = BlobFile(path: path, descriptor: descriptor)
        _ = try file.lock()
        return file
    }

    /// Opens the file at `path`, which is made when it is missing, and locks it.
    /// - Parameter isShared: whether others who share may write other places of it meanwhile.
    /// - Returns: nil when somebody else has the lock.
    static func openOrCreate(at path: String, isShared: Bool = false) throws -> BlobFile? {
        while true {
            let descriptor = try FileFailure.check("opening", path) {
                let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
                let descriptor = open(path, flags, 0o600)
                // A crash between sealing and publishing leaves a read-only file behind.
                guard descriptor < 0, errno == EACCES, chmod(path, 0o600) == 0 else { return descriptor }
                return open(path, flags, 0o600)
            }
            let file = BlobFile(path: path, descriptor: descriptor)
            guard try file.lock(isShared: isShared) else { return nil }
            // Between opening and locking the file may have been published or removed: then the lock is on a file
            // that this path no longer means, and it must not be written.
            if file.isAtItsPath { return file }
        }
    }

    /// Bytes in the file, hashed or not.
    func length() throws -> Int64 {
        var status = stat()
        try FileFailure.check("stat", path) { fstat(descriptor, &status) }
        return Int64(status.st_size)
    }

    /// Writes at the end, then hashes.
    /// - Throws: `HubError`; `count` is unchanged then.
    func append(_ bytes: [UInt8]) throws {
        try write(bytes, at: count)
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        count += Int64(bytes.count)
    }

    /// Writes at a place of the caller's choice; `count` and the hash stay.
    func write(_ bytes: [UInt8], at offset: Int64) throws {
        try bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                done += try FileFailure.check("write", path) {
                    pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
                }
            }
        }
    }

    /// Hashes bytes that are in the file already, at most about `limit` of them.
    /// - Parameter end: where to stop at the latest; nil for the end of the file.
    /// - Returns: whether there may be more.
    func hashExisting(limit: Int64, upTo end: Int64? = nil) throws -> Bool {
        let start = count
        let wanted = min(limit, end.map { max(0, $0 - count) } ?? limit)
        var buffer = [UInt8](repeating: 0, count: Int(min(Int64(Self.batch), max(1, wanted))))
        while count - start < limit {
            let most = Int(min(Int64(buffer.count), end.map { $0 - count } ?? Int64(buffer.count)))
            if most <= 0 { return false }
            let received = try buffer.withUnsafeMutableBytes { buffer in
                let received = try FileFailure.check("read", path) {
                    pread(descriptor, buffer.baseAddress, most, off_t(count))
                }
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer.prefix(received)))
                return received
            }
            if received == 0 { return false }
            count += Int64(received)
        }
        return true
    }

    /// Appends what `source` has at the same place, at most about `limit` bytes.
    /// - Returns: whether there may be more.
    func copy(_ source: OpenFile, limit: Int64) throws -> Bool {
        let end = count + limit
        while count < end {
            let bytes = try source.read(at: count, count: Self.batch)
            guard !bytes.isEmpty else { return false }
            try append(bytes)
        }
        return true
    }

    /// The name that the bytes so far deserve.
    var digest: BlobID { BlobID(hash.finalize()) }

    /// Starts over with an empty file.
    func clear() throws {
        try FileFailure.check("truncation", path) { ftruncate(descriptor, 0) }
        count = 0
        hash = SHA256()
    }

    /// Cuts off what is behind the bytes that count: the rest of a write that failed.
    /// - Parameter end: where those end that are in the file and not yet in the hash.
    func cutToCount(or end: Int64 = 0) throws {
        try FileFailure.check("truncation", path) { ftruncate(descriptor, off_t(max(count, end))) }
    }

    /// Makes the bytes durable; who wrote them goes on writing meanwhile.
    func syncData() throws {
        #if os(Linux)
            try FileFailure.check("fsync", path) { fdatasync(descriptor) }
        #else
            try FileFailure.check("fsync", path) { fsync(descriptor) }
        #endif
    }

    /// What tells this file from another of the same name.
    func inode() throws -> UInt64 {
        var status = stat()
        try FileFailure.check("stat", path) { fstat(descriptor, &status) }
        return UInt64(status.st_ino)
    }

    /// Removes the file, and gives its space back now rather than when the last reader closes it.
    ///
    /// A file that is not at its path any more is left alone: it may have become a stored blob.
    func discard() {
        guard isAtItsPath else { return }
        _ = ftruncate(descriptor, 0)
        try? PosixFile.remove(path)
    }

    /// Makes the bytes durable and the file read-only.
    func seal() throws {
        try FileFailure.check("chmod", path) { fchmod(descriptor, 0o444) }
        try FileFailure.check("fsync", path) { fsync(descriptor) }
    }

    /// Makes this file share the blocks of `source`, where the file system can do that.
    /// - Returns: whether it did.
    func clone(_ source: OpenFile) -> Bool {
        #if os(Linux)
            // FICLONE of linux/fs.h: _IOW(0x94, 9, int), a macro that Swift does not import.
            return ioctl(descriptor, 0x4004_9409, source.descriptor) == 0
        #else
            return false
        #endif
    }

    private func lock(isShared: Bool = false) throws -> Bool {
        while flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            let code = errno
            if code == EWOULDBLOCK { return false }
            if code != EINTR { throw FileFailure.error(code, "lock", path) }
        }
        return true
    }

    /// Lets others write the file, which this object must not any more. The last job's thread may hold the object a
    /// moment longer than its caller waits, and the next request is not to find it locked.
    func unlock() { _ = flock(descriptor, LOCK_UN) }

    /// Whether the path still means this file: it may have been published or removed.
    var isAtItsPath: Bool {
        var own = stat()
        var named = stat()
        return fstat(descriptor, &own) == 0 && lstat(path, &named) == 0 && own.st_ino == named.st_ino
            && own.st_dev == named.st_dev
    }
}
