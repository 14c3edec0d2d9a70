import SQL

extension HubError {
    /// What people are told when the database could not take a write for a reason that is not ours; nil for other errors.
    package init?(ofDatabase error: any Error) {
        guard let error = error as? DatabaseError else { return nil }
        switch error.kind {
        case .full:
            self.init(
                .storageFull, "There is no room for the database.", remedy: "Free space on the data volume.",
                retryAfter: 60)
        case .busy:
            self.init(
                .conflict, "The database is held by another process.", remedy: "Try again.", status: 503, retryAfter: 1)
        case .constraint, .corrupt, .readOnly, .misuse, .other: return nil
        }
    }
}
