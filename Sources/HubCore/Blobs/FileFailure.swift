#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call that failed, and how it is told to people.
enum FileFailure {
    /// Makes a call until it is not interrupted.
    /// - Throws: `HubError`, made from `errno`, when the call returns a negative number.
    @discardableResult
    static func check<Number: SignedInteger>(_ call: String, _ path: String, _ body: () -> Number) throws -> Number {
        while true {
            let result = body()
            if result >= 0 { return result }
            let code = errno
            if code != EINTR { throw error(code, call, path) }
        }
    }

    /// The error for an `errno`.
    static func error(_ code: CInt, _ call: String, _ path: String) -> HubError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT:
            return full("\(call) of \(path): \(reason)")
        case ENOENT:
            return HubError(.notFound, "There is no file \(path).")
        case EIO:
            return HubError(
                .storageCorrupt, "The disk failed at the \(call) of \(path): \(reason).",
                remedy: "Check the disk, then verify the stored blobs.")
        default:
            return HubError(.internalError, "The \(call) of \(path) failed: \(reason).")
        }
    }

    static func full(_ what: String) -> HubError {
        HubError(
            .storageFull, "The blob storage is full (\(what)).", remedy: "Free space, or store less.", retryAfter: 60)
    }
}
