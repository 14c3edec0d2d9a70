/// What a principal may do with a repository, for clients that show buttons by it.
package struct RepositoryRights: Sendable, Hashable {
    package let canWrite: Bool
    package let canManage: Bool

    package static let none = RepositoryRights(canWrite: false, canManage: false)
}

extension Authorizer {
    /// What each repository's own principal may do with it, by key, as ``open(_:_:_:)`` would decide.
    package func rights(over repositories: [Repository]) async throws -> [Int64: RepositoryRights] {
        var rights: [Int64: RepositoryRights] = [:]
        for repository in repositories {
            let principal = repository.principal
            // Mirrors and reading tokens change nothing, whoever asks: that needs no look at the rows.
            guard !repository.isMirror, let token = principal.token, token.scope > .read else { continue }
            guard let facts = try await store.accessFacts(repository.id, for: principal) else { continue }
            let now = store.clock.now()
            let (write, manage) = (
                AccessRules.decide(facts.subject, .contentWrite, facts.target, grants: facts.grants, now: now),
                AccessRules.decide(facts.subject, .settings, facts.target, grants: facts.grants, now: now)
            )
            rights[repository.key] = RepositoryRights(canWrite: write.isAllowed, canManage: manage.isAllowed)
        }
        return rights
    }
}
