/// Why a git answer could not be used; the driver adds which upstream and which repository.
enum GitStreamFailure: Error, Sendable, Hashable {
    /// `ERR` or side-band 3: the upstream gave up and said why.
    case remote(String)
    /// The stream ended before it was complete.
    case truncated
    /// It is not what the protocol allows.
    case malformed(String)
    /// The upstream cannot do what the request needs.
    case unsupported(String)
}
