extension Approval {
    /// The request as JSON, with the names that the REST surface and the command line use.
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - isWhole: whether what approvers look at goes along: evidence and who asked.
    package func json(at now: Int64, isWhole: Bool, askers: [ApprovalAsker] = []) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        func time(_ milliseconds: Int64?) -> JSONValue {
            milliseconds.map { .string(JSONDate.text(milliseconds: $0)) } ?? .null
        }
        var members: [JSONValue.Member] = [
            .init(key: "id", value: .integer(id)), .init(key: "state", value: .string(state(at: now).rawValue)),
            .init(key: "repository", value: .string(repository.description)),
            .init(key: "mirror", value: .string(mirror)), .init(key: "upstream", value: .string(upstreamPath)),
            .init(key: "commit", value: text(commit?.hex)), .init(key: "revision", value: .string(revision)),
            .init(key: "quarantined", value: .boolean(isQuarantined)),
            .init(key: "reasons", value: .array(reasons.map(\.json))),
            .init(key: "policyDigest", value: .string(policyDigest)),
            .init(key: "requestedBy", value: .string(requestedBy)), .init(key: "requestedAt", value: time(requestedAt)),
            .init(key: "decidedBy", value: text(decidedBy)), .init(key: "decidedAt", value: time(decidedAt)),
            .init(key: "note", value: text(note)), .init(key: "scope", value: text(scope?.word)),
            .init(key: "path", value: text(scope?.path)), .init(key: "expiresAt", value: time(expiresAt)),
        ]
        if isWhole {
            members.append(.init(key: "evidence", value: evidence))
            members.append(
                .init(
                    key: "askers",
                    value: .array(
                        askers.map { asker in
                            .object([
                                .init(key: "account", value: .string(asker.account)),
                                .init(key: "asked", value: .integer(asker.asked)),
                                .init(key: "firstAt", value: time(asker.firstAt)),
                                .init(key: "lastAt", value: time(asker.lastAt)),
                                .init(key: "reason", value: text(asker.reason)),
                            ])
                        })))
        }
        return .object(members)
    }
}
