import Foundation
import HubCore
import Testing

@testable import DataTools

@Suite("footers of Parquet files")
struct ParquetFooterTests {
    static func file(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: folder.appending(path: "Fixtures/tables/\(name)")))
    }

    static func footer(of file: [UInt8]) throws -> ParquetFooter {
        let length = try ParquetFooter.length(byTail: file.suffix(8), ofFile: Int64(file.count), named: "a file")
        return try ParquetFooter(
            Array(file.dropLast(8).suffix(Int(length))), ofFile: Int64(file.count), named: "a file")
    }

    @Test(
        "tells the groups of rows as their writers count them",
        arguments: [
            ("groups.parquet", [Int64(2_048), 2_048, 904]), ("pyarrow.parquet", [300, 300, 300, 100]),
        ])
    func groups(_ name: String, _ rows: [Int64]) throws {
        let file = try Self.file(name)
        let footer = try Self.footer(of: file)
        #expect(footer.groups.map(\.rows) == rows)
        #expect(footer.rows == rows.reduce(0, +))
        #expect(footer.groups.allSatisfy { $0.bytes.lowerBound >= 4 && $0.bytes.upperBound <= footer.offset })
    }

    @Test("the groups that hold rows, and their first row")
    func holding() throws {
        let footer = try Self.footer(of: try Self.file("groups.parquet"))
        #expect(footer.groups(holding: 0..<100) == (0..<1, 0))
        #expect(footer.groups(holding: 2_000..<2_100) == (0..<2, 0))
        #expect(footer.groups(holding: 2_048..<2_049) == (1..<2, 2_048))
        #expect(footer.groups(holding: 4_999..<9_000) == (2..<3, 4_096))
        #expect(footer.groups(holding: 5_000..<5_100) == (0..<0, 0))
        #expect(footer.groups(holding: 10..<10) == (0..<0, 0))
    }

    @Test(
        "a footer with some groups is one of a file with their rows, at the same places",
        arguments: [0..<0, 1..<2, 0..<3])
    func cut(_ chosen: Range<Int>) throws {
        let file = try Self.file("groups.parquet")
        let footer = try Self.footer(of: file)
        let made = Array(file[..<Int(footer.offset)]) + footer.end(with: chosen)
        let read = try Self.footer(of: made)
        #expect(read.groups.map(\.rows) == footer.groups[chosen].map(\.rows))
        #expect(read.groups.map(\.bytes) == footer.groups[chosen].map(\.bytes))
        #expect(read.offset == footer.offset)
        if chosen.count == 3 { #expect(made == file) }
    }

    @Test("what was made to harm ends in an error of its own")
    func hostile() throws {
        let length: (Int) -> [UInt8] = { count in [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: count >> $0) } }
        let mark = Array("PAR1".utf8)
        let bomb = [UInt8](
            (0..<200).flatMap { _ in [0x15, 0x02, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07] as [UInt8] })
        let deep = [UInt8](repeating: 0x1C, count: 100_000)
        for file in [
            [], mark + mark, mark + length(0) + mark, mark + length(0x7FFF_FFF0) + mark,
            mark + bomb + length(bomb.count) + mark, mark + deep + length(deep.count) + mark,
            mark + [0] + length(1) + Array("PARE".utf8),
        ] {
            #expect(throws: HubError.self) { try Self.footer(of: file) }
        }
    }

    @Test("bits that were turned in a footer crash nothing and lead nowhere beyond the file")
    func flipped() throws {
        let file = try Self.file("pyarrow.parquet")
        let begin = Int(try Self.footer(of: file).offset)
        var chance = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var broken = file
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                broken[Int.random(in: begin..<file.count, using: &chance)] ^= UInt8.random(in: 1...255, using: &chance)
            }
            guard let footer = try? Self.footer(of: broken) else { continue }
            _ = footer.end(with: footer.groups(holding: 0..<100).groups)
            #expect(footer.groups.allSatisfy { $0.bytes.lowerBound >= 4 && $0.bytes.upperBound <= Int64(file.count) })
        }
    }
}

@Test(
    "the beginning of a file of rows is cut where a row ends",
    arguments: [
        (TableFormat.csv, "a,b\n1,\"x\ny\"\n2,\"half\n", Optional("a,b\n1,\"x\ny\"\n")),
        (.csv, "no line ends", nil),
        (.jsonl, "{\"a\": \"\\\"\"}\n{\"a\":", "{\"a\": \"\\\"\"}\n"),
        (.json, "[{\"a\":\"]\\\"}\"},{\"a\":[1,2]},{\"a\":", "[{\"a\":\"]\\\"}\"},{\"a\":[1,2]}]"),
        (.json, "[]", nil), (.json, "7", nil),
    ])
func head(_ format: TableFormat, _ text: String, _ expected: String?) {
    #expect(TableHead.cut(Array(text.utf8), format: format).map { String(decoding: $0, as: UTF8.self) } == expected)
}
