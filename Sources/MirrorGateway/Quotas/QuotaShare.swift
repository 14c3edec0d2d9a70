package import Policies

/// A user or an organisation whose use of a mirror is counted.
package struct QuotaSubject: Sendable, Hashable, CustomStringConvertible {
    package let kind: QuotaSubjectKind
    /// In lower case; `anonymous@` and a network for those without an account.
    package let name: String

    package init(_ kind: QuotaSubjectKind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    package var description: String { "\(kind.rawValue):\(name)" }

    private static let anonymous = "anonymous@"

    /// Whoever asks from a network without an account.
    static func withoutAccount(from network: String) -> QuotaSubject { QuotaSubject(.user, anonymous + network) }

    /// How people are told about it.
    var title: String {
        name.hasPrefix(Self.anonymous) ? "Whoever asks without an account from your network" : description
    }

    /// What somebody can do who is refused, beside waiting.
    var remedy: String {
        name.hasPrefix(Self.anonymous) ? "or sign in to have a share of your own" : "or ask the operator for more"
    }
}

/// One subject's use of one mirror.
struct QuotaKey: Sendable, Hashable {
    let mirror: String
    let subject: QuotaSubject

    private static let prefix = "quota:"

    init(mirror: String, subject: QuotaSubject) {
        self.mirror = mirror
        self.subject = subject
    }

    /// Reads what ``stored`` wrote.
    init?(stored: String) {
        let parts = stored.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] + ":" == Self.prefix, let kind = QuotaSubjectKind(rawValue: parts[2]) else {
            return nil
        }
        self.init(mirror: parts[1], subject: QuotaSubject(kind, parts[3]))
    }

    /// How the database names it.
    var stored: String { "\(Self.prefix)\(mirror):\(subject)" }
}

/// What a subject may use of a mirror.
struct QuotaShare: Sendable {
    let key: QuotaKey
    let terms: QuotaTerms
}
