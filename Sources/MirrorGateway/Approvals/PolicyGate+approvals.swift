package import HubCore
import Policies

extension PolicyGate {
    /// Files of a revision that a request looks at, and that it names for one reason.
    private static let maximumFiles = 2_000
    private static let maximumNamed = 20

    /// A gate for who explains on a data directory that a server may be using.
    package convenience init(reading hub: Hub, policies: PolicyEngine, metrics: MetricRegistry) {
        let register = ApprovalRegister(store: hub.approvals, clock: hub.clock)
        self.init(
            policies: policies, metrics: metrics, sources: [ApprovalFactSource(register: register)],
            desk: ApprovalDesk(register: register, address: PublicAddress()))
    }

    /// What somebody is told whose content is held: why, and where the request for it stands.
    func refusal(
        of decision: Decision, _ request: ContentRequest, _ known: CommitFacts?, _ mirror: ConnectedMirror,
        _ state: PolicyState, contents: @Sendable () async throws -> CommitContents
    ) async -> HubError? {
        guard var error = HubError(refusing: decision) else { return nil }
        guard decision.outcome == .review, let desk, request.commit != nil else { return error }
        do {
            let draft = try await draft(decision, request, known, mirror, state, desk, contents: contents)
            let id = try await desk.register.ask(draft, by: request.repository.principal)
            error.message += "; \(desk.text(of: id))"
        } catch let failure as HubError {
            error.message += "; no request was made: \(failure.message)"
        } catch {
            return HubError(refusing: decision)
        }
        return error
    }

    /// Makes a request by hand for what is held.
    /// - Throws: `.conflict` for what is not held.
    package func ask(
        for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws -> Int64 {
        let state = policies.current
        guard let desk, let mirror = state.mirror(of: request.repository) else {
            throw HubError(.conflict, "\(request.repository.id) is held by no policy.")
        }
        let known = try await Self.facts(of: request, in: self, contents: contents)
        var facts = try await facts(request, known, contents)
        facts.approvals = nil
        let decision = state.decide(mirror, facts)
        let draft = try await draft(decision, request, known, mirror, state, desk, contents: contents)
        guard !draft.reasons.isEmpty else {
            let word = decision.outcome == .deny ? "denied: nobody can approve it" : "not held for review"
            throw HubError(.conflict, "\(request.repository.id) is \(word): \(decision.explanation).")
        }
        return try await desk.register.ask(draft, by: request.repository.principal)
    }

    /// The decision with where its request stands, for who asks why.
    func explained(
        _ decision: Decision, _ request: ContentRequest, _ known: CommitFacts?, _ mirror: ConnectedMirror,
        _ state: PolicyState, contents: @Sendable () async throws -> CommitContents
    ) async throws -> Decision {
        guard decision.outcome == .review, let desk else { return decision }
        guard request.commit != nil else { return decision }
        let draft = try await draft(decision, request, known, mirror, state, desk, contents: contents)
        guard let id = try await desk.register.waiting(for: draft) else {
            return decision.adding(
                remedy: "ask for a review: POST \(desk.address.link("/api/gateway/v1/approvals"))")
        }
        return decision.adding(remedy: "see \(desk.text(of: id))")
    }

    private func draft(
        _ decision: Decision, _ request: ContentRequest, _ known: CommitFacts?, _ mirror: ConnectedMirror,
        _ state: PolicyState, _ desk: ApprovalDesk, contents: @Sendable () async throws -> CommitContents
    ) async throws -> ApprovalDraft {
        guard let commit = request.commit else {
            throw HubError(.conflict, "Nothing of \(request.repository.id) was fetched yet.")
        }
        let key = ApprovalDesk.Key(
            repository: request.repository.key, commit: commit, revision: request.revision?.description,
            policy: state.digest, user: request.repository.principal.user?.name, generations: sources.map(\.generation))
        return try await desk.draft(key) {
            try await make(decision, request, commit, known, mirror, state, contents: contents)
        }
    }

    /// Everything for which a revision is held, file by file: one request for it, and an approver who sees all of it.
    private func make(
        _ decision: Decision, _ request: ContentRequest, _ commit: CommitID, _ known: CommitFacts?,
        _ mirror: ConnectedMirror, _ state: PolicyState, contents: @Sendable () async throws -> CommitContents
    ) async throws -> ApprovalDraft {
        let read = try await contents()
        var reasons: [String: Approval.Reason] = [:]
        func note(_ decision: Decision, file: String?) {
            guard decision.outcome == .review else { return }
            for rule in decision.determining {
                let key = rule.reasonKey
                var reason =
                    reasons[key]
                    ?? Approval.Reason(
                        key: key, rule: rule.id, file: rule.file, line: rule.line, action: rule.action.rawValue,
                        text: rule.explanation)
                if let file, reason.files.count < Self.maximumNamed { reason.files.append(file) }
                reasons[key] = reason
            }
        }
        func judged(_ scope: ContentRequest.Scope) async throws -> Decision {
            let one = ContentRequest(
                repository: request.repository, revision: request.revision, commit: commit, scope: scope)
            var facts = try await facts(one, known, contents)
            // What was approved before is part of what an approver sees.
            facts.approvals = nil
            return state.decide(mirror, facts)
        }
        let whole = try await judged(.metadata)
        note(whole, file: nil)
        let revisionWide = Set(reasons.keys)
        for file in read.files.prefix(Self.maximumFiles) {
            let decision = try await judged(.file(path: file.path, size: file.contentSize))
            guard decision.outcome == .review else { continue }
            note(decision, file: file.path)
        }
        for key in revisionWide { reasons[key]?.files = [] }
        if decision.outcome == .review, reasons.isEmpty { note(decision, file: nil) }
        let sorted = reasons.values.sorted { $0.key < $1.key }
        guard case .mirror(let origin) = request.repository.origin else {
            throw HubError(.internalError, "\(request.repository.id) is no mirror.")
        }
        return ApprovalDraft(
            repository: request.repository.id, mirror: origin.mirror, upstreamPath: origin.path, commit: commit,
            revision: request.revision?.description ?? "", reasons: sorted,
            evidence: Self.evidence(whole, read), policyDigest: state.digest,
            isQuarantined: sorted.contains { $0.action == RuleAction.quarantine.rawValue })
    }

    /// What an approver sees of a commit: what was known when it was asked for.
    private static func evidence(_ decision: Decision, _ contents: CommitContents) -> JSONValue {
        .object([
            .init(key: "decision", value: .string(decision.explanation)),
            .init(
                key: "facts",
                value: .object(decision.facts.map { .init(key: $0.name, value: .string($0.value)) })),
            .init(key: "licenses", value: .array(contents.card.licenses.map(JSONValue.string))),
            .init(key: "totalSize", value: .integer(contents.totalSize)),
            .init(key: "fileCount", value: .integer(Int64(contents.files.count))),
            .init(
                key: "files",
                value: .array(
                    contents.files.prefix(200).map { file in
                        .object([
                            .init(key: "path", value: .string(file.path)),
                            .init(key: "size", value: .integer(file.contentSize)),
                            .init(key: "digest", value: .string(file.lfs?.oid.hex ?? file.id.hex)),
                        ])
                    })),
            .init(key: "notEvaluated", value: .array(decision.notEvaluated.map(JSONValue.string))),
        ])
    }
}
