/// By which way something is written here, for the statement about it. It follows the task that serves a request.
package enum WriteSurface: String, Sendable {
    case huggingFace = "huggingface"
    case csghub
    case git
    case ssh
    case web
    /// Weir's own REST.
    case rest
    /// A command on the data directory, or the hub itself.
    case command

    @TaskLocal package static var current: WriteSurface = .command
}
