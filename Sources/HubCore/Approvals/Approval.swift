/// A request to let content under review pass, and what was decided on it.
package struct Approval: Sendable, Hashable, Identifiable {
    package enum State: String, Sendable, CaseIterable {
        case open
        case approved
        case rejected
        /// It was approved, and its time is over; or nobody decided in time.
        case expired
        /// Nobody wants it any more.
        case withdrawn
    }

    /// What an approval lets pass.
    package enum Scope: Sendable, Hashable {
        /// The commit of the request.
        case revision
        /// Every commit of the repository.
        case repository
        /// One file of the commit of the request.
        case file(String)

        package var word: String {
            switch self {
            case .revision: "revision"
            case .repository: "repository"
            case .file: "file"
            }
        }

        package var path: String? {
            if case .file(let path) = self { path } else { nil }
        }

        /// - Parameter path: of the file, for `file`.
        package init?(word: String, path: String?) {
            switch word {
            case "revision": self = .revision
            case "repository": self = .repository
            case "file":
                guard let path, !path.isEmpty else { return nil }
                self = .file(path)
            default: return nil
            }
        }
    }

    /// Why content is held, as the approver sees it.
    package struct Reason: Sendable, Hashable, Codable {
        /// What has to be the same for the reason to be the same.
        package let key: String
        /// The rule's id.
        package let rule: String
        package let file: String
        package let line: Int
        package let action: String
        /// For people.
        package let text: String
        /// Files that it is about, the first few; empty for a reason that is about the revision as a whole.
        package var files: [String]

        package init(
            key: String, rule: String, file: String, line: Int, action: String, text: String, files: [String] = []
        ) {
            self.key = key
            self.rule = rule
            self.file = file
            self.line = line
            self.action = action
            self.text = text
            self.files = files
        }

        /// The reason as JSON, with the names that its reader expects.
        package var json: JSONValue {
            .object([
                .init(key: "key", value: .string(key)), .init(key: "rule", value: .string(rule)),
                .init(key: "file", value: .string(file)), .init(key: "line", value: .integer(Int64(line))),
                .init(key: "action", value: .string(action)), .init(key: "text", value: .string(text)),
                .init(key: "files", value: .array(files.map(JSONValue.string))),
            ])
        }
    }

    /// From 1; people name a request by it.
    package let id: Int64
    /// By the name it has here.
    package let repository: RepositoryID
    package let mirror: String
    /// The repository's path at the upstream.
    package let upstreamPath: String
    /// Nil for a request about a repository of which nothing was fetched.
    package let commit: CommitID?
    /// The branch or tag that was asked for.
    package let revision: String
    package let reasons: [Reason]
    /// What an approver sees: facts of the commit as they were when it was asked for.
    package let evidence: JSONValue
    package let policyDigest: String
    /// Whether a rule says that it is kept apart.
    package let isQuarantined: Bool
    package let state: State
    package let requestedBy: String
    /// Milliseconds since 1970.
    package let requestedAt: Int64
    package let decidedBy: String?
    package let decidedAt: Int64?
    package let note: String?
    /// What was approved; nil before that.
    package let scope: Scope?
    /// Milliseconds since 1970; nil: an approval does not end.
    package let expiresAt: Int64?

    /// The most characters of a note.
    package static let maximumNote = 4_000

    /// The reasons that it covers.
    package var covers: Set<String> { Set(reasons.map(\.key)) }

    /// Whether it lets something pass at a moment, in milliseconds since 1970.
    package func isInForce(at now: Int64) -> Bool {
        state == .approved && expiresAt.map { $0 > now } ?? true
    }

    /// The state as it is at a moment: what has run out says so before anybody wrote it down.
    package func state(at now: Int64) -> State {
        guard let expiresAt, expiresAt <= now, state == .approved || state == .open else { return state }
        return .expired
    }
}

/// Who asked for content under review, and how often.
package struct ApprovalAsker: Sendable, Hashable {
    /// The account's name; `anonymous` for nobody in particular.
    package let account: String
    /// Milliseconds since 1970.
    package let firstAt: Int64
    package let lastAt: Int64
    package let asked: Int64
    /// What it is needed for, where that was said.
    package let reason: String?
}
