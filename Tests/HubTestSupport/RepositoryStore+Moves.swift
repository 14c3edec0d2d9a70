import SQL
import Testing

@testable package import HubCore

extension RepositoryStore {
    /// Moves one ref as the operator, for what a test needs to be there; that of a pull request without the pull request.
    package func moveRef(
        _ name: RefName, of key: Int64, from expected: ObjectID?, to target: ObjectID, changeLog: String,
        card: Card?, tags: [String], links: [BlobLink]
    ) async throws {
        if name.name.hasPrefix("refs/pr/") { return try await insert(name, of: key, at: target) }
        let repository = try await opened(key)
        try await updateRefs(
            [RefUpdate(name, from: expected, to: target)], of: repository, changeLog: changeLog,
            head: HeadFacts(commit: target, card: card ?? .empty, kind: repository.id.kind), links: links)
    }

    /// Makes a ref as the operator; that of a pull request without the pull request.
    package func createRef(_ name: RefName, of key: Int64, at target: ObjectID) async throws {
        if name.name.hasPrefix("refs/pr/") { return try await insert(name, of: key, at: target) }
        try await updateRefs(
            [.creation(name, at: target)], of: opened(key), changeLog: "", head: nil, links: [])
    }

    private func insert(_ name: RefName, of key: Int64, at target: ObjectID) async throws {
        try await database.write { connection in
            try connection.execute(
                "INSERT INTO refs (repository_id, name, target) VALUES (?, ?, ?)",
                [.integer(key), .text(name.name), .text(target.hex)])
        }
    }

    private func opened(_ key: Int64) async throws -> Repository {
        let row = try await database.read { connection in
            try connection.first("SELECT \(Self.columns) FROM repositories r WHERE r.id = ?", [.integer(key)])
                .map(Self.record)
        }
        return Repository(record: try #require(row), principal: .operator, verb: .contentWrite)
    }
}
