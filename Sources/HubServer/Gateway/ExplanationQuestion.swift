import HubCore
import MirrorGateway

/// Asks why policy lets something pass or not, whatever asks: REST or pages.
struct ExplanationQuestion: Sendable {
    /// As in `model:acme/demo`.
    var repository: String
    /// For whom; nil for who asks.
    var user: String?
    var revision: String?
    var file: String?

    /// - Throws: `.notFound` without policy files, `.badRequest`, `.forbidden` for who asks about others.
    func answer(for principal: Principal, _ gateway: Gateway) async throws -> Explanation {
        guard let policies = gateway.policies, let gate = gateway.gate else {
            throw HubError(.notFound, "This hub has no policy files.")
        }
        guard let id = RepositoryID(parsing: repository) ?? RepositoryID(kind: .model, path: repository) else {
            throw HubError(
                .badRequest, "'\(repository)' does not name a repository.", remedy: "Write repo=model:acme/demo.")
        }
        if let user, user != principal.user?.name, !principal.isAdministrator {
            throw HubError(.forbidden, "Only administrators may ask what others get.")
        }
        let revision = try revision.map { text in
            guard let revision = Revision(text) else { throw HubError(.badRequest, "'\(text)' is not a revision.") }
            return revision
        }
        // Asking what is decided must not fetch anything: only what is stored is looked at.
        let stored = Authorizer(store: gateway.hub.store, source: nil)
        let local = RepositoryService(
            store: gateway.hub.store, git: gateway.hub.git, blobs: gateway.hub.blobs, source: nil, gate: nil)
        var found: Repository?
        do {
            found = try await stored.open(principal, .metaRead, id)
        } catch let error as HubError where error.code == .repositoryNotFound {
            if try await gateway.hub.store.isLocalNamespace(id.namespace) { throw error }
        }
        var snapshot: Snapshot?
        if let found, let one = try? await local.snapshot(of: found, at: revision),
            try await gateway.hub.git.contains(one.commit, in: found.key)
        {
            snapshot = one
        }
        return try await Explanation.make(
            id, repository: found, snapshot: snapshot, file: file, user: user ?? principal.user?.name,
            repositories: local, policies: policies, gate: gate, licensing: gateway.licensing)
    }
}
