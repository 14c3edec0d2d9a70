import HTTPTypes
import HubCore

/// What the matrix has to know of a route: one row for all kinds of repository and all mounts.
///
/// To add a route, add `"METHOD /path/*/{namespace}/{name}": .opens(.verb)` to the file of its surface, where `*` stands
/// for the word of the kind. A route that changes something is sent a body that nobody can read, so whoever is let in
/// is told 400 and nothing happens; say `passes:` where it answers something else, and `valid:` what it would take.
struct PermissionRow: Sendable {
    enum Access: Sendable, Hashable {
        /// The handler opens the repository that the request names, for this verb.
        case repository(Verb)
        /// Everyone with an account.
        case account
        /// Site administrators, and who was given this on the whole hub.
        case hub(Verb)
        /// Site administrators.
        case administrator
        /// Everyone; or what comes with the request says for itself who may.
        case everyone
    }

    /// What a route answers for a mirrored repository that policy denies, to somebody with an account.
    enum Denial: Sendable, Hashable {
        /// 403 with the rule.
        case refused
        /// git's own error packet with the rule, which comes with 200.
        case gitError
        /// 200, and an error with code 403 for each object.
        case objects
        /// The repository is a mirror, which nobody may change: 403 whatever the policy says.
        case readOnly
        /// 501: the message tells nothing of the repository.
        case unsupported
        /// 200 with the decision, for which it was asked.
        case explained
    }

    let access: Access
    /// What is sent; nil for what the fixture knows to send.
    var body: String?
    /// A body that is understood.
    var valid: String?
    /// The status for whoever is let in.
    var passes: Int?
    /// The same where there is no gate, if that is different.
    var ungated: Int?
    /// Words of that answer, where others get the same status.
    var says: String?
    /// Whether the repository is gone afterwards.
    var removes = false
    /// Whether an account is asked for after the repository was opened to read.
    var needsAccount = false
    /// Whether whoever may read and take part gets in as well: he stages what his pull request will name.
    var proposes = false
    /// Whether everyone may ask, for something that has an owner who need not show it.
    var isOwned = false
    /// The status for what belongs to another repository or account.
    var foreign = 404
    var denial: Denial?

    static let account = PermissionRow(access: .account)
    static func hub(_ verb: Verb) -> PermissionRow { PermissionRow(access: .hub(verb)) }
    static let administrator = PermissionRow(access: .administrator)
    static let everyone = PermissionRow(access: .everyone)
    static let owned = PermissionRow(access: .everyone, isOwned: true)

    static func opens(
        _ verb: Verb, body: String? = nil, valid: String? = nil, passes: Int? = nil, ungated: Int? = nil,
        says: String? = nil, removes: Bool = false, needsAccount: Bool = false, proposes: Bool = false,
        foreign: Int = 404, denial: Denial? = nil
    ) -> PermissionRow {
        PermissionRow(
            access: .repository(verb), body: body, valid: valid, passes: passes, ungated: ungated, says: says,
            removes: removes, needsAccount: needsAccount, proposes: proposes, foreign: foreign, denial: denial)
    }

    /// The same for a route of accounts whose child may be somebody else's.
    static func account(valid: String? = nil, foreign: Int = 404) -> PermissionRow {
        PermissionRow(access: .account, valid: valid, foreign: foreign)
    }

    /// The verb the repository is opened with.
    var verb: Verb? {
        if case .repository(let verb) = access { verb } else { nil }
    }

    /// What it answers for a denied mirror.
    var mirrored: Denial { denial ?? (verb?.isRead == true ? .refused : .readOnly) }
}
