import Foundation
import SQL
import Testing

@Suite("Reads")
struct ReadTests {
    @Test("a read sees one snapshot, whatever is written meanwhile")
    func snapshot() async throws {
        let temporary = try TemporaryDatabase()
        let database = temporary.database
        try await database.write { connection in
            try connection.execute("CREATE TABLE t (id BIGINT); INSERT INTO t VALUES (1)")
        }
        let gate = Gate()
        async let counts = database.read { connection in
            let before = try connection.first("SELECT COUNT(*) AS n FROM t")?.integer("n")
            gate.enterAndWait()
            return [before, try connection.first("SELECT COUNT(*) AS n FROM t")?.integer("n")]
        }
        await gate.entered()
        try await database.write { try $0.execute("INSERT INTO t VALUES (2)") }
        gate.open()
        #expect(try await counts == [1, 1])
        #expect(try await database.read { try $0.query("SELECT id FROM t").count } == 2)
    }

    @Test("a read cannot write")
    func refusesWriting() async throws {
        let temporary = try TemporaryDatabase()
        let error = await #expect(throws: DatabaseError.self) {
            try await temporary.database.read { try $0.execute("CREATE TABLE t (id BIGINT)") }
        }
        #expect(error?.kind == .readOnly)
    }

    @Test("streaming stops when the body says so, and the same statement may run inside itself")
    func streaming() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.database.write { connection in
            try connection.execute("CREATE TABLE t (id BIGINT)")
            for id in 0..<100 { try connection.execute("INSERT INTO t VALUES (?)", [Value(id)]) }
        }
        let seen = try await temporary.database.read { connection -> [Int64] in
            var seen: [Int64] = []
            try connection.forEach("SELECT id FROM t ORDER BY id") { outer in
                try connection.forEach("SELECT id FROM t ORDER BY id") { inner in
                    seen.append(try inner.integer("id"))
                    return false
                }
                return try outer.integer("id") < 2
            }
            return seen
        }
        #expect(seen == [0, 0, 0])
    }

    @Test("cached statements follow a change of the schema, their own process's and another's")
    func schemaChange() async throws {
        let temporary = try TemporaryDatabase(readers: 1)
        let database = temporary.database
        let select = "SELECT * FROM t"
        try await database.write { try $0.execute("CREATE TABLE t (a BIGINT); INSERT INTO t VALUES (1)") }
        _ = try await database.read { try $0.query(select) }
        try await database.write { try $0.execute("ALTER TABLE t ADD COLUMN b BIGINT DEFAULT 2") }
        let wider = try await database.read { try $0.first(select) }
        #expect(try wider?.integer("b") == 2)
        let other = try SQLiteDatabase(path: temporary.path)
        try await other.write { try $0.execute("ALTER TABLE t RENAME COLUMN a TO c") }
        await other.close()
        let renamed = try await database.read { try $0.first(select) }
        #expect(try renamed?.integer("c") == 1)
    }

    @Test("more different statements than the cache holds do no harm")
    func cacheBound() async throws {
        let temporary = try TemporaryDatabase(readers: 1)
        for round in 0..<2 {
            for number in 0..<400 {
                let row = try await temporary.database.read { try $0.first("SELECT \(number) AS n") }
                #expect(try row?.integer("n") == Int64(number), "round \(round)")
            }
        }
    }

    @Test("a file that is no database is corrupt, not empty")
    func corrupt() async throws {
        let temporary = try TemporaryDatabase()
        let path = temporary.directory.appendingPathComponent("other.sqlite").path
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: DatabaseError.self) { _ = try SQLiteDatabase(path: path) }
        #expect(error?.kind == .corrupt)
    }

    @Test("the files are readable by their owner only")
    func permissions() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.database.write { try $0.execute("CREATE TABLE t (a BIGINT)") }
        for suffix in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: temporary.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
    }
}
