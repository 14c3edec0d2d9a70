import Foundation
import SQL
import Testing

@Suite("Writes")
struct WriteTests {
    private func counterTable() async throws -> TemporaryDatabase {
        let temporary = try TemporaryDatabase()
        try await temporary.database.write { connection in
            try connection.execute(
                """
                CREATE TABLE parent (id BIGINT NOT NULL PRIMARY KEY);
                -- checked at the commit
                CREATE TABLE child (id BIGINT NOT NULL PRIMARY KEY,
                    parent BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
                CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL CHECK (n >= 0));
                """)
        }
        return temporary
    }

    private func count(_ table: String, in database: SQLiteDatabase) async throws -> Int64? {
        try await database.read { try $0.first("SELECT COUNT(*) AS n FROM \(table)")?.integer("n") }
    }

    @Test("two hundred writers at once all get their own answer, and those that throw leave nothing")
    func groupCommit() async throws {
        let temporary = try await counterTable()
        let database = temporary.database
        let outcomes = await withTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
            for id in 0..<200 {
                group.addTask {
                    do {
                        let answer = try await database.write { connection in
                            try connection.execute("INSERT INTO t (id, n) VALUES (?, 1)", [Value(id)])
                            if id % 5 == 0 { throw Deliberate() }
                            return id
                        }
                        return (id, .success(answer))
                    } catch {
                        return (id, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [Int: Result<Int, any Error>]()) { $0[$1.0] = $1.1 }
        }
        #expect(outcomes.count == 200)
        for (id, outcome) in outcomes {
            switch outcome {
            case .success(let answer): #expect(answer == id && id % 5 != 0)
            case .failure(let error): #expect(error is Deliberate && id % 5 == 0)
            }
        }
        #expect(try await count("t", in: database) == 160)
    }

    @Test("writes that queue up behind a slow one share a commit")
    func sharing() async throws {
        let temporary = try await counterTable()
        let database = temporary.database
        let gate = Gate()
        // Every commit appends the pages it changed to the log: at least one frame of 4 KiB.
        func framesInLog() throws -> Int {
            let size = try FileManager.default.attributesOfItem(atPath: temporary.path + "-wal")[.size] as? Int
            return (size ?? 0) / 4096
        }
        async let slow: Void = database.write { connection in
            gate.enterAndWait()
            try connection.execute("INSERT INTO t (id, n) VALUES (1000, 1)")
        }
        await gate.entered()
        let before = try framesInLog()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 0..<50 {
                group.addTask {
                    _ = try await database.write { connection in
                        try connection.execute("INSERT INTO t (id, n) VALUES (?, 1)", [Value(id)])
                    }
                }
            }
            // Those that are not queued when the gate opens queue up behind the fsync.
            group.addTask { gate.open() }
            try await group.waitForAll()
        }
        try await slow
        let after = try framesInLog()
        #expect(try await count("t", in: database) == 51)
        #expect(after - before < 20)
    }

    @Test("an error that the body catches takes back its statement only")
    func nestedErrors() async throws {
        let temporary = try await counterTable()
        let kind = try await temporary.database.write { connection -> DatabaseError.Kind? in
            try connection.execute("INSERT INTO t (id, n) VALUES (1, 1)")
            var kind: DatabaseError.Kind?
            do {
                try connection.execute("INSERT INTO t (id, n) VALUES (1, 2)")
            } catch let error as DatabaseError {
                kind = error.kind
            }
            try connection.execute("INSERT INTO t (id, n) VALUES (2, 2)")
            return kind
        }
        #expect(kind == .constraint(.unique))
        #expect(try await count("t", in: temporary.database) == 2)
    }

    @Test("constraint errors name their kind and carry the statement")
    func constraints() async throws {
        let temporary = try await counterTable()
        let check = await #expect(throws: DatabaseError.self) {
            try await temporary.database.write { try $0.execute("INSERT INTO t (id, n) VALUES (1, ?)", [-1]) }
        }
        #expect(check?.kind == .constraint(.other))
        #expect(check?.sql == "INSERT INTO t (id, n) VALUES (1, ?)")
    }

    @Test("a foreign key that is checked at the commit fails its own write, not the group")
    func deferredForeignKey() async throws {
        let temporary = try await counterTable()
        let database = temporary.database
        async let good: Void = database.write { try $0.execute("INSERT INTO parent (id) VALUES (1)") }
        async let bad: Void = database.write { try $0.execute("INSERT INTO child (id, parent) VALUES (1, 99)") }
        try await good
        do {
            try await bad
            Issue.record("the write was taken")
        } catch let error as DatabaseError {
            #expect(error.kind == .constraint(.foreign))
        }
        #expect(try await count("parent", in: database) == 1)
        #expect(try await count("child", in: database) == 0)
    }

