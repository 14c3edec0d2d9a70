import Subprocess
import Synchronization

extension GitStore {
    /// Answers the advertisement of refs and capabilities (`GET info/refs?service=git-upload-pack`), without the
    /// `# service` line that versions 0 and 1 put in front of it.
    package func advertiseUploadPack(
        in key: Int64, protocolVersion: String?, for caller: String? = nil,
        onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        // Of version 2 it tells what git can do, and nothing of the repository.
        let isCommon = protocolVersion == "version=2"
        if isCommon, let known = capabilities.withLock({ $0 }), known.since.duration(to: .now) < .seconds(600) {
            // A repository that is not here is an error all the same.
            guard await exists(key) else {
                throw HubError(.storageCorrupt, "The repository \(directory(of: key)) is not there.")
            }
            return try await onOutput(known.answer[...])
        }
        var answer: [UInt8] = []
        let isWhole = try await uploadPack(
            in: key, protocolVersion: protocolVersion, advertise: true, for: caller, request: NoChunks?.none
        ) { bytes in
            if isCommon { answer += bytes }
            try await onOutput(bytes)
        }
        if isCommon, isWhole, !answer.isEmpty { capabilities.withLock { [answer] in $0 = (answer, .now) } }
    }

    /// Runs `git upload-pack` for one request, handing on its answer as it comes.
    ///
    /// An error that git itself reports to the client (`ERR`, side-band 3) is an answer like any other.
    /// - Parameters:
    ///   - protocolVersion: the client's `Git-Protocol` header; one that is malformed is ignored.
    ///   - advertise: whether to answer the advertisement instead of a request.
    ///   - caller: in whose share of the children at once it counts; nil for nobody's.
    ///   - isStateless: whether each request stands alone, as over HTTP, or all are one conversation, as over SSH.
    ///   - request: the POST body, inflated and bounded by the caller; or the client's side of the conversation.
    ///   - onOutput: takes the answer; git waits while it does. When it throws, the children are killed.
    /// - Throws: `too-many-requests` when too many wait already; `internal-error` when git gave no answer at all;
    ///   what `request` and `onOutput` throw.
    /// - Returns: whether git served the request, rather than tell the client why not.
    @discardableResult
    package func uploadPack(
        in key: Int64, protocolVersion: String?, advertise: Bool, for caller: String? = nil, isStateless: Bool = true,
        request: (some AsyncSequence<[UInt8], any Error> & Sendable)?,
        onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> Bool {
        try await uploadPacks.enter(as: caller)
        defer { uploadPacks.leave(as: caller) }
        let directory = directory(of: key)
        var environment = GitEnvironment(repository: directory)
        environment["GIT_PROTOCOL"] = GitProtocolVersion.validated(header: protocolVersion)
        for (setting, value) in Self.uploadPackSettings { environment.set(setting, value) }
        var arguments = ["upload-pack", "--strict"]
        if isStateless { arguments.append("--stateless-rpc") }
        if advertise { arguments.append("--http-backend-info-refs") }
        arguments.append(directory)
        var hasAnswered = false
        let outcome = try await process.run(
            arguments, environment: environment.all, limits: GitProcess.Limits(fileSize: 1 << 20), input: request
        ) { bytes in
            hasAnswered = true
            try await onOutput(bytes)
        }
        if let failure = outcome.inputFailure { throw failure }
        guard outcome.status.isSuccess else {
            // git says `ERR` or side-band 3 and exits with 128; a signal says nothing to the client.
            if case .exited = outcome.status, hasAnswered { return false }
            throw failure(of: "upload-pack", outcome, in: key)
        }
        return true
    }

    private static let uploadPackSettings = [
        ("uploadpack.allowFilter", "true"),
        // Cheap filters only: sparse:oid and deep trees cost the server a walk that the client chooses.
        ("uploadpackfilter.allow", "false"),
        ("uploadpackfilter.blob:none.allow", "true"),
        ("uploadpackfilter.blob:limit.allow", "true"),
        ("uploadpackfilter.object:type.allow", "true"),
        ("uploadpackfilter.tree.allow", "true"),
        ("uploadpackfilter.tree.maxDepth", "0"),
        // A want must be reachable from what is advertised. Version 2 takes any stored object all the same, so
        // nothing that a reader of the repository may not see is stored in it.
        ("uploadpack.allowAnySHA1InWant", "false"),
        ("uploadpack.allowReachableSHA1InWant", "false"),
        ("uploadpack.allowTipSHA1InWant", "false"),
        ("uploadpack.hideRefs", "refs/hub"),
        ("uploadpack.keepAlive", "5"),
    ]
}
