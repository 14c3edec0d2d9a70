import HTTPTypes
import HubCore

/// `GET /api/authz/explain?repo=model:acme/demo&verb=content.write[&path=a/b][&ref=main][&user=bob]`: what is
/// decided, and what decided it.
///
/// Everyone asks about himself; administrators about anybody, as if with a token that carries all his rights.
struct AccessExplanationRoute: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        [Route(.get, "/api/authz/explain", .authenticated, errors: context.errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let name = request.query.first("repo") ?? ""
        guard let id = RepositoryID(parsing: name) ?? RepositoryID(kind: .model, path: name) else {
            throw HubError(.badRequest, "'\(name)' does not name a repository.", remedy: "Write repo=model:acme/demo.")
        }
        guard let verb = Verb(rawValue: request.query.first("verb") ?? "") else {
            throw HubError(
                .badRequest, "The verb is missing or unknown.",
                remedy: "Use one of \(Verb.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        var subject = principal
        var isActive = true
        let isAboutOthers = request.query.first("user") != nil
        if let user = request.query.first("user") {
            guard principal.isAdministrator else {
                throw HubError(.forbidden, "Only administrators may ask what others may do.")
            }
            guard let record = try await context.identities.userRecord(named: user) else {
                throw HubError(.notFound, "There is no user called '\(user)'.")
            }
            isActive = !record.isDisabled
            subject = Principal(
                user: record.user,
                token: TokenGrant(
                    id: 0, name: "explain", scope: record.user.isAdministrator ? .admin : .write, createdAt: 0))
        }
        let decision = try await context.authorizer.explain(
            subject, verb, id, path: try Self.path(of: request), ref: try Self.ref(of: request), isActive: isActive)
        // Who asks about himself learns nothing of what he may not see (S3).
        guard let decision, isAboutOthers || decision.outcome != .hidden else {
            throw Authorizer.notFound(id, principal)
        }
        return .json { json in
            json.object { json in
                json.member("repo", id.description)
                json.member("verb", verb.rawValue)
                json.member("user", subject.label)
                json.member("allowed", decision.isAllowed)
                json.member("outcome", decision.outcome.rawValue)
                json.member("rule", decision.reason.code)
                json.member("reason", decision.reason.text)
            }
        }
    }

    private static func path(of request: HubRequest) throws -> GitPath? {
        try request.query.first("path").map { text in
            guard let path = GitPath(text) else { throw HubError(.badRequest, "'\(text)' is no path of a file.") }
            return path
        }
    }

    private static func ref(of request: HubRequest) throws -> RefName? {
        try request.query.first("ref").map { text in
            guard let ref = text.hasPrefix("refs/") ? RefName(text) : RefName.branch(text) else {
                throw HubError(.badRequest, "'\(text)' is no ref.")
            }
            return ref
        }
    }
}
