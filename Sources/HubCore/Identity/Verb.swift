/// What a principal wants to do with a repository. Every route declares one; the authorizer decides on it.
package enum Verb: String, Sendable, CaseIterable {
    /// See that it exists.
    case discover
    /// Read its facts: card, refs, listing of files.
    case metaRead = "meta.read"
    /// Read its bytes: files, packs, blobs.
    case contentRead = "content.read"
    /// Change its bytes.
    case contentWrite = "content.write"
    /// Change its settings.
    case settings
    /// Remove it.
    case delete
    /// Run or change its mirroring.
    case mirrorSync = "mirror.sync"
    /// Take part: open discussions, comment, ask to be let through a gate.
    case discuss
    /// Let people through the gate of a repository, or turn them away.
    case gateApprove = "gate.approve"
    /// Say who is what in an organisation.
    case memberAdmin = "member.admin"
    /// See and revoke the tokens that reach into an organisation.
    case tokenAdmin = "token.admin"
    /// Read records of what came in and was decided.
    case auditRead = "audit.read"
    /// Say how much accounts may store: of the whole hub, never of a namespace.
    case quotaSet = "quota.set"

    /// Whether this verb leaves everything as it is.
    package var isRead: Bool {
        switch self {
        case .discover, .metaRead, .contentRead, .auditRead: true
        case .contentWrite, .settings, .delete, .mirrorSync, .discuss, .gateApprove, .memberAdmin, .tokenAdmin,
            .quotaSet:
            false
        }
    }

    /// Whether it is done with the hub itself alone: no place in a namespace gives it.
    package var isOfHub: Bool { self == .quotaSet }

    /// Whether site administrators may do it with what others made: they govern, and neither write content nor answer
    /// at gates.
    package var isForAdministrators: Bool {
        switch self {
        case .contentWrite, .gateApprove: false
        case .discover, .metaRead, .contentRead, .settings, .delete, .mirrorSync, .discuss, .memberAdmin, .tokenAdmin,
            .auditRead, .quotaSet:
            true
        }
    }
}
