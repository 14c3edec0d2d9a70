import Foundation
import Testing

@testable import HubCore

@Suite("Patterns of .gitignore and .gitattributes")
struct PathPatternTests {
    private static let paths = [
        "a", "b", "a.log", "keep.log", "x/a.log", "x/y/a.log", "build", "build/out", "x/build/out", "docs/a.txt",
        "docs/b/a.txt", "docs/b/c/a.txt", "x/docs/a.txt", "[a].txt", "a b", "a b ", "é.txt", "#hash", "!bang", "a*b",
        "aXb", "foo/bar", "foo/x/bar", "foo/x/y/bar", "xfoo/bar", "saved_model/v", "saved_model/a/b", "AB", "ab",
        "9.bin",
        "model.tar.gz", "deep/model.tar.gz", ".hidden", "x/.hidden", "trailing\\", "-", "a]b",
    ]

    @Test("ignore what git ignores")
    func ignoring() throws {
        let fixture = try GitFixture()
        let rules = """
            # a comment
            *.log
            !keep.log
            build/
            /docs/*.txt
            docs/**/c
            **/foo/bar
            foo/**/bar
            a\\*b
            \\#hash
            \\!bang
            [[:digit:]]*.bin
            [!a-z]B
            x/y/**
            !x/y/a.log
            a\\ b
            trailing\\
            [z-a]
            [unclosed
            always

            """
        let work = try fixture.workspace()
        try fixture.git(["config", "core.quotePath", "false"], in: work.directory)
        try Self.write(rules, to: work.directory + "/.gitignore")
        let paths = Self.paths + ["always"]
        let output = try fixture.git(
            ["check-ignore", "--no-index", "-z", "--stdin"], in: work.directory,
            input: Array(paths.joined(separator: "\0").utf8))
        let expected = Set(output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        let ignore = GitIgnore(parsing: Array(rules.utf8))
        let found = Set(try paths.filter { ignore.ignores(try #require(GitPath($0))) })
        #expect(found.symmetricDifference(expected).sorted() == [])
        #expect(found.count > 10 && found.count < paths.count)
    }

    @Test("keep in LFS what git keeps in LFS")
    func attributes() throws {
        let fixture = try GitFixture()
        let rules = """
            *.bin filter=lfs diff=lfs merge=lfs -text
            *.tar.* filter=lfs diff=lfs merge=lfs -text
            saved_model/**/* filter=lfs diff=lfs merge=lfs -text
            /docs/*.txt filter=lfs
            docs/b/a.txt -filter
            x/** filter=lfs
            x/docs/a.txt !filter
            \\[a\\].txt\tfilter=lfs
            a[[:space:]]b filter=lfs
            a.log text
            build/ filter=lfs
            [9]* -filter
            foo filter=lfs

            """
        let work = try fixture.workspace()
        try Self.write(rules, to: work.directory + "/.gitattributes")
        let output = try fixture.git(
            ["check-attr", "-z", "--stdin", "filter"], in: work.directory,
            input: Array(Self.paths.joined(separator: "\0").utf8))
        let fields = output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let attributes = GitAttributes(parsing: Array(rules.utf8))
        for start in stride(from: 0, to: fields.count - 2, by: 3) {
            let path = try #require(GitPath(fields[start]))
            #expect(attributes.usesLFS(path) == (fields[start + 2] == "lfs"), "\(path)")
        }
        #expect(fields.count == 3 * Self.paths.count)
    }

    @Test("a pattern made to backtrack is matched in no time")
    func hostile() throws {
        let stars = String(repeating: "*a", count: 400) + "b"
        let path = try #require(GitPath(String(repeating: "a", count: 4_000)))
        let ignore = GitIgnore(parsing: Array((stars + "\n" + String(repeating: "**/", count: 400) + "b\n").utf8))
        #expect(!ignore.ignores(path))
    }

    @Test("S51: twice the name is at most twice the looks at it, whatever the pattern")
    func looks() throws {
        for text in [String(repeating: "*a", count: 40) + "b", "*[ab]*[!c]*a?b", "a*a*a*a*b", "*b*"] {
            let tokens = try #require(PathPattern.tokens(Array(text.utf8)[...]))
            var before = 0
            for length in [500, 1_000, 2_000, 4_000, 8_000] {
                let name = CountedBytes(Array(repeating: UInt8(ascii: "a"), count: length))
                _ = PathPattern.matches(tokens, name)
                #expect(name.looks > 0 && name.looks <= length * tokens.count, "\(text) \(length)")
                if before > 0 { #expect(name.looks * 10 <= before * 23, "\(text) \(length): \(name.looks)") }
                before = name.looks
            }
        }
    }

    private static func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
