import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// `/new`: a repository of one's own.
struct CreationRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        [
            Route(.get, "/new", .authenticated, errors: web.errors, handler: page),
            Route(.post, "/new", .authenticated, errors: web.errors, handler: create),
        ]
    }

    private func page(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.signedIn()
        let owners = try await owners(principal)
        let asked = request.query.first("owner")
        let owner = asked.flatMap { owners.contains($0) ? $0 : nil } ?? owners.first ?? ""
        let kind = request.query.first("kind").flatMap(RepositoryHeader.Kind.init(rawValue:)) ?? .models
        return try await web.page(request) { context in
            NewRepositoryPage(owners: owners, kind: kind, owner: owner).page(context)
        }
    }

    /// The reader himself, and the organisations in which he may create.
    private func owners(_ principal: Principal) async throws -> [String] {
        guard let user = principal.user else { return [] }
        var names = [user.name]
        let memberships = try await web.gateway.hub.store.organisations.memberships(of: user, seenBy: principal)
        for membership in memberships {
            let decision = try await web.gateway.authorizer.decide(
                principal, .contentWrite, in: membership.organisation.name)
            if decision.isAllowed { names.append(membership.organisation.name) }
        }
        return names
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.signedIn()
        let form = try await web.form(request)
        let t = L10n(WebPreferences(request).language)
        var page = NewRepositoryPage(
            owners: try await owners(principal),
            kind: form.first("kind").flatMap(RepositoryHeader.Kind.init(rawValue:)) ?? .models,
            owner: form.text("owner"), name: form.text("name"), visibility: form.text("visibility"),
            license: form.text("license"))
        guard let kind = RepositoryKind(word: page.kind.rawValue) else { throw HubError(.badRequest, "No such kind.") }
        guard RepositoryID.isValidName(page.owner) else {
            page.ownerProblem = t.repositoryNameInvalid
            page.status = 422
            return try await web.page(request) { [page] in page.page($0) }
        }
        guard let id = RepositoryID(kind: kind, namespace: page.owner, name: page.name) else {
            page.nameProblem = t.repositoryNameInvalid
            page.status = 422
            return try await web.page(request) { [page] in page.page($0) }
        }
        var initial = InitialFiles()
        if CardReviewPanel.Field.license.choices.contains(page.license) {
            initial.card.append(("license", page.license))
        }
        let visibility = Repository.Visibility(rawValue: page.visibility)
        do {
            let location = try await web.submissions.once(form, at: "/new", now: web.gateway.hub.clock.now()) {
                [initial] in
                let made = try await web.gateway.repositories.create(
                    id, visibility: visibility, holding: initial, by: principal, authorizer: web.gateway.authorizer)
                return "/\(made.id.kind.plural)/\(made.id.path)"
            }
            return web.seeOther(location)
        } catch let error as HubError where error.belongsToForm {
            page.status = error.status
            if error.code == .conflict {
                page.nameProblem = t.repositoryTaken(id.path)
            } else {
                page.problem = (error.message, error.remedy)
            }
            return try await web.page(request) { [page] in page.page($0) }
        }
    }
}
