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
    /// Take part: open discussions and pull requests, comment, like. Anybody with an account who sees it.
    case discuss
    /// Change its settings.
    case settings
    /// Remove it.
    case delete
    /// Run or change its mirroring.
    case mirrorSync = "mirror.sync"
    /// Read records of what came in and was decided.
    case auditRead = "audit.read"

    /// Whether this verb leaves everything as it is.
    package var isRead: Bool {
        switch self {
        case .discover, .metaRead, .contentRead, .auditRead: true
        case .contentWrite, .discuss, .settings, .delete, .mirrorSync: false
        }
    }
}
