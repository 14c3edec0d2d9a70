import Synchronization

/// What approvals let pass now and which requests wait, in memory: read again within a second of a change by this
/// process or another.
package final class ApprovalRegister: Sendable {
    private struct Place: Hashable {
        let kind: RepositoryKind
        let path: String
    }

    private struct State {
        var version: Int64 = -1
        /// Milliseconds since 1970.
        var checkedAt = Int64.min
        var approved: [Place: [Approval]] = [:]
        var open: [String: Int64] = [:]
        /// When the first of those that let something pass ends.
        var nextEnd = Int64.max
        var generation = 0
    }

    package let store: ApprovalStore
    private let clock: WallClock
    private let state = Mutex(State())
    private let asks = Mutex<[ApprovalAsk: Int64]>([:])
    /// Milliseconds for which what was read holds.
    private static let lifetime: Int64 = 1_000
    private static let maximumAsks = 100_000

    package init(store: ApprovalStore, clock: WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Changes with every decision, and when an approval ends.
    package var generation: Int {
        let now = clock.now()
        return state.withLock { state in
            if now >= state.nextEnd {
                state.generation += 1
                state.nextEnd = Self.nextEnd(state.approved.values.lazy.flatMap(\.self), after: now)
            }
            return state.generation
        }
    }

    /// What lets content of a repository pass now.
    package func approvals(of repository: RepositoryID) async throws -> [Approval] {
        try await refresh()
        let now = clock.now()
        return state.withLock {
            $0.approved[Place(kind: repository.kind, path: RepositoryID.key(repository.path))] ?? []
        }
        .filter { $0.isInForce(at: now) }
    }

    /// The request for content that is held, made when there is none yet; who asks is counted.
    /// - Throws: `.tooManyRequests` when too many wait.
    package func ask(_ draft: ApprovalDraft, by principal: Principal) async throws -> Int64 {
        try await refresh()
        let key = Self.key(draft.repository, draft.commit, draft.reasonsDigest)
        let id: Int64
        if let known = state.withLock({ $0.open[key] }) {
            id = known
        } else {
            id = try await store.ask(draft, by: principal).approval.id
            state.withLock { $0.open[key] = id }
        }
        asks.withLock { asks in
            let ask = ApprovalAsk(approval: id, account: principal.label)
            guard asks[ask] != nil || asks.count < Self.maximumAsks else { return }
            asks[ask, default: 0] += 1
        }
        return id
    }

    /// The request that waits for the same; nil when there is none.
    package func waiting(for draft: ApprovalDraft) async throws -> Int64? {
        try await refresh()
        let key = Self.key(draft.repository, draft.commit, draft.reasonsDigest)
        return state.withLock { $0.open[key] }
    }

    /// Reads again what is decided, before the next question is answered.
    package func expire() { state.withLock { $0.checkedAt = .min } }

    /// Writes down who asked.
    package func flush() async throws {
        let due = asks.withLock { asks in
            defer { asks = [:] }
            return asks
        }
        do {
            try await store.count(due)
        } catch {
            asks.withLock { $0.merge(due) { $0 + $1 } }
            throw error
        }
    }

    private func refresh() async throws {
        let now = clock.now()
        let known = state.withLock { state -> Int64? in
            guard state.checkedAt == .min || now < state.checkedAt || now - state.checkedAt >= Self.lifetime else {
                return nil
            }
            // The others of this moment go by what is known, unless nothing is.
            if state.version >= 0, state.checkedAt != .min { state.checkedAt = now }
            return state.version
        }
        guard let known else { return }
        if known >= 0, try await store.version() == known {
            return state.withLock { $0.checkedAt = now }
        }
        let (version, standing) = try await store.standing()
        state.withLock { state in
            guard version >= state.version else { return }
            var approved: [Place: [Approval]] = [:]
            var open: [String: Int64] = [:]
            for approval in standing {
                switch approval.state {
                case .approved:
                    let place = Place(
                        kind: approval.repository.kind, path: RepositoryID.key(approval.repository.path))
                    approved[place, default: []].append(approval)
                case .open:
                    let draft = ApprovalDraft(
                        repository: approval.repository, mirror: "", upstreamPath: "", commit: approval.commit,
                        revision: "", reasons: approval.reasons, evidence: .null, policyDigest: "",
                        isQuarantined: false)
                    open[Self.key(approval.repository, approval.commit, draft.reasonsDigest)] = approval.id
                case .rejected, .expired, .withdrawn: continue
                }
            }
            if version != state.version { state.generation += 1 }
            state.version = version
            state.checkedAt = now
            state.approved = approved
            state.open = open
            state.nextEnd = Self.nextEnd(approved.values.lazy.flatMap(\.self), after: now)
        }
    }

    private static func nextEnd(_ approvals: some Sequence<Approval>, after now: Int64) -> Int64 {
        approvals.compactMap(\.expiresAt).filter { $0 > now }.min() ?? .max
    }

    private static func key(_ repository: RepositoryID, _ commit: CommitID?, _ digest: String) -> String {
        "\(repository.kind.rawValue):\(RepositoryID.key(repository.path))@\(commit?.hex ?? "") \(digest)"
    }
}
