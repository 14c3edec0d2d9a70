import SQL

extension Principal {
    /// Who uses up what everybody is given a share of: an account, or the network that somebody without one asks from.
    package enum Consumer: Sendable, Hashable {
        /// By the name, in lower case.
        case account(id: Int64, name: String)
        case network(String)
        /// The operator, and the hub's own work.
        case none
    }

    package var consumer: Consumer {
        guard let user else { return .network(address?.network ?? "unknown") }
        return user.id == 0 ? .none : .account(id: user.id, name: RepositoryID.key(user.name))
    }
}

extension OrganisationStore {
    /// The names of the organisations that a user or a robot is a member of, in lower case.
    package func names(ofAccount id: Int64) async throws -> [String] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT o.name_key AS name FROM memberships m JOIN organisations o ON o.id = m.organisation_id
                WHERE m.user_id = ? ORDER BY o.name_key LIMIT \(Self.pageLimit)
                """, [.integer(id)]
            ).map { try $0.text("name") }
        }
    }
}
