extension RepositoryService {
    /// Makes the refs ready for `git upload-pack`: fresh by policy, passed by the gate, copied beside the objects.
    /// - Parameter history: also fetches everything the refs name. Before version 2 the protocol tells a client at
    ///   discovery where history is cut, before it says how much it wants.
    /// - Throws: what the gate decides on the repository, and on the default branch's whole tree where there is one.
    package func prepareUploadPack(of opened: Repository, history: Bool) async throws -> Freshness {
        try requireWholeReading(opened)
        let (refs, freshness) = try await refs(of: opened)
        try await checkName(of: opened, at: nil, .tree)
        try await requireUnburied(nil, of: opened)
        let repository = opened.isMirror ? try await current(opened).repository : opened
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
    /// - Throws: what the gate decides about the whole tree of a wanted commit: a branch or an old commit may be refused
    ///   where the default branch is not.
    package func prepare(_ request: UploadPackRequest, of repository: Repository) async throws {
        try requireWholeReading(repository)
        guard repository.isMirror, let source else {
            try await requireShown(request.wants, in: repository)
            try await requireUnburied(wants: request.wants, history: request.wantsHistory, of: repository)
            return try await notePulls(of: request.wants, in: repository)
        }
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
        try await requireUnburied(wants: request.wants, history: request.wantsHistory, of: repository)
        try await checkTransport(of: request.wants, of: repository)
        try await notePulls(of: request.wants, in: repository)
    }

    /// Trees and blobs that a partial clone comes back for are of commits that passed before.
    private func checkTransport(of wants: [ObjectID], of repository: Repository) async throws {
        guard gate != nil else { return }
        let refs = try await store.refs(of: repository.key)
        for want in Set(wants) {
            guard let commit = try await git.peelToCommit(want, in: repository.key) else { continue }
            let names = refs.filter { $0.target == want || $0.peeled == want }.map { Revision.name($0.name.shortName) }
            try await checkTree(of: commit, asAnyOf: names.isEmpty ? [.commit(commit)] : names, of: repository)
        }
    }

    /// A commit that several branches name is transported when it may be as one of them.
    private func checkTree(of commit: CommitID, asAnyOf names: [Revision], of repository: Repository) async throws {
        var refusal: HubError?
        for name in names {
            do {
                return try await check(.tree, commit: commit, revision: name, of: repository)
            } catch let error as HubError where error.code == .policyDenied || error.code == .policyReview {
                refusal = refusal ?? error
            }
        }
        if let refusal { throw refusal }
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
        try await git.advertiseUploadPack(
            in: repository.key, protocolVersion: protocolVersion, for: repository.principal.share, onOutput: onOutput)
    }

    /// Answers one request of `git upload-pack` on a prepared repository.
    /// - Parameters:
    ///   - fetch: what the body asks.
    ///   - protocolVersion: the client's `Git-Protocol` header.
    ///   - body: the client's body, inflated.
    package func uploadPack(
        _ fetch: UploadPackRequest, of repository: Repository, protocolVersion: String?, body: [UInt8],
        onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        try await git.answer(
            fetch, in: repository.key, protocolVersion: protocolVersion, for: repository.principal.share, body: body,
            onOutput: onOutput)
    }
}
