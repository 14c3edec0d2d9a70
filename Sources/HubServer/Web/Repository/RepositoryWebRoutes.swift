import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: what a repository is: its card, files, history, lineage.
struct RepositoryWebRoutes: Sendable {
    let web: WebContext

    typealias Answer = @Sendable (RepositoryScene, HubRequest, PageContext) async throws -> Page

    var routes: [Route] {
        [Route(.get, "/{namespace}/{name}", .open, errors: web.errors, handler: short)]
            + RepositoryScene.kinds.flatMap { routes(of: $0.kind, below: "/\($0.word)/{namespace}/{name}") }
    }

    private func routes(of kind: RepositoryKind, below base: String) -> [Route] {
        func page(_ path: String, _ verb: Verb, _ answer: @escaping Answer) -> Route {
            Route(.get, base + path, .repository(verb), errors: web.errors) { request in
                try await show(request, kind, verb, answer)
            }
        }
        let card = RepositoryCardPages(web: web)
        let files = RepositoryFilePages(web: web)
        let history = RepositoryHistoryPages(web: web)
        return [
            Route(.get, base, .repository(.metaRead), errors: web.errors) { try await card.show($0, kind, self) },
            page("/snippets", .metaRead, card.snippets),
            page("/tree/{revision}/{path...}", .metaRead, files.tree),
            Route(.get, base + "/blob/{revision}/{path...}", .repository(.contentRead), errors: web.errors) {
                try await files.blob($0, kind, self)
            },
            page("/blame/{revision}/{path...}", .contentRead, history.blame),
            page("/commits/{revision}", .metaRead, history.commits),
            page("/commit/{id}", .contentRead, history.commit),
            page("/compare/{range}", .contentRead, history.compare),
            page("/branches", .metaRead, history.branches),
            page("/lineage", .metaRead, RepositoryLineagePages(web: web).lineage),
            page("/integrity", .metaRead, RepositoryLineagePages(web: web).integrity),
            Route(.post, base + "/mirror", .hub(.mirrorSync), errors: web.errors) {
                try await card.mirror($0, kind)
            },
        ]
    }

    /// Opens the repository and shows a page of it, or what policy says against it.
    func show(_ request: HubRequest, _ kind: RepositoryKind, _ verb: Verb, _ answer: Answer) async throws
        -> HubResponse
    {
        try await web.page(request) { context in
            try await orBlocked(request, kind, context) {
                try await answer(try await RepositoryScene.open(request, kind, web, verb), request, context)
            }
        }
    }

    /// What policy keeps back is told on a page of its own, with the rule and what can be done about it.
    func orBlocked(
        _ request: HubRequest, _ kind: RepositoryKind, _ context: PageContext, _ body: () async throws -> Page
    ) async throws -> Page {
        do {
            return try await body()
        } catch let error as HubError {
            guard let reason = Self.reason(error) else { throw error }
            let id = try RepositoryScene.id(request, kind, try await request.principal())
            // Nothing is told of it that its name does not tell.
            let header = RepositoryHeader(
                kind: RepositoryHeader.Kind(rawValue: kind.plural) ?? .models, namespace: id.namespace, name: id.name,
                state: reason == .review || reason == .quarantined || reason == .scanning ? .quarantined : .blocked)
            return BlockedPage(
                header: header, reason: reason, status: error.status, code: error.code.rawValue,
                message: error.message, remedy: error.remedy, name: id.description,
                revision: request.parameters["revision"], mayRequest: context.visitor != nil
            ).page(context)
        }
    }

    private static func reason(_ error: HubError) -> BlockedPage.Reason? {
        switch error.code {
        case .policyDenied: .denied
        case .policyReview: error.message.contains("quarantine") ? .quarantined : .review
        case .scanPending: .scanning
        case .buried: .buried
        default: nil
        }
    }

    /// `/acme/demo` is a model, as at the hubs that people come from.
    private func short(_ request: HubRequest) async throws -> HubResponse {
        let (namespace, name) = (try request.parameter("namespace"), try request.parameter("name"))
        guard !RepositoryID.reservedNamespaces.contains(RepositoryID.key(namespace)),
            RepositoryID(kind: .model, namespace: namespace, name: name) != nil
        else { throw HubError(.notFound, "There is nothing at \(request.path).") }
        let query = request.query.pairs.isEmpty ? "" : "?\(request.query.encoded)"
        return .redirect(to: "/models/\(URLText.component(namespace))/\(URLText.component(name))\(query)")
    }
}