    @Test("a body can neither end its transaction nor use its connection later")
    func misuse() async throws {
        let temporary = try await counterTable()
        for sql in ["COMMIT", " rollback", "BEGIN", "SAVEPOINT a", "Release one_write"] {
            let error = await #expect(throws: DatabaseError.self) {
                try await temporary.database.write { try $0.execute(sql) }
            }
            #expect(error?.kind == .misuse)
        }
        let leak = Leak()
        try await temporary.database.write { leak.keep($0) }
        let error = #expect(throws: DatabaseError.self) { try leak.use() }
        #expect(error?.kind == .misuse)
        for (sql, arguments) in [("SELECT ?", []), ("SELECT 1", [1]), ("SELECT 1; SELECT 2", [])] as [(String, [Value])]
        {
            await #expect(throws: DatabaseError.self) {
                try await temporary.database.read { try $0.query(sql, arguments) }
            }
        }
    }

    @Test("a full disk is reported as such, and writes succeed again once there is space")
    func full() async throws {
        let temporary = try await counterTable()
        let database = temporary.database
        try await database.write { connection in
            try connection.execute("CREATE TABLE big (data TEXT)")
            let pages = try connection.first("PRAGMA page_count")?.integer("page_count") ?? 0
            try connection.execute("PRAGMA max_page_count = \(pages + 4)")
        }
        let filler = String(repeating: "x", count: 200_000)
        let error = await #expect(throws: DatabaseError.self) {
            try await database.write { try $0.execute("INSERT INTO big (data) VALUES (?)", [Value(filler)]) }
        }
        #expect(error?.kind == .full)
        try await database.write { try $0.execute("INSERT INTO t (id, n) VALUES (1, 1)") }
        try await database.write { try $0.execute("PRAGMA max_page_count = 100000") }
        try await database.write { try $0.execute("INSERT INTO big (data) VALUES (?)", [Value(filler)]) }
        #expect(try await count("big", in: database) == 1)
        #expect(try await count("t", in: database) == 1)
    }

    @Test("an upsert inserts first and overwrites afterwards")
    func upsert() async throws {
        let temporary = try await counterTable()
        let answer = try await temporary.database.write { connection in
            try connection.upsert(into: "t", key: [("id", 1)], values: [("n", 1)])
            try connection.upsert(into: "t", key: [("id", 1)], values: [("n", 2)])
            try connection.upsert(into: "parent", key: [("id", 5)], values: [])
            try connection.upsert(into: "parent", key: [("id", 5)], values: [])
            return try connection.query("SELECT n FROM t").map { try $0.integer("n") }
        }
        #expect(answer == [2])
        await #expect(throws: DatabaseError.self) {
            try await temporary.database.write { try $0.upsert(into: "t; DROP TABLE t", key: [("id", 1)], values: []) }
        }
    }

    @Test("the number of changed rows is that of the statement")
    func changes() async throws {
        let temporary = try await counterTable()
        let counts = try await temporary.database.write { connection in
            [
                try connection.execute("INSERT INTO t (id, n) VALUES (1, 1), (2, 1), (3, 1)"),
                try connection.execute("CREATE TABLE u (id BIGINT)"),
                try connection.execute("UPDATE t SET n = 2 WHERE id > ?", [1]),
                try connection.execute("UPDATE t SET n = 2 WHERE id > ?", [7]),
                try connection.execute("SELECT 1"),
                try connection.execute("DELETE FROM t"),
            ]
        }
        #expect(counts == [3, 0, 2, 0, 0, 3])
    }

    @Test("a closed database finishes what is queued and refuses what comes later")
    func closing() async throws {
        let temporary = try await counterTable()
        async let last: Void = temporary.database.write { try $0.execute("INSERT INTO t (id, n) VALUES (1, 1)") }
        try await last
        await temporary.database.close()
        await temporary.database.close()
        await #expect(throws: DatabaseError.self) { try await temporary.database.write { _ in } }
        await #expect(throws: DatabaseError.self) { try await temporary.database.read { _ in } }
    }
}

/// Keeps a connection longer than it may be kept.
private final class Leak: @unchecked Sendable {
    private var connection: (any Connection)?
    func keep(_ connection: any Connection) { self.connection = connection }
    func use() throws { try connection?.execute("SELECT 1") }
}
