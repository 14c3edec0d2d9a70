extension Authorizer {
    /// Whether a name is that of a repository that was made here, and this principal may know of it.
    package func knowsLocal(_ id: RepositoryID, _ principal: Principal) async throws -> Bool {
        guard let facts = try await store.accessFacts(id, for: principal, isActive: true) else { return false }
        return facts.record.origin == .local && decide(facts, .metaRead).isAllowed
    }
}
