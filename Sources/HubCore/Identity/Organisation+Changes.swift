import SQL

extension Organisation {
    /// - Throws: `.internalError` when it was opened for something else: a mistake of the route.
    func require(_ verb: Verb) throws {
        guard self.verb == verb else {
            throw HubError(.internalError, "\(name) was opened to \(self.verb.rawValue), which does not do.")
        }
    }

    /// Notes a change of the organisation, within its transaction.
    func audit(_ action: String, _ detail: KeyValuePairs<String, String?>, at now: Int64, in connection: any Connection)
        throws
    {
        try AuditLog.append(
            AuditEntry(
                by: principal, action, "organisation:\(name)",
                detail: .object(
                    detail.map { .init(key: $0.key, value: $0.value.map(JSONValue.string) ?? .null) })), at: now,
            in: connection)
    }
}
