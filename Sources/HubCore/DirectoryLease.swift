import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Shows other processes that this one has the data directory open.
///
/// What a crash of the machine left is put right by the first to open the directory; whoever comes meanwhile waits, and
/// whoever comes later, such as a command beside a server, need not look. The kernel ends a lease with its process.
final class DirectoryLease: Sendable {
    /// Whether nobody else had the directory open. Others wait until `share()` then.
    let isFirst: Bool
    private let descriptor: Mutex<CInt?>

    /// - Throws: `HubError` when the folder cannot be written.
    init(of folder: String) throws {
        let path = folder + "/lease"
        let descriptor = try FileFailure.check("open", path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        self.descriptor = Mutex(descriptor)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
            isFirst = true
        } else {
            // A file system without locks has no second process that could be told: looking again does no harm.
            isFirst = errno != EWOULDBLOCK
            if !isFirst { Self.share(descriptor) }
        }
    }

    deinit { end() }

    /// Lets others in.
    func share() {
        guard isFirst, let descriptor = descriptor.withLock({ $0 }) else { return }
        Self.share(descriptor)
    }

    /// Gives the lease up.
    func end() {
        descriptor.withLock { descriptor in
            if let open = descriptor { _ = close(open) }
            descriptor = nil
        }
    }

    private static func share(_ descriptor: CInt) {
        while flock(descriptor, LOCK_SH) != 0 {
            guard errno == EINTR else { return }
        }
    }
}
