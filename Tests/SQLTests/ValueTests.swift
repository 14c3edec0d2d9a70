import SQL
import Testing

@Suite("Values and rows")
struct ValueTests {
    @Test("every kind of value comes back as it went in")
    func roundTrip() async throws {
        let temporary = try TemporaryDatabase()
        let values: [Value] = [
            .null, .integer(.min), .integer(.max), 0, .real(-0.5), .real(1e300), .text(""), .text("a\u{0}b"),
            .text("水 🌊 it's \"quoted\""), .blob([]), .blob(Array(0...255)), true, Value(Optional<Int>.none),
            Value("x"), Value(false), Value([1, 2] as [UInt8]),
        ]
        let answers = try await temporary.database.write { connection in
            try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
            for (id, value) in values.enumerated() {
                try connection.execute("INSERT INTO t (id, v) VALUES (?, ?)", [Value(id), value])
            }
            return try connection.query("SELECT v FROM t ORDER BY id").map { $0["v"] }
        }
        #expect(answers == values)
    }

    @Test("a column is read as what it holds, and as nothing else")
    func accessors() async throws {
        let temporary = try TemporaryDatabase()
        let row = try #require(
            try await temporary.database.read {
                try $0.first("SELECT 7 AS i, 'x' AS t, 2.5 AS r, x'0102' AS b, 1 AS f, NULL AS n")
            })
        #expect(try row.integer("i") == 7)
        #expect(try row.text("t") == "x")
        #expect(try row.real("r") == 2.5)
        #expect(try row.real("i") == 7)
        #expect(try row.bytes("b") == [1, 2])
        #expect(try row.boolean("f"))
        #expect(try row.optionalText("n") == nil)
        #expect(try row.optionalInteger("n") == nil)
        #expect(try row.optionalInteger("i") == 7)
        #expect(row["missing"] == nil)
        #expect(throws: DatabaseError.self) { try row.integer("t") }
        #expect(throws: DatabaseError.self) { try row.text("n") }
        #expect(throws: DatabaseError.self) { try row.text("missing") }
    }
}
