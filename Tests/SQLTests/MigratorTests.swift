import SQL
import Testing

@Suite("Migrations")
struct MigratorTests {
    private static let one = Migration(
        number: 1, name: "accounts",
        sql: "CREATE TABLE account (id BIGINT PRIMARY KEY); CREATE TABLE extra (id BIGINT);")
    private static let two = Migration(
        number: 2, name: "names", sql: "-- of people\nALTER TABLE account ADD COLUMN name VARCHAR(80); -- done")

    private func versions(_ database: SQLiteDatabase) async throws -> [Int64] {
        try await database.read { connection in
            try connection.query("SELECT number FROM schema_version ORDER BY number").map { try $0.integer("number") }
        }
    }

    @Test("each is applied once, in order, and later ones join")
    func forward() async throws {
        let temporary = try TemporaryDatabase()
        try await Migrator([Self.one], now: { 42 }).migrate(temporary.database)
        try await Migrator([Self.one]).migrate(temporary.database)
        try await Migrator([Self.two, Self.one]).migrate(temporary.database)
        try await Migrator([Self.one, Self.two]).migrate(temporary.database)
        #expect(try await versions(temporary.database) == [1, 2])
        let first = try await temporary.database.read {
            try $0.first("SELECT name, applied_at FROM schema_version WHERE number = ?", [1])
        }
        #expect(try first?.text("name") == "accounts")
        #expect(try first?.integer("applied_at") == 42)
    }

    @Test("many at once apply each migration once")
    func atOnce() async throws {
        let temporary = try TemporaryDatabase()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let database = try SQLiteDatabase(path: temporary.path, readers: 1)
                    try await Migrator([Self.one, Self.two]).migrate(database)
                    await database.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(try await versions(temporary.database) == [1, 2])
    }

    @Test("a changed, missing, doubled or unknown migration is refused")
    func refusals() async throws {
        let temporary = try TemporaryDatabase()
        try await Migrator([Self.one, Self.two]).migrate(temporary.database)
        let changed = Migration(number: 2, name: "names", sql: Self.two.sql + " ")
        let unasked: [[Migration]] = [[Self.one, changed], [Self.one], [Self.two], [Self.one, Self.two, Self.two]]
        for migrations in unasked {
            let error = await #expect(throws: DatabaseError.self) {
                try await Migrator(migrations).migrate(temporary.database)
            }
            #expect(error?.kind == .misuse)
        }
    }

    @Test("one that fails leaves the schema as it was")
    func failing() async throws {
        let temporary = try TemporaryDatabase()
        try await Migrator([Self.one]).migrate(temporary.database)
        let broken = Migration(
            number: 3, name: "broken", sql: "CREATE TABLE half (id BIGINT); CREATE TABLE account (x BIGINT)")
        await #expect(throws: DatabaseError.self) {
            try await Migrator([Self.one, Self.two, broken]).migrate(temporary.database)
        }
        #expect(try await versions(temporary.database) == [1])
        await #expect(throws: DatabaseError.self) {
            try await temporary.database.read { try $0.query("SELECT * FROM half") }
        }
    }
}
