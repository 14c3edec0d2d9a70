package import SQL

/// Git objects of small commits, kept in the database until their files are durable.
///
/// Syncing the files of one commit takes half a dozen fsyncs; a row in the transaction that moves the ref takes none of
/// its own, and that transaction shares its fsync with others. What a power cut takes of the files comes back from here,
/// so that objects are as durable as the ref that names them (law 2). The files are there at once for everyone who
/// reads: what is put off is their durability alone.
package struct ObjectJournal: Sendable {
    private let database: any Database
    private let git: GitStore

    package init(database: any Database, git: GitStore) {
        self.database = database
        self.git = git
    }

    /// How many entries are handled at a time: at most 64 KiB each.
    private static let pageSize = 256
    /// Above this many entries, one sync of the whole file system is cheaper than some for each.
    private static let wholeFileSystemThreshold = 24

    /// How much the journal may hold.
    package var room: JournalRoom { git.journalRoom }

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

    /// Counts what an earlier process left, so that the journal keeps its bounds.
    func countLeftovers() async throws {
        let sizes = try await sizes()
        room.take(rows: sizes.count, bytes: sizes.reduce(0) { $0 + $1.bytes })
    }

    /// Makes the files durable of what is kept now, and forgets it.
    /// - Returns: how many entries are gone.
    @discardableResult
    package func settle() async throws -> Int {
        let kept = try await sizes()
        guard !kept.isEmpty else { return 0 }
        if kept.count <= Self.wholeFileSystemThreshold {
            try await syncFiles()
        } else if try await !git.settleEverything() {
            try await syncFiles()
        }
        try await forget(kept)
        return kept.count
    }

    private struct Entry: Sendable {
        let id: Int64
        let repository: Int64
        let objects: [JournaledObject]
    }

    private struct Size: Sendable {
        let id: Int64
        let bytes: Int
    }

    private func syncFiles() async throws {
        var last: Int64 = 0
        while true {
            let page = try await entries(after: last)
            guard let end = page.last?.id else { return }
            last = end
            var ids: [Int64: Set<ObjectID>] = [:]
            for entry in page { ids[entry.repository, default: []].formUnion(entry.objects.map(\.id)) }
            try await git.settle(ids)
        }
    }

    private func sizes() async throws -> [Size] {
        try await database.read { connection in
            try connection.query("SELECT id, LENGTH(content) AS bytes FROM object_journal", []).map { row in
                Size(id: try row.integer("id"), bytes: Int(try row.integer("bytes")))
            }
        }
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

    /// A page at a time: commits that wait for the writer come in between.
    private func forget(_ entries: [Size]) async throws {
        for start in stride(from: 0, to: entries.count, by: Self.pageSize) {
            let part = entries[start..<min(start + Self.pageSize, entries.count)]
            try await database.write { connection in
                let marks = Array(repeating: "?", count: part.count).joined(separator: ", ")
                try connection.execute(
                    "DELETE FROM object_journal WHERE id IN (\(marks))", part.map { .integer($0.id) })
            }
            room.giveBack(rows: part.count, bytes: part.reduce(0) { $0 + $1.bytes })
        }
    }
}
