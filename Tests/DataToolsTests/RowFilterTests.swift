import HubCore
import Testing

@testable import DataTools

@Suite("Conditions on rows")
struct RowFilterTests {
    static let columns = [
        TableColumn(name: "id", type: ColumnType(.int64)), TableColumn(name: "lang", type: ColumnType(.text)),
        TableColumn(name: "a \"b\"", type: ColumnType(.float64)), TableColumn(name: "day", type: ColumnType(.date)),
        TableColumn(
            name: "message", type: ColumnType(.structure, children: [ColumnType(.text)], names: ["role"])),
    ]

    @Test(
        "values never are in the text of a question",
        arguments: [
            ("\"id\" = 5", "(\"id\" = ?)", [TableRequest.Binding.integer(5)]),
            ("lang='zh' and ID>=1.5", "((\"lang\" = ?) AND (\"id\" >= ?))", [.text("zh"), .number(1.5)]),
            ("\"a \"\"b\"\"\" < -1e3", "(\"a \"\"b\"\"\" < ?)", [.number(-1000)]),
            ("NOT (\"id\" <> 1 OR \"lang\" IS NULL)", "(NOT ((\"id\" <> ?) OR (\"lang\" IS NULL)))", [.integer(1)]),
            ("\"lang\" = 'it''s'", "(\"lang\" = ?)", [.text("it's")]),
            ("\"lang\" IN ('a', 'b')", "(\"lang\" IN (?, ?))", [.text("a"), .text("b")]),
            (
                "\"day\" BETWEEN '2024-01-01' AND '2024-02-01'",
                "(\"day\" BETWEEN CAST(? AS DATE) AND CAST(? AS DATE))", [.text("2024-01-01"), .text("2024-02-01")]
            ),
            ("\"message\".\"role\" = 'user'", "(\"message\".\"role\" = ?)", [.text("user")]),
            ("\"lang\" = 5", "(\"lang\" = CAST(? AS VARCHAR))", [.integer(5)]),
            ("\"lang\" NOT LIKE '%x%'", "(CAST(\"lang\" AS VARCHAR) NOT LIKE ? ESCAPE '\\')", [.text("%x%")]),
        ])
    func reads(_ text: String, _ sql: String, _ bindings: [TableRequest.Binding]) throws {
        let filter = try RowFilter(parsing: text, columns: Self.columns)
        #expect(filter.sql == sql)
        #expect(filter.bindings == bindings)
    }

    @Test(
        "what is no condition is refused",
        arguments: [
            "", "1 = 1", "\"id\"", "\"id\" =", "= 1", "\"id\" = 1;", "\"id\" = 1 --", "\"id\" = 1 /* */",
            "\"id\" = (SELECT 1)", "\"none\" = 1", "\"id\" = \"id\"", "\"lang\" = 'a", "\"lang", "\"id\" ! 1",
            "\"id\" = 1 OR", "\"id\" = 1 UNION SELECT 2", "read_text('/etc/passwd') = ''", "\"id\" = 1e999",
            "\"lang\" = 'a\u{0}b'", "\"id\" IN ()", "\"id\" IN (1", "\"id\" BETWEEN 1", "\"id\" IS 5",
            "\"lang\" LIKE 5", String(repeating: "(", count: 10_000), String(repeating: "NOT ", count: 4_000) + "id=1",
            "id IN (" + Array(repeating: "1", count: 600).joined(separator: ",") + ")",
            String(repeating: "x", count: 20_000),
        ])
    func refuses(_ text: String) {
        #expect(throws: HubError.self) { try RowFilter(parsing: text, columns: Self.columns) }
    }

    @Test(
        "what a form says can be read again",
        arguments: ["contains", "=", "<>", ">", ">=", "<", "<=", "null", "notnull"])
    func form(_ operation: String) throws {
        for value in ["zh", "it's \"quoted\" 100%_\\", "'; DROP VIEW data; --", "5", ""] {
            for column in Self.columns.prefix(3) {
                let text = try #require(
                    RowFilter.text(column: column.name, operation: operation, value: value, type: column.type))
                let filter = try RowFilter(parsing: text, columns: Self.columns)
                #expect(!filter.sql.contains("DROP"))
            }
        }
    }

    @Test("orders name columns")
    func order() throws {
        #expect(
            try RowOrder(parsing: "\"id\" DESC, lang", columns: Self.columns).sql
                == "\"id\" DESC NULLS LAST, \"lang\" ASC NULLS LAST")
        for text in ["", "nothing", "\"id\"; DROP VIEW data", "(SELECT 1)", "1"] {
            #expect(throws: HubError.self) { try RowOrder(parsing: text, columns: Self.columns) }
        }
    }
}

@Suite("What a question may be")
struct QuestionTests {
    @Test(
        "only what reads is begun",
        arguments: ["select 1", " (WITH x AS (SELECT 1) FROM x)", "-- a\nFROM data", "/* */ VALUES (1)"])
    func reading(_ sql: String) { #expect(TableDatabase.isReading(sql)) }

    @Test(
        "what changes or asks about the engine is not",
        arguments: ["PRAGMA version", "SET x=1", "", "--", "/* select", "COPY data TO 'x'"])
    func others(_ sql: String) { #expect(!TableDatabase.isReading(sql)) }
}

@Suite("Values as JSON")
struct CellTests {
    @Test("texts are escaped and cut between characters")
    func text() {
        var cell = CellWriter(limit: 1_000)
        cell.text("a\"b\\c\n\u{1}é")
        #expect(String(decoding: cell.bytes, as: UTF8.self) == #""a\"b\\c\n\u0001é""#)
        var short = CellWriter(limit: 17)
        short.text(String(repeating: "é", count: 40))
        #expect(short.isCut)
        #expect(String(validating: short.bytes, as: UTF8.self) != nil)
    }

    @Test("blobs are base64", arguments: [([UInt8](), ""), ([1], "AQ=="), ([1, 2], "AQI="), ([1, 2, 3], "AQID")])
    func blob(_ bytes: [UInt8], _ text: String) {
        var cell = CellWriter(limit: 1_000)
        bytes.withUnsafeBytes { cell.blob($0) }
        #expect(String(decoding: cell.bytes, as: UTF8.self) == "{\"bytes\":\"\(text)\",\"size\":\(bytes.count)}")
    }

    @Test(
        "times are those of ISO 8601",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00"), (-1, "1969-12-31T23:59:59.999999"),
            (951_782_400_000_000, "2000-02-29T00:00:00"), (1_735_689_599_500_000, "2024-12-31T23:59:59.500000"),
        ])
    func time(_ micros: Int64, _ text: String) { #expect(TimeFormat.timestamp(micros, unit: "us") == text) }
}
