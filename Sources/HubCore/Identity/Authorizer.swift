/// The one door (law 5): a handler gets a `Repository` here or nowhere.
package struct Authorizer: Sendable {
    private let store: RepositoryStore
    private let source: (any RepositorySource)?

    /// - Parameter source: who knows upstreams; nil for a hub without mirrors.
    package init(store: RepositoryStore, source: (any RepositorySource)?) {
        self.store = store
        self.source = source
    }

    /// Lets a principal into a repository for one purpose, looking upstream for a name nobody here knows.
    ///
    /// What does not exist and what may not be seen answer alike (S3): 401 to the anonymous, so that git asks for
    /// credentials, and 404 to everyone else.
    /// - Throws: `.repositoryNotFound`, `.forbidden`, or what policy or the upstream said about an unknown name.
    package func open(_ principal: Principal, _ verb: Verb, _ id: RepositoryID) async throws -> Repository {
        var record = try await store.record(id)
        if record == nil, let source, verb.isRead, try await !store.isLocalNamespace(id.namespace) {
            if try await source.adopt(id, for: principal) { record = try await store.record(id) }
        }
        guard let record, Self.mayDiscover(record, principal) else {
            // What policy says about the name alone it says whether the repository is here or not (S3).
            if record?.origin != .local, let refusal = source?.refusal(of: id, for: principal), verb.isRead,
                try await !store.isLocalNamespace(id.namespace)
            {
                throw refusal
            }
            throw Self.notFound(id, principal, remark: source?.absenceRemark)
        }
        try Self.decide(record, principal, verb)
        return Repository(record: record, principal: principal, verb: verb)
    }

    /// Decides whether a principal may create repositories in a namespace, which is taken when nobody has it.
    /// - Throws: `.authenticationRequired`, or `.forbidden`.
    package func authorizeCreation(in namespace: String, by principal: Principal) async throws {
        guard let user = principal.user, let token = principal.token else {
            throw HubError(.authenticationRequired, "Sign in to create repositories.")
        }
        let owns = RepositoryID.key(user.name) == RepositoryID.key(namespace)
        guard token.scope >= .write, owns || principal.isAdministrator else {
            throw HubError(.forbidden, "You may not create repositories in the namespace '\(namespace)'.")
        }
    }

    /// Lets in whoever holds the data directory: the command line, never a request.
    /// - Throws: `.repositoryNotFound`.
    package func openAsOperator(_ verb: Verb, _ id: RepositoryID) async throws -> Repository {
        guard let record = try await store.record(id) else { throw Self.notFound(id, .operator) }
        return Repository(record: record, principal: .operator, verb: verb)
    }

    /// The error for a repository that is not there for this principal.
    /// - Parameter remark: what else people should know.
    package static func notFound(_ id: RepositoryID, _ principal: Principal, remark: String? = nil) -> HubError {
        let remedies = [principal.isAnonymous ? "Sign in with a token if it is private." : nil, remark]
        return HubError(
            .repositoryNotFound, "The \(id.kind.rawValue) repository \(id.path) does not exist, or you may not see it.",
            remedy: remedies.contains { $0 != nil } ? remedies.compactMap(\.self).joined(separator: " ") : nil,
            status: principal.isAnonymous ? 401 : 404)
    }

    private static func mayDiscover(_ record: RepositoryRecord, _ principal: Principal) -> Bool {
        switch record.visibility {
        case .public: true
        case .internal: !principal.isAnonymous
        case .private: owns(record, principal) || principal.user?.isAdministrator == true
        }
    }

    private static func owns(_ record: RepositoryRecord, _ principal: Principal) -> Bool {
        principal.user.map { RepositoryID.key($0.name) == record.id.namespaceKey } ?? false
    }

    private static func decide(_ record: RepositoryRecord, _ principal: Principal, _ verb: Verb) throws {
        guard !verb.isRead || verb == .auditRead else { return }
        guard let token = principal.token else {
            throw HubError(.authenticationRequired, "Sign in to change \(record.id).")
        }
        if case .mirror(let mirror) = record.origin, verb == .contentWrite || verb == .settings || verb == .discuss {
            throw HubError(
                .forbidden, "\(record.id) is a read-only mirror of \(mirror.path) at \(mirror.upstream).",
                remedy: "Change it there, or copy it under a namespace of yours.")
        }
        if verb == .discuss {
            guard token.scope >= .write else {
                throw HubError(.forbidden, "Your token only reads.", remedy: "Use a token of write scope.")
            }
            return
        }
        let isOwner = owns(record, principal) && (verb.isRead || token.scope >= .write)
        guard isOwner || principal.isAdministrator else {
            throw HubError(.forbidden, "You may not do that (\(verb.rawValue)) with \(record.id).")
        }
    }
}
