extension RepositoryService {
    /// Makes the refs ready for `git upload-pack`: fresh by policy, passed by the gate, copied beside the objects.
    /// - Parameter history: also fetches everything the refs name. Before version 2 the protocol tells a client at
    ///   discovery where history is cut, before it says how much it wants.
    /// - Throws: what the gate decides on the repository, and on the default branch's whole tree where there is one.
    package func prepareUploadPack(of repository: Repository, history: Bool) async throws -> Freshness {
        let (refs, freshness) = try await refs(of: repository)
        try await checkName(of: repository, .tree)
        let head = RefName.branch(repository.defaultBranch)
        if repository.isMirror, refs.contains(where: { $0.name == head }) {
            let snapshot = try await snapshot(of: repository, at: nil)
            try await check(.tree, commit: snapshot.commit, revision: snapshot.revision, of: repository)
        }
        if history, repository.isMirror, let source, !refs.isEmpty {
            try await source.acquire(refs.map(\.target), of: repository, history: true)
        }
        try await git.publish(refs: refs, head: head, hidden: [], in: repository.key)
        return freshness
    }

    /// Makes what a fetch wants available: the wanted commits, with its history unless the client asks for the tip only.
    package func prepare(_ request: UploadPackRequest, of repository: Repository) async throws {
        guard repository.isMirror, let source else { return }
        var missing: [ObjectID] = []
        for want in request.wants {
            if try await git.contains(want, in: repository.key) {
                // A partial clone comes back for single blobs and trees, which are here with their commit.
                guard request.wantsHistory, let commit = try await git.peelToCommit(want, in: repository.key) else {
                    continue
                }
                missing.append(commit)
            } else {
                missing.append(want)
            }
        }
        missing += try await tags(beside: request, of: repository)
        if !missing.isEmpty {
            try await source.acquire(missing, of: repository, history: request.wantsHistory)
        }
        try await checkWants(of: request, in: repository)
    }

    /// Passes every commit that a fetch wants by the gate: git must not carry what the other surfaces refuse.
    ///
    /// A commit that several refs name may leave when it may under one of the names.
    private func checkWants(of request: UploadPackRequest, in repository: Repository) async throws {
        guard gate != nil else { return }
        let refs = try await store.refs(of: repository.key)
        for want in request.wants {
            guard let commit = try await git.peelToCommit(want, in: repository.key) else { continue }
            let names = refs.filter { ($0.peeled ?? $0.target) == commit }.map(\.name)
            var refusal: (any Error)?
            for revision in names.isEmpty ? [.commit(commit)] : names.map(Self.revision(naming:)) {
                do {
                    try await check(.tree, commit: commit, revision: revision, of: repository)
                    refusal = nil
                    break
                } catch let error as HubError where error.code == .policyDenied || error.code == .policyReview {
                    refusal = refusal ?? error
                }
            }
            if let refusal { throw refusal }
        }
    }

    /// A ref as people ask for it, which is how rules name it.
    private static func revision(naming ref: RefName) -> Revision {
        ref.isBranch || ref.isTag ? .name(ref.shortName) : .ref(ref)
    }

    /// Annotated tags that `git` adds to the pack by itself (`include-tag`): it reads them, so they must be here.
    /// With history any tag may lie on the way; without, only those of the wanted commits.
    private func tags(beside request: UploadPackRequest, of repository: Repository) async throws -> [ObjectID] {
        let wants = Set(request.wants)
        return try await store.refs(of: repository.key).filter { ref in
            ref.peeled.map { $0 != ref.target && (request.wantsHistory || wants.contains($0)) } ?? false
        }.map(\.target)
    }

    /// Runs the discovery of `git upload-pack` on a prepared repository, without the `# service` line.
    package func advertiseUploadPack(
        of repository: Repository, protocolVersion: String?, onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        try await git.advertiseUploadPack(in: repository.key, protocolVersion: protocolVersion, onOutput: onOutput)
    }

    /// Runs `git upload-pack` for one request on a prepared repository.
    /// - Parameters:
    ///   - protocolVersion: the client's `Git-Protocol` header.
    ///   - request: the client's body, inflated.
    package func uploadPack(
        of repository: Repository, protocolVersion: String?,
        request: some AsyncSequence<[UInt8], any Error> & Sendable, onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        try await git.uploadPack(
            in: repository.key, protocolVersion: protocolVersion, advertise: false, request: request,
            onOutput: onOutput)
    }
}
