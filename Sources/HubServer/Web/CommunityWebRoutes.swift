import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: discussions and pull requests.
struct CommunityWebRoutes: Sendable {
    let web: WebContext

    private static let pageSize = 30

    var routes: [Route] {
        RepositoryScene.kinds.flatMap { kind, word -> [Route] in
            let base = "/\(word)/{namespace}/{name}"
            return [
                Route(.get, base + "/discussions", .repository(.metaRead), errors: web.errors) {
                    try await list($0, kind)
                },
                Route(.get, base + "/discussions/new", .repository(.discuss), errors: web.errors) {
                    try await newPage($0, kind)
                },
                Route(.post, base + "/discussions", .repository(.discuss), errors: web.errors) {
                    try await open($0, kind)
                },
            ] + ThreadRoutes(web: web).routes(for: kind, at: base)
        }
    }

    private var discussions: Discussions {
        Discussions(repositories: web.gateway.repositories, authorizer: web.gateway.authorizer)
    }

    private func list(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, kind, web, .metaRead)
        var query = DiscussionQuery()
        query.kind = request.query.first("kind").flatMap(DiscussionQuery.Kind.init(rawValue:)) ?? .all
        query.state = request.query.first("state").flatMap(DiscussionQuery.State.init(rawValue:)) ?? .open
        query.offset = try request.query.integer("offset", in: 0...1_000_000) ?? 0
        query.limit = Self.pageSize
        let (found, total) = try await discussions.list(query, of: scene.repository)
        let mayTakePart =
            !scene.repository.isMirror
            ? try await web.gateway.authorizer.explain(scene.principal, .discuss, scene.repository.id)?.isAllowed
                ?? false : false
        let page = DiscussionListPage(
            header: scene.header, discussions: found.map { DiscussionSummary($0) }, total: total,
            kind: query.kind.rawValue, state: query.state.rawValue, offset: query.offset, limit: Self.pageSize,
            mayTakePart: mayTakePart)
        return try await web.page(request) { page.page($0) }
    }

    private func newPage(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, kind, web, .discuss)
        let isPullRequest = request.query.first("kind") == "pull_request"
        let page = NewDiscussionPage(
            header: scene.header, isPullRequest: isPullRequest,
            branches: isPullRequest ? try await branches(scene) : [], from: request.query.first("from") ?? "",
            into: request.query.first("into") ?? "")
        return try await web.page(request) { page.page($0) }
    }

    /// The branches that the reader may read.
    private func branches(_ scene: RepositoryScene) async throws -> [String] {
        do {
            let readable = try await web.gateway.authorizer.open(
                scene.principal, .contentRead, scene.repository.id)
            return try await web.gateway.repositories.refs(of: readable).refs.filter(\.name.isBranch)
                .map(\.name.shortName)
        } catch let error as HubError where error.status < 500 {
            return []
        }
    }

    private func open(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, kind, web, .discuss)
        let form = try await web.form(request, upTo: 512 << 10)
        let isPullRequest = form.first("kind") == "pull_request"
        let text = form.text("text").replacing("\r\n", with: "\n")
        let address = scene.header.address("discussions")
        do {
            let location = try await web.submissions.once(form, at: request.rawPath, now: web.gateway.hub.clock.now()) {
                guard isPullRequest else {
                    let opened = try await discussions.open(
                        title: form.text("title"), description: text, in: scene.repository)
                    return "\(address)/\(opened.num)"
                }
                guard let head = RefName.branch(form.text("from")), let base = RefName.branch(form.text("into")) else {
                    throw HubError(.revisionNotFound, "A pull request goes from one branch into another.")
                }
                let opened = try await discussions.openPullRequest(
                    title: form.text("title"), description: text, from: head, into: base, in: scene.repository)
                return "\(address)/\(opened.num)"
            }
            return web.seeOther(location)
        } catch let error as HubError where error.belongsToForm {
            var page = NewDiscussionPage(
                header: scene.header, isPullRequest: isPullRequest,
                branches: isPullRequest ? try await branches(scene) : [], title: form.text("title"), text: text,
                from: form.text("from"), into: form.text("into"))
            page.problem = (error.message, error.remedy)
            page.status = error.status
            return try await web.page(request) { [page] in page.page($0) }
        }
    }
}
