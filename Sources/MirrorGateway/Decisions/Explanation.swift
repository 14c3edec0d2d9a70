package import HubCore
package import Policies

/// What the policy in force decides about a repository, a revision or a file, with everything that led to it
/// (policy-files.md §3).
package struct Explanation: Sendable {
    package let repository: RepositoryID
    /// The mirror whose files decide; nil for local content.
    package let mirror: String?
    /// Nil when no policy applies.
    package let decision: Decision?
    /// What could not be looked at, and why.
    package let remark: String?
    /// What licences hold, and why; nil where nothing is stored.
    package var license: LicenseFinding?

    package var isRefused: Bool { decision.map { $0.outcome != .allow } ?? false }

    /// The explanation as people read it on a terminal.
    package var lines: [String] {
        var lines = ["repository: \(repository)"]
        lines.append("mirror: \(mirror ?? "none")")
        guard let decision else {
            return lines + ["decision: allow", "reason: \(remark ?? "the content is local")"] + licenseLines
        }
        lines.append("decision: \(decision.outcome.rawValue)")
        lines.append("reason: \(decision.explanation)")
        for rule in decision.determining + decision.advisories {
            lines.append(
                "rule: \(rule.id) (\(rule.file):\(rule.line):\(rule.column)) \(rule.action.rawValue), \(rule.enforcement.rawValue)"
            )
        }
        for fact in decision.facts { lines.append("fact: \(fact.name) = \(fact.value)") }
        lines += licenseLines
        for name in decision.notEvaluated { lines.append("not evaluated: \(name)") }
        for remedy in decision.remedy { lines.append("remedy: \(remedy)") }
        if let remark { lines.append("remark: \(remark)") }
        lines.append("policy: \(decision.policyDigest)")
        return lines
    }

    private var licenseLines: [String] { license?.lines ?? [] }

    /// Decides on what is stored; asks no upstream.
    /// - Parameters:
    ///   - repository: nil when nobody here knows the name: then the first mirror that would be asked decides by it.
    ///   - snapshot: nil when the commit is not stored.
    ///   - user: for whom, by name.
    /// - Throws: `.repositoryNotFound` when no mirror would be asked, `.entryNotFound`.
    package static func make(
        _ id: RepositoryID, repository: Repository?, snapshot: Snapshot?, file: String?, user: String?,
        repositories: RepositoryService, policies: PolicyEngine, gate: PolicyGate, licensing: Licensing
    ) async throws -> Explanation {
        guard let repository else { return try byName(id, user: user, policies: policies) }
        guard case .mirror(let origin) = repository.origin else {
            return Explanation(
                repository: id, mirror: nil, decision: nil, remark: "the content is local",
                license: try await licensing.finding(of: snapshot, for: repository))
        }
        var scope = ContentRequest.Scope.metadata
        if let file, let snapshot {
            let entry = try await repositories.entry(at: file, in: snapshot)
            scope = .file(path: entry.path, size: entry.contentSize)
        }
        let request = ContentRequest(
            repository: repository, revision: snapshot?.revision, commit: snapshot?.commit, scope: scope)
        let decision = try await gate.explain(request, user: user) {
            guard let snapshot else { throw HubError(.internalError, "Nothing was fetched yet.") }
            return try await repositories.contents(of: snapshot)
        }
        guard let decision else { throw PolicyEngine.orphaned(repository, origin) }
        return Explanation(
            repository: id, mirror: origin.mirror, decision: decision,
            remark: snapshot == nil ? "no commit is stored here: licence and sizes are not known yet" : nil,
            license: try await licensing.finding(of: snapshot, for: repository))
    }

    private static func byName(_ id: RepositoryID, user: String?, policies: PolicyEngine) throws -> Explanation {
        let state = policies.current
        guard let mirror = state.mirrors.first(where: { $0.asksUpstream && $0.upstreamID(for: id) != nil }),
            let upstreamID = mirror.upstreamID(for: id)
        else {
            throw HubError(.repositoryNotFound, "\(id) is not here, and no mirror would be asked for it.")
        }
        var facts = Facts(kind: id.kind.rawValue, repository: upstreamID.path)
        facts.user = user ?? ""
        var decision = state.decide(mirror, facts)
        decision.trace = state.snapshot.trace(mirror: mirror.document, facts: facts)
        return Explanation(
            repository: id, mirror: mirror.name, decision: decision,
            remark: "nothing is stored here: decided by the name alone")
    }
}
