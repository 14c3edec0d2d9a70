import SQL
import Testing

@Suite("The version of a database")
struct VersionTests {
    @Test("stays while nothing is written: reading and empty writes are nothing")
    func resting() async throws {
        let temporary = try TemporaryDatabase()
        let database = temporary.database
        try await database.write { try $0.execute("CREATE TABLE t (n BIGINT)") }
        let before = try #require(database.version)
        #expect(try await database.read { try $0.query("SELECT n FROM t").count } == 0)
        try await database.write { _ in }
        #expect(database.version == before)
    }

    @Test("is another one after every acknowledged write, and never an old one again")
    func writing() async throws {
        let temporary = try TemporaryDatabase()
        let database = temporary.database
        try await database.write { try $0.execute("CREATE TABLE t (n BIGINT)") }
        var seen: Set<DatabaseVersion> = []
        for number in 0..<200 {
            try await database.write { try $0.execute("INSERT INTO t VALUES (?)", [.integer(Int64(number))]) }
            let version = try #require(database.version)
            #expect(seen.insert(version).inserted)
        }
    }

    @Test("tells of what another connection wrote")
    func foreign() async throws {
        let temporary = try TemporaryDatabase()
        let database = temporary.database
        let other = try SQLiteDatabase(path: temporary.path)
        try await database.write { try $0.execute("CREATE TABLE t (n BIGINT)") }
        let before = try #require(database.version)
        try await other.write { try $0.execute("INSERT INTO t VALUES (1)") }
        #expect(database.version != before)
        #expect(database.version == other.version)
        await other.close()
        #expect(other.version == nil)
    }
}
