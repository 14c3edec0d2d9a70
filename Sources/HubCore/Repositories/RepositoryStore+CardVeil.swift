import SQL

/// Which repositories' cards lists keep from a principal, because a grant keeps their README from him.
struct CardVeil: Sendable {
    private let denials: [AccessGrant]
    private let subject: AccessSubject
    private let organisations: [String: Int64]
    private let now: Int64

    /// Whether a repository's card, and the tags that it gives, are left out.
    func covers(_ record: RepositoryRecord) -> Bool {
        let target = AccessTarget(
            namespaceKey: record.id.namespaceKey, organisation: organisations[record.id.namespaceKey],
            repository: AccessTarget.RepositoryFacts(
                key: record.key, id: record.id, visibility: record.visibility, isMirror: record.origin != .local,
                gating: record.gating, creator: record.creator, request: nil))
        return denials.contains { $0.concerns(subject, target, now: now) }
    }

    fileprivate init(denials: [AccessGrant], subject: AccessSubject, organisations: [String: Int64], now: Int64) {
        self.denials = denials
        self.subject = subject
        self.organisations = organisations
        self.now = now
    }
}

extension RepositoryStore {
    /// What lists leave out for a principal; nil where no grant keeps any README back, as in most hubs.
    static func cardVeil(for principal: Principal, now: Int64, in connection: any Connection) throws -> CardVeil? {
        let rows = try connection.query(
            "SELECT g.* FROM grants g WHERE g.path_pattern IS NOT NULL AND g.effect = 'deny'")
        guard !rows.isEmpty else { return nil }
        let denials = try rows.map { try GrantStore.grant($0, in: connection) }.filter { grant in
            ContentRules(denials: [grant], openings: nil).denialOfReading("README.md") != nil
        }
        guard !denials.isEmpty else { return nil }
        var organisations: [String: Int64] = [:]
        for case .organisation(let id) in Set(denials.map(\.scope)) {
            let row = try connection.first("SELECT name_key FROM organisations WHERE id = ?", [.integer(id)])
            if let row { organisations[try row.text("name_key")] = id }
        }
        return CardVeil(
            denials: denials, subject: try subject(principal, isActive: true, in: connection),
            organisations: organisations, now: now)
    }
}
