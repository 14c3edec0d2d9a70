import SQL

extension GrantStore {
    /// What the subjects of grants are called, by grant; those of everybody are left out.
    package func subjectNames(of grants: [AccessGrant]) async throws -> [Int64: String] {
        try await database.read { connection in
            var names: [Int64: String] = [:]
            for grant in grants {
                let (table, id): (String, Int64)
                switch grant.subject {
                case .everyone, .authenticated: continue
                case .user(let user): (table, id) = ("users", user)
                case .members(let organisation, _): (table, id) = ("organisations", organisation)
                case .team(let team): (table, id) = ("teams", team)
                }
                let row = try connection.first("SELECT name FROM \(table) WHERE id = ?", [.integer(id)])
                names[grant.id] = try row?.text("name")
            }
            return names
        }
    }
}
