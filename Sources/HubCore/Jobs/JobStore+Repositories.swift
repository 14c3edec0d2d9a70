import SQL

extension JobStore {
    /// The last job of a kind about each of these repositories, whatever revision it is about; without those that have
    /// none. Subjects are `model:acme/demo` or `model:acme/demo@main`.
    package func latest(of kind: String, about repositories: [RepositoryID]) async throws -> [RepositoryID: Job] {
        guard !repositories.isEmpty else { return [:] }
        return try await database.read { connection in
            var found: [RepositoryID: Job] = [:]
            for id in repositories {
                let subject = id.description
                let whole = try connection.first(
                    "SELECT * FROM jobs WHERE subject = ? AND kind = ? ORDER BY id DESC LIMIT 1",
                    [.text(subject), .text(kind)]
                ).map(Self.job)
                // No name has an `@`: what begins so is about a revision of this repository. `A` comes next to it.
                let ofRevision = try connection.first(
                    "SELECT * FROM jobs WHERE subject > ? AND subject < ? AND kind = ? ORDER BY id DESC LIMIT 1",
                    [.text("\(subject)@"), .text("\(subject)A"), .text(kind)]
                ).map(Self.job)
                found[id] = [whole, ofRevision].compactMap(\.self).max { $0.id < $1.id }
            }
            return found
        }
    }
}
