package import SQL

/// Git objects of small commits, kept in the database until their files are durable.
///
/// Syncing the files of one commit takes half a dozen fsyncs; a row in the transaction that moves the ref takes none of
/// its own, and that transaction shares its fsync with others. What a power cut takes of the files comes back from here,
/// so that objects are as durable as the ref that names them (law 2).
package struct ObjectJournal: Sendable {
    private let database: any Database
    private let git: GitStore

    package init(database: any Database, git: GitStore) {
        self.database = database
        self.git = git
    }

    /// How many entries are handled at a time: at most 64 KiB each.
    private static let pageSize = 256

    /// Keeps the objects of a commit, within the transaction that moves the ref.
    static func append(
        _ objects: [JournaledObject], of key: Int64, id: Int64, in connection: any Connection
    ) throws {
        guard !objects.isEmpty else { return }
        try connection.execute(
            "INSERT INTO object_journal (id, repository_id, content) VALUES (?, ?, ?)",
            [.integer(id), .integer(key), .blob(objects.flatMap(\.encoded))])
    }

    /// Puts back what a power cut took of the objects kept here. Nothing may write to the repositories before.
    /// - Returns: how many objects had to be written again.
    /// - Throws: `.storageCorrupt` when an entry cannot be read; what the database throws.
    package func recover() async throws -> Int {
        var restored = 0
        var last: Int64 = 0
        while true {
            let page = try await entries(after: last)
            guard let end = page.last?.id else { return restored }
            last = end
            for entry in page {
                try await git.create(entry.repository)
                restored += try await git.restore(entry.objects, in: entry.repository)
            }
        }
    }

    /// Makes the files durable of what is kept now, and forgets it.
    /// - Returns: how many entries are gone.
    @discardableResult
    package func settle() async throws -> Int {
        var settled = 0
        var last: Int64 = 0
        while true {
            // A sync of the whole file system serves any number of commits.
            var page: [Entry] = []
            while page.count < 16 * Self.pageSize {
                let more = try await entries(after: page.last?.id ?? last)
                page += more
                if more.count < Self.pageSize { break }
            }
            guard let end = page.last?.id else { return settled }
            last = end
            var ids: [Int64: Set<ObjectID>] = [:]
            for entry in page { ids[entry.repository, default: []].formUnion(entry.objects.map(\.id)) }
            try await git.settle(ids)
            try await forget(page.map(\.id))
            settled += page.count
        }
    }

    private struct Entry: Sendable {
        let id: Int64
        let repository: Int64
        let objects: [JournaledObject]
    }

    private func entries(after id: Int64) async throws -> [Entry] {
        try await database.read { connection in
            try connection.query(
                "SELECT id, repository_id, content FROM object_journal WHERE id > ? ORDER BY id LIMIT ?",
                [.integer(id), .integer(Int64(Self.pageSize))]
            ).map { row in
                let id = try row.integer("id")
                guard let objects = JournaledObject.parse(try row.bytes("content")) else {
                    throw HubError(.storageCorrupt, "Entry \(id) of the object journal holds no git objects.")
                }
                return Entry(id: id, repository: try row.integer("repository_id"), objects: objects)
            }
        }
    }

    private func forget(_ ids: [Int64]) async throws {
        try await database.write { connection in
            for start in stride(from: 0, to: ids.count, by: Self.pageSize) {
                let part = ids[start..<min(start + Self.pageSize, ids.count)]
                let marks = Array(repeating: "?", count: part.count).joined(separator: ", ")
                try connection.execute("DELETE FROM object_journal WHERE id IN (\(marks))", part.map(Value.integer))
            }
        }
    }
}
