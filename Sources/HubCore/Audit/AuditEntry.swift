/// One change that somebody made, as the audit log keeps it.
package struct AuditEntry: Sendable, Hashable {
    /// The user, or `anonymous`; the command line is `operator`.
    package let actor: String
    /// The token that was used; nil for the command line and for nobody.
    package let token: Int64?
    /// What was done, as `repository.create`: the noun and the verb, in closed sets.
    package let action: String
    /// What it was done to, as `model:acme/demo` or `user:alice`.
    package let object: String
    /// What else matters; never a secret.
    package let detail: JSONValue

    package init(by principal: Principal, _ action: String, _ object: String, detail: JSONValue = .null) {
        actor = principal.label
        token = principal.token.flatMap { $0.id == 0 ? nil : $0.id }
        self.action = action
        self.object = object
        self.detail = detail
    }
}

/// An entry where it stands in the log.
package struct AuditRecord: Sendable, Hashable {
    /// From 1, without gaps.
    package let sequence: Int64
    /// Milliseconds since 1970.
    package let at: Int64
    package let actor: String
    package let token: Int64?
    package let action: String
    package let object: String
    /// The detail as JSON text.
    package let detail: String
    /// The hash of the record before; 64 zeros for the first.
    package let previous: String
    /// SHA-256 in hex over all the rest.
    package let hash: String
}
