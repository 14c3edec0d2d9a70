/// Which jobs are asked for; nothing set means all, newest first.
package struct JobQuery: Sendable {
    /// Whose jobs somebody may see who is no operator.
    package struct Audience: Sendable, Hashable {
        /// The user's name: what he asked for is his to see.
        package var user: String
        /// Accounts that are his: `user:amy`, `org:acme`.
        package var accounts: [String]

        package init(user: String, accounts: [String]) {
            self.user = user
            self.accounts = accounts
        }
    }

    /// Empty for every state.
    package var states: Set<JobState>
    package var kind: String?
    package var mirror: String?
    package var run: Int64?
    package var account: String?
    package var requestedBy: String?
    /// Exactly this subject.
    package var subject: String?
    /// Nil for who may see all.
    package var audience: Audience?
    /// What an earlier answer gave as `next`.
    package var after: String?
    /// At most 1,000.
    package var limit: Int

    package init(
        states: Set<JobState> = [], kind: String? = nil, mirror: String? = nil, run: Int64? = nil,
        account: String? = nil, requestedBy: String? = nil, subject: String? = nil, audience: Audience? = nil,
        after: String? = nil, limit: Int = 100
    ) {
        self.states = states
        self.kind = kind
        self.mirror = mirror
        self.run = run
        self.account = account
        self.requestedBy = requestedBy
        self.subject = subject
        self.audience = audience
        self.after = after
        self.limit = limit
    }
}

extension JobQuery.Audience {
    /// Whether a job is one of those that it may see.
    package func sees(_ job: Job) -> Bool {
        job.draft.requestedBy == user || accounts.contains(job.draft.account)
    }
}

extension JobPriority {
    /// As people write it.
    package var word: String {
        switch self {
        case .urgent: "urgent"
        case .high: "high"
        case .normal: "normal"
        case .low: "low"
        }
    }

    package init?(word: String) {
        guard let priority = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = priority
    }
}
