import SQL
import Testing

@Suite("Two databases on one file")
struct SharingTests {
    @Test("their writers take turns and lose nothing")
    func racing() async throws {
        let temporary = try TemporaryDatabase()
        let first = temporary.database
        let second = try SQLiteDatabase(path: temporary.path)
        try await first.write { try $0.execute("CREATE TABLE t (n BIGINT); INSERT INTO t VALUES (0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await (number % 2 == 0 ? first : second).write { connection in
                        // Read, then write: only a lock held from the start keeps the sum right.
                        let n = try connection.first("SELECT n FROM t")?.integer("n") ?? 0
                        try connection.execute("UPDATE t SET n = ?", [Value(n + 1)])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await second.read { try $0.first("SELECT n FROM t")?.integer("n") } == 100)
        await second.close()
    }

    @Test("a writer that waits too long for the other is told that the database is busy, and recovers")
    func busy() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.database.write { try $0.execute("CREATE TABLE t (n BIGINT)") }
        let impatient = try SQLiteDatabase(path: temporary.path, busyTimeout: .zero)
        let gate = Gate()
        let database = temporary.database
        async let holding: Void = database.write { _ in gate.enterAndWait() }
        await gate.entered()
        let error = await #expect(throws: DatabaseError.self) {
            try await impatient.write { try $0.execute("INSERT INTO t VALUES (1)") }
        }
        #expect(error?.kind == .busy)
        gate.open()
        try await holding
        try await impatient.write { try $0.execute("INSERT INTO t VALUES (1)") }
        await impatient.close()
    }

    @Test("opening a new file many times at once works")
    func opening() async throws {
        let temporary = try TemporaryDatabase()
        let path = temporary.path + "-fresh"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let database = try SQLiteDatabase(path: path, readers: 1)
                    try await database.write { try $0.execute("CREATE TABLE IF NOT EXISTS t (n BIGINT)") }
                    await database.close()
                }
            }
            try await group.waitForAll()
        }
    }
}
