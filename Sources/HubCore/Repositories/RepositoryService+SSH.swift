extension RepositoryService {
    /// Runs a whole fetch over one connection, as over SSH: refs, negotiation and pack in one conversation.
    ///
    /// Mirrors are not served like this: only the server that knows upstreams and policies gives out what is theirs.
    /// - Parameter repository: opened for `.contentRead`.
    package func uploadPackConversation(
        of repository: Repository, protocolVersion: String?,
        input: some AsyncSequence<[UInt8], any Error> & Sendable, onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        guard !repository.isMirror else {
            throw HubError(.forbidden, "\(repository.id) is a mirror.", remedy: "Fetch it over HTTP.")
        }
        _ = try await prepareUploadPack(of: repository, history: true)
        // What the client wants is said to git alone: all that it may want has to be fit to leave.
        let refs = try await store.refs(of: repository.key)
        try await requireUnburied(wants: refs.map(\.target), history: true, of: repository)
        let head = RefName.branch(repository.defaultBranch)
        try await notePulls(of: refs.filter { $0.name == head }.map(\.target), in: repository)
        try await git.uploadPack(
            in: repository.key, protocolVersion: protocolVersion, advertise: false, isStateless: false, request: input,
            onOutput: onOutput)
    }
}
