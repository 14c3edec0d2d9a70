import HubCore

/// What every reading route needs: the door, the reads behind it, and how an answer shows its commit and age.
struct RepositoryAccess: Sendable {
    let authorizer: Authorizer
    let repositories: RepositoryService
    let store: RepositoryStore
    let clock: WallClock
    let errors: any ErrorRendering

    /// Opens the repository that `{namespace}` and `{name}` of the matched path name.
    /// - Throws: `.repositoryNotFound` for impossible names too: they exist as little as free ones.
    func open(_ request: HubRequest, _ kind: RepositoryKind, _ verb: Verb) async throws -> Repository {
        let principal = try await request.principal()
        let namespace = try request.parameter("namespace")
        let name = try request.parameter("name")
        guard let id = RepositoryID(kind: kind, namespace: namespace, name: name) else {
            throw Self.notFound("\(namespace)/\(name)", kind, principal)
        }
        return try await authorizer.open(principal, verb, id)
    }

    /// Opens the repository at a revision and answers from there, with the headers a snapshot's answer carries.
    ///
    /// - Parameters:
    ///   - revision: as the client wrote it; nil for the default branch.
    ///   - isKept: whether the same answer may be given again while nothing changes.
    func answer(
        _ request: HubRequest, _ kind: RepositoryKind, _ verb: Verb, at revision: String?, isKept: Bool = false,
        _ body: (Snapshot) async throws -> HubResponse
    ) async throws -> HubResponse {
        let repository = try await open(request, kind, verb)
        let snapshot = try await snapshot(of: repository, at: revision)
        return try await answer(request, from: snapshot, isKept: isKept, body)
    }

    /// Answers from a snapshot. A missing file is told with the commit that lacks it, which clients remember.
    func answer(
        _ request: HubRequest, from snapshot: Snapshot, isKept: Bool = false,
        _ body: (Snapshot) async throws -> HubResponse
    ) async throws -> HubResponse {
        var response: HubResponse
        do {
            response = try await body(snapshot)
            // What is ours changes in the database alone.
            if isKept, !snapshot.repository.isMirror, snapshot.freshness == .fresh { AnswerConditions.keep() }
        } catch let error as HubError where error.code == .entryNotFound {
            response = errors.render(error, for: request)
        }
        response.headers["X-Repo-Commit"] = snapshot.commit.hex
        return response.showing(snapshot.freshness, now: clock.now())
    }

    /// - Throws: `.revisionNotFound` for what git would not take as a name, too.
    func snapshot(of repository: Repository, at text: String?) async throws -> Snapshot {
        var revision: Revision?
        if let text {
            guard let parsed = Revision(text) else {
                throw HubError(.revisionNotFound, "'\(text)' is not a revision of \(repository.id).")
            }
            revision = parsed
        }
        return try await repositories.snapshot(of: repository, at: revision)
    }

    /// The error for a name that no repository can have: like that for one nobody has (S3).
    static func notFound(_ path: String, _ kind: RepositoryKind, _ principal: Principal) -> HubError {
        HubError(
            .repositoryNotFound, "The \(kind.rawValue) repository \(path) does not exist, or you may not see it.",
            remedy: principal.isAnonymous ? "Sign in with a token if it is private." : nil,
            status: principal.isAnonymous ? 401 : 404)
    }
}
