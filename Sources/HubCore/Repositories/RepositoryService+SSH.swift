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
        try await git.uploadPack(
            in: repository.key, protocolVersion: protocolVersion, advertise: false, isStateless: false, request: input,
            onOutput: onOutput)
    }
}
