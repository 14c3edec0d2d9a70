import SQL

/// What an owner says about a repository beside its card.
package struct RepositoryProfile: Sendable, Hashable {
    /// Another name for people; nil for the repository's own.
    package var nickname: String?
    package var description: String?
    /// How much an administrator lifts it in recommendations; 0 for not at all.
    package internal(set) var weight: Int64 = 0

    package static let empty = RepositoryProfile()

    static let nicknameSetting = "nickname"
    static let descriptionSetting = "description"
    static let weightSetting = "op_weight"
    /// The settings that a profile is kept in.
    static let settingNames = [nicknameSetting, descriptionSetting]

    package init(nickname: String? = nil, description: String? = nil) {
        self.nickname = nickname
        self.description = description
    }
}

extension RepositoryStore {
    /// The profiles of these repositories, by key; none for a repository that nobody said anything about.
    package func profiles(of keys: [Int64]) async throws -> [Int64: RepositoryProfile] {
        guard !keys.isEmpty else { return [:] }
        let marks = keys.map { _ in "?" }.joined(separator: ", ")
        return try await database.read { connection in
            let rows = try connection.query(
                """
                SELECT repository_id, name, content FROM repository_settings
                WHERE repository_id IN (\(marks)) AND name IN (
                    '\(RepositoryProfile.nicknameSetting)', '\(RepositoryProfile.descriptionSetting)',
                    '\(RepositoryProfile.weightSetting)')
                """, keys.map(Value.integer))
            var found: [Int64: RepositoryProfile] = [:]
            for row in rows {
                let key = try row.integer("repository_id")
                switch (try row.text("name"), JSONText.decode(try row.text("content"))) {
                case (RepositoryProfile.nicknameSetting, .string(let text)):
                    found[key, default: .empty].nickname = text
                case (RepositoryProfile.descriptionSetting, .string(let text)):
                    found[key, default: .empty].description = text
                case (RepositoryProfile.weightSetting, .integer(let weight)):
                    found[key, default: .empty].weight = weight
                default: continue
                }
            }
            return found
        }
    }

    /// Lifts a repository in recommendations, a mirrored one as well: it says nothing of what is in it.
    /// - Throws: `.forbidden` for who is no administrator; `.badRequest` for what is no weight.
    package func setWeight(_ weight: Int64, of repository: Repository) async throws {
        guard repository.principal.isAdministrator else {
            throw HubError(.forbidden, "Only administrators weigh repositories.")
        }
        guard (-1_000_000...1_000_000).contains(weight) else {
            throw HubError(.badRequest, "A weight is a number from -1000000 to 1000000.")
        }
        try await set(RepositoryProfile.weightSetting, to: .integer(weight), of: repository)
    }

    /// Writes what `profile` has; what is nil there stays.
    func set(_ profile: RepositoryProfile, of repository: Repository) async throws {
        if let nickname = profile.nickname {
            try await set(RepositoryProfile.nicknameSetting, to: .string(nickname), of: repository)
        }
        if let text = profile.description {
            try await set(RepositoryProfile.descriptionSetting, to: .string(text), of: repository)
        }
    }
}

extension RepositoryService {
    /// Changes what is said about a repository; what is nil stays.
    /// - Parameter repository: opened for `.settings`, or to be written by its maker.
    /// - Throws: `.badRequest` for texts that are too long.
    package func set(_ profile: RepositoryProfile, of repository: Repository) async throws {
        guard repository.verb == .settings || repository.verb == .contentWrite, !repository.isMirror else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue).")
        }
        try await store.set(profile, of: repository)
    }
}
