/// The one door (law 5): a handler gets a `Repository` here or nowhere.
package struct Authorizer: Sendable {
    let store: RepositoryStore
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
        var facts = try await store.accessFacts(id, for: principal)
        var decision = facts.map { decide($0, verb) }
        // What is hidden is asked about as what is missing is, so that the time it takes does not tell either (S3).
        let isOut = decision.map { $0.outcome == .hidden } ?? true
        let isForeign = source != nil && verb.isRead && isOut ? try await !store.isLocalNamespace(id.namespace) : false
        if facts == nil, isForeign, let source, try await source.adopt(id, for: principal) {
            facts = try await store.accessFacts(id, for: principal)
            decision = facts.map { decide($0, verb) }
        }
        if let facts, let decision {
            switch decision.outcome {
            case .allow:
                let isShut = facts.record.visibility == .private || facts.record.gating != .open
                if decision.reason == .administrator, verb == .contentRead, isShut {
                    AnswerConditions.bar()
                    try await store.noteBreakGlass(facts.record, by: principal)
                }
                let repository = Repository(
                    record: facts.record, principal: principal, verb: verb, rules: rules(of: facts, decision))
                if repository.isMirror {
                    // Each request counts, and what it says goes by an upstream, policies and the time.
                    AnswerConditions.bar()
                    try await source?.admit(repository)
                }
                return repository
            case .forbidden, .unauthenticated, .gated:
                throw Self.refusal(decision, of: facts.record, principal, verb)
            case .hidden: break
            }
        }
        // What policy says about the name alone it says whether the repository is here or not (S3).
        if facts?.record.origin != .local, isForeign, let refusal = source?.refusal(of: id, for: principal) {
            throw refusal
        }
        throw Self.notFound(id, principal, remark: source?.absenceRemark)
    }

    /// What would be decided, with its reason, and without looking upstream.
    /// - Returns: nil when there is no such repository.
    package func explain(_ principal: Principal, _ verb: Verb, _ id: RepositoryID, isActive: Bool = true) async throws
        -> AccessDecision?
    {
        try await store.accessFacts(id, for: principal, isActive: isActive).map { decide($0, verb) }
    }

    func decide(_ facts: RepositoryAccessFacts, _ verb: Verb) -> AccessDecision {
        AccessRules.decide(facts.subject, verb, facts.target, grants: facts.grants, now: store.clock.now())
    }

    /// Decides whether a principal may create repositories in a namespace, which is taken when nobody has it.
    /// - Throws: `.authenticationRequired`, or `.forbidden`.
    package func authorizeCreation(in namespace: String, by principal: Principal) async throws {
        guard principal.user != nil, principal.token != nil else {
            throw HubError(.authenticationRequired, "Sign in to create repositories.")
        }
        // A namespace without a row belongs to nobody yet; only administrators take one that is not their own.
        let decision = try await decide(principal, .contentWrite, in: namespace)
        guard decision.isAllowed else {
            throw HubError(
                .forbidden, "You may not create repositories in the namespace '\(namespace)'.",
                remedy: decision.reason.remedy)
        }
    }

    /// Whether a principal may take names again that repositories of a namespace had before: whoever could have removed
    /// them.
    package func mayReclaimNames(in namespace: String, _ principal: Principal) async throws -> Bool {
        try await decide(principal, .delete, in: namespace).isAllowed
    }

    /// Decides about a namespace itself: creating in it, or saying who is what.
    package func decide(_ principal: Principal, _ verb: Verb, in namespace: String) async throws -> AccessDecision {
        let facts = try await store.accessFacts(namespace: namespace, for: principal)
        return AccessRules.decide(facts.subject, verb, facts.target, grants: facts.grants, now: store.clock.now())
    }

    /// Lets a principal do something with the hub itself: administrators, and whoever was given it on the whole hub.
    /// - Throws: `.authenticationRequired`, `.forbidden`.
    package func requireOfHub(_ principal: Principal, _ verb: Verb) async throws {
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in to do this (\(verb.rawValue)).")
        }
        let decision = try await decide(principal, verb, in: "")
        guard decision.isAllowed else {
            throw HubError(
                .forbidden, "You may not do that (\(verb.rawValue)) with the hub.", remedy: decision.reason.remedy)
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
}
