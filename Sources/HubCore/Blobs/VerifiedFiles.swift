import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which stored files this process itself compared with their digest as they came, and has not looked at since.
///
/// The scan that follows need not hash such a file once more as long as it is the very same: the kernel moves a file's
/// change time with every write, rename and change of its mode, and nobody can set it. It is kept in memory only: after a
/// restart, and in every other process, a file is hashed.
final class VerifiedFiles: Sendable {
    /// What tells a file, and the state in which it is, from every other.
    struct State: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let written: [Int64]
        let changed: [Int64]

        /// Nil when the system does not tell.
        init?(of descriptor: CInt) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { return nil }
            #if canImport(Darwin)
                let (written, changed) = (status.st_mtimespec, status.st_ctimespec)
            #else
                let (written, changed) = (status.st_mtim, status.st_ctim)
            #endif
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            self.written = [Int64(written.tv_sec), Int64(written.tv_nsec)]
            self.changed = [Int64(changed.tv_sec), Int64(changed.tv_nsec)]
        }
    }

    /// Older kernels count change times in steps of some milliseconds: what is hashed in less is hashed again.
    static let smallest: Int64 = 1 << 20
    /// Files that wait for their scan are few; where nobody scans, nothing piles up.
    private static let limit = 10_000

    private let states = Mutex<[BlobID: State]>([:])

    /// Remembers a file whose bytes, all of them, were compared with the digest just now.
    /// - Parameter hashed: bytes that were.
    func note(_ id: BlobID, _ descriptor: CInt, hashed: Int64) {
        guard hashed >= Self.smallest, let state = State(of: descriptor), state.size == hashed else { return }
        states.withLock { states in
            if states.count >= Self.limit { states.removeAll() }
            states[id] = state
        }
    }

    /// Whether it is the file that was compared, unchanged since.
    func holds(_ id: BlobID, _ descriptor: CInt) -> Bool {
        guard let known = states.withLock({ $0[id] }) else { return false }
        return State(of: descriptor) == known
    }

    func forget(_ id: BlobID) { states.withLock { $0[id] = nil } }
}

extension FileBlobStore {
    /// Whether a stored file needs no hashing to know that its bytes are those of its name: this process compared them as
    /// they came, and nobody has touched the file since.
    package func isVerified(_ id: BlobID, in file: OpenFile) -> Bool { directory.verified.holds(id, file.descriptor) }

    /// From now on the bytes of a blob are hashed by whoever wants to be sure of them.
    package func forgetVerification(of id: BlobID) { directory.verified.forget(id) }
}
