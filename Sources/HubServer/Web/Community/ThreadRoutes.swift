import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// One discussion or pull request: reading it, taking part, merging.
struct ThreadRoutes: Sendable {
    let web: WebContext

    private static let formLimit = 512 << 10

    func routes(for kind: RepositoryKind, at base: String) -> [Route] {
        let path = base + "/discussions/{num}"
        return [
            Route(.get, path, .repository(.metaRead), errors: web.errors) { request in
                let scene = try await RepositoryScene.open(request, kind, web, .metaRead)
                return try await show(request, scene, try DiscussionPath.number(request))
            },
            Route(.post, path, .repository(.discuss), errors: web.errors) { try await change($0, kind) },
            Route(.post, path + "/merge", .repository(.contentWrite), errors: web.errors) {
                try await merge($0, kind)
            },
        ]
    }

    private var authorizer: Authorizer { web.gateway.authorizer }
    private var discussions: Discussions {
        Discussions(repositories: web.gateway.repositories, authorizer: authorizer)
    }

    // MARK: Reading

    private func show(
        _ request: HubRequest, _ scene: RepositoryScene, _ number: Int64, draft: String = "", problem: HubError? = nil
    ) async throws -> HubResponse {
        let t = L10n(WebPreferences(request).language)
        let (discussion, events) = try await discussions.details(number, of: scene.repository)
        let principal = scene.principal
        let mayTakePart = try await isAllowed(principal, .discuss, scene)
        let isModerator = scene.header.mayWrite && !scene.repository.isMirror
        let isOwn = discussion.author != nil && discussion.author == principal.user?.name
        var page = ThreadPage(
            header: scene.header, summary: DiscussionSummary(discussion),
            events: events.map { ThreadPage.Event($0) },
            pullRequest: try await pullRequest(discussion, scene, mayMerge: isModerator, t),
            mayTakePart: mayTakePart, mayChange: isModerator || isOwn, isModerator: isModerator,
            showsChanges: request.query.first("view") == "changes", draft: draft)
        if let problem {
            page.problem = [problem.message, problem.remedy].compactMap(\.self).joined(separator: " ")
            page.status = problem.status
        }
        return try await web.page(request) { [page] in page.page($0) }
    }

    private func isAllowed(_ principal: Principal, _ verb: Verb, _ scene: RepositoryScene) async throws -> Bool {
        guard !scene.repository.isMirror else { return false }
        return try await authorizer.explain(principal, verb, scene.repository.id)?.isAllowed ?? false
    }

    private func pullRequest(
        _ discussion: Discussion, _ scene: RepositoryScene, mayMerge: Bool, _ t: L10n
    ) async throws -> ThreadPage.PullRequest? {
        guard let pull = discussion.pullRequest else { return nil }
        var checks: [ThreadPage.Check] = []
        var patch: String?
        do {
            let readable = try await authorizer.open(scene.principal, .contentRead, scene.repository.id)
            patch = try await discussions.difference(of: discussion, in: readable)
            checks = try await PullRequestChecks(gateway: web.gateway, discussions: discussions, t: t).checks(
                of: discussion, in: readable, mayMerge: mayMerge)
        } catch let error as HubError where error.status < 500 {
            // He may know of it and not read it.
        }
        return ThreadPage.PullRequest(
            base: pull.base.shortName, ref: pull.ref.name, mergeCommit: pull.mergeCommit?.hex, checks: checks,
            mayMerge: mayMerge, patch: patch)
    }

    // MARK: Taking part

    private func change(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, kind, web, .discuss)
        let number = try DiscussionPath.number(request)
        let form = try await web.form(request, upTo: Self.formLimit)
        let address = "\(scene.header.address("discussions"))/\(number)"
        do {
            let location = try await web.submissions.once(form, at: request.rawPath, now: web.gateway.hub.clock.now()) {
                try await apply(form, to: number, in: scene.repository, at: address)
            }
            return web.seeOther(location)
        } catch let error as HubError where error.belongsToForm && error.code != .notFound {
            return try await show(request, scene, number, draft: form.text("text"), problem: error)
        }
    }

    private func apply(_ form: WebForm, to number: Int64, in repository: Repository, at address: String) async throws
        -> String
    {
        let text = form.text("text").replacing("\r\n", with: "\n")
        switch form.first("action") {
        case "comment":
            let event = try await discussions.comment(text, on: number, in: repository)
            return "\(address)#event-\(event.id)"
        case "edit":
            let event = try await discussions.edit(try Self.comment(form), to: text, on: number, in: repository)
            return "\(address)#event-\(event.id)"
        case "hide":
            let event = try await discussions.hide(try Self.comment(form), on: number, in: repository)
            return "\(address)#event-\(event.id)"
        case "unhide":
            let event = try await discussions.unhide(try Self.comment(form), on: number, in: repository)
            return "\(address)#event-\(event.id)"
        case "title":
            _ = try await discussions.rename(number, to: form.text("title"), in: repository)
            return "\(address)?done=saved"
        case "open":
            _ = try await discussions.setStatus(.open, comment: text, of: number, in: repository)
            return address
        case "close":
            _ = try await discussions.setStatus(.closed, comment: text, of: number, in: repository)
            return address
        default: throw HubError(.badRequest, "The form does not say what is to be done.")
        }
    }

    private static func comment(_ form: WebForm) throws -> CommunityID {
        guard let id = CommunityID(form.text("comment")) else {
            throw HubError(.notFound, "There is no such comment.")
        }
        return id
    }

    private func merge(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, kind, web, .contentWrite)
        let number = try DiscussionPath.number(request)
        let form = try await web.form(request)
        do {
            let location = try await web.submissions.once(form, at: request.rawPath, now: web.gateway.hub.clock.now()) {
                switch try await discussions.merge(number, comment: form.first("text"), in: scene.repository) {
                case .merged: return "\(scene.header.address("discussions"))/\(number)?done=merged"
                case .conflicts(let paths):
                    throw HubError(
                        .conflict,
                        "The branch changed the same files: \(paths.prefix(20).joined(separator: ", ")).",
                        remedy: "Bring the pull request up to date with its base first.")
                }
            }
            return web.seeOther(location)
        } catch let error as HubError where error.belongsToForm && error.code != .notFound {
            return try await show(request, scene, number, problem: error)
        }
    }
}

extension DiscussionSummary {
    init(_ discussion: Discussion) {
        self.init(
            number: discussion.num, title: discussion.title,
            state: DiscussionState(rawValue: discussion.status.rawValue) ?? .open,
            isPullRequest: discussion.isPullRequest, author: discussion.author, createdAt: discussion.createdAt,
            comments: discussion.eventCount)
    }
}

extension ThreadPage.Event {
    init(_ event: DiscussionEvent) {
        let content: Content
        switch event.content {
        case .comment(let text, let edits, let isHidden):
            content = .comment(
                text: text, edits: edits, isHidden: isHidden, hiddenBy: event.hiding?.author,
                concealed: event.concealed)
        case .status(let status): content = .status(DiscussionState(rawValue: status.rawValue) ?? .open)
        case .commit(let subject, let id): content = .commit(subject: subject, id: id)
        case .title(let from, let to): content = .title(from: from, to: to)
        }
        self.init(id: event.id.description, content: content, author: event.author, at: event.createdAt)
    }
}
