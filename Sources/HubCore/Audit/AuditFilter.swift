import SQL

/// Which records of the audit log are wanted; nil members for all.
package struct AuditFilter: Sendable, Hashable {
    /// The name of who did it, in any case.
    package var actor: String?
    /// What was done, or the noun of it: `token.create`, `token`.
    package var action: String?
    /// A part of what it was done to.
    package var object: String?
    /// Milliseconds since 1970, the first that counts.
    package var since: Int64?
    /// Milliseconds since 1970, the first that counts no more.
    package var until: Int64?

    package init() {}

    var conditions: (text: [String], arguments: [Value]) {
        var (text, arguments): ([String], [Value]) = ([], [])
        if let actor {
            text.append("LOWER(actor) = ?")
            arguments.append(.text(actor.lowercased()))
        }
        if let action {
            text.append("(action = ? OR action LIKE ? ESCAPE '!')")
            arguments += [.text(action), .text(RepositoryStore.escapeLike(action) + ".%")]
        }
        if let object {
            text.append("LOWER(object) LIKE ? ESCAPE '!'")
            arguments.append(.text("%\(RepositoryStore.escapeLike(object.lowercased()))%"))
        }
        if let since {
            text.append("at >= ?")
            arguments.append(.integer(since))
        }
        if let until {
            text.append("at < ?")
            arguments.append(.integer(until))
        }
        return (text, arguments)
    }
}
