import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// One repository as a page shows it: opened for its reader, with what stands above every page of it.
///
///     let scene = try await RepositoryScene.open(request, kind, web)
///     let snapshot = try await scene.snapshot(at: request.parameters["revision"])
struct RepositoryScene: Sendable {
    let web: WebContext
    let principal: Principal
    /// Opened by the authorizer for the verb that was asked for.
    let repository: Repository
    var header: RepositoryHeader

    /// The kinds of the website, each with the word of its addresses.
    static let kinds: [(kind: RepositoryKind, word: String)] = RepositoryKind.allCases.map { ($0, $0.plural) }

    /// Opens the repository that `{namespace}` and `{name}` of the matched path name.
    /// - Throws: what the authorizer decides.
    static func open(
        _ request: HubRequest, _ kind: RepositoryKind, _ web: WebContext, _ verb: Verb = .metaRead
    ) async throws -> RepositoryScene {
        let principal = try await request.principal()
        let repository = try await web.gateway.authorizer.open(
            principal, verb, try id(request, kind, principal))
        return try await RepositoryScene(repository, principal, web)
    }

    /// The name in the path.
    /// - Throws: `.repositoryNotFound` for impossible names too: they exist as little as free ones.
    static func id(_ request: HubRequest, _ kind: RepositoryKind, _ principal: Principal) throws -> RepositoryID {
        let (namespace, name) = (try request.parameter("namespace"), try request.parameter("name"))
        guard let id = RepositoryID(kind: kind, namespace: namespace, name: name) else {
            throw RepositoryAccess.notFound("\(namespace)/\(name)", kind, principal)
        }
        return id
    }

    init(_ repository: Repository, _ principal: Principal, _ web: WebContext) async throws {
        self.web = web
        self.principal = principal
        self.repository = repository
        header = try await RepositoryHeader(of: repository, principal, web.gateway)
    }

    /// The repository at a revision.
    /// - Parameter text: as the address has it; nil for the default branch.
    /// - Throws: `.revisionNotFound`; what the gate decides, or why the upstream cannot be asked.
    func snapshot(at text: String? = nil) async throws -> Snapshot {
        let revision = try text.map { text in
            guard let revision = Revision(text) else {
                throw HubError(.revisionNotFound, "'\(text)' is not a revision of \(repository.id).")
            }
            return revision
        }
        return try await web.gateway.repositories.snapshot(of: repository, at: revision)
    }
}

extension RepositoryHeader {
    /// What is known of a repository without opening a commit and without asking an upstream.
    init(of repository: Repository, _ principal: Principal, _ gateway: Gateway) async throws {
        let store = gateway.hub.store
        let summary = try await store.summary(of: repository)
        let id = repository.id
        self.init(
            kind: Kind(rawValue: id.kind.plural) ?? .models, namespace: id.namespace, name: id.name,
            isPrivate: repository.isPrivate, isGated: repository.gating != .open, commit: summary.head?.hex,
            likes: repository.likes, defaultBranch: summary.repository.defaultBranch)
        mayWrite = try await gateway.authorizer.explain(principal, .contentWrite, id)?.isAllowed ?? false
        maySettings = try await gateway.authorizer.explain(principal, .settings, id)?.isAllowed ?? false
        var open = DiscussionQuery()
        open.state = .open
        open.limit = 1
        let discussions = Discussions(repositories: gateway.repositories, authorizer: gateway.authorizer)
        openDiscussions = try? await discussions.list(open, of: repository).total
        guard case .mirror(let mirror) = repository.origin else { return }
        upstream = mirror.upstream
        upstreamPath = mirror.path
        let entry = try await gateway.hub.catalogue.entry(
            mirror: mirror.mirror, upstream: mirror.upstream, kind: id.kind, path: mirror.path)
        let known = try await gateway.repositories.storedCommit(
            of: .name(defaultBranch), in: repository)
        upstreamCommit = (entry?.local?.newerCommit ?? known ?? entry?.description.commit)?.hex
        let job = try await gateway.jobs.latest(of: "sync", about: [id])[id]
        var judgement: RepositoryJudgement?
        if let entry, let local = entry.local {
            judgement = try await gateway.judgements(of: [local.key: entry], user: principal.user?.name)[local.key]
        }
        stateDetail = try await store.mirrorState(of: repository.key)?.failure
        if let kept = MirrorState.kept(judgement?.whole, judgement?.file) {
            state = kept.state
            stateDetail = kept.reason
        } else if let job, job.state == .queued || job.state == .running {
            state = .syncing
        } else if commit == nil {
            state = .notMirrored
        } else if let local = entry?.local, local.isBehind {
            state = .behind(local.changesBehind.map { Int(clamping: $0) })
        } else if upstreamCommit != commit {
            state = .behind(nil)
        } else {
            state = .mirrored
        }
    }
}
