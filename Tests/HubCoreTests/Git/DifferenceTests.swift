import Foundation
import HubCore
import Testing

@Suite("Differences and blame")
struct DifferenceTests {
    private static func anything(_ path: String) -> Bool { true }

    @Test("files added, changed, renamed and removed are told with their lines, pointers with their sizes")
    func difference() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        func pointer(_ digit: Character, _ size: Int) -> String {
            "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: digit, count: 64))\nsize \(size)\n"
        }
        try work.write("a.txt", "one\ntwo\nthree\n")
        try work.write("gone.txt", "x\n")
        try work.write("old name.txt", "the same\nhere and there\n")
        try work.write("model.bin", pointer("1", 4_000))
        try work.write("bytes", "\0\u{1}")
        let first = try work.commit("one")
        try work.write("a.txt", "one\n2\nthree\nfour")
        try fixture.git(["rm", "-q", "gone.txt"], in: work.directory)
        try fixture.git(["mv", "old name.txt", "new \"name\".txt"], in: work.directory)
        try work.write("model.bin", pointer("2", 5_000))
        try work.write("bytes", "\0\u{2}")
        let second = try work.commit("two")
        let key = try await fixture.stored(work)

        let found = try await fixture.store.difference(
            from: first, to: second, in: key, limits: .init(), isReadable: Self.anything)
        let files = Dictionary(uniqueKeysWithValues: found.files.map { ($0.path, $0) })
        #expect(found.count == 5 && found.isWhole && found.additions == 2 && found.deletions == 2)
        let text = try #require(files["a.txt"])
        #expect(text.change == .modified && text.additions == 2 && text.deletions == 1)
        let lines = try #require(text.hunks.first).lines
        #expect(lines.map(\.text) == ["one", "two", "2", "three", "four"])
        #expect(lines.map(\.old) == [1, 2, nil, 3, nil] && lines.map(\.new) == [1, nil, 2, 3, 4])
        #expect(lines.last?.lacksLineFeed == true)
        #expect(files["gone.txt"]?.change == .removed)
        #expect(files["new \"name\".txt"]?.change == .renamed)
        #expect(files["new \"name\".txt"]?.oldPath == "old name.txt")
        #expect(files["model.bin"]?.oldPointer?.size == 4_000 && files["model.bin"]?.newPointer?.size == 5_000)
        #expect(files["bytes"]?.omission == .binary)

        let whole = try await fixture.store.difference(
            from: nil, to: first, in: key, limits: .init(), isReadable: Self.anything)
        #expect(whole.files.allSatisfy { $0.change == .added } && whole.count == 5)
        let kept = try await fixture.store.difference(from: first, to: second, in: key, limits: .init()) {
            $0 != "a.txt"
        }
        #expect(kept.count == 4 && !kept.files.contains { $0.path == "a.txt" })
    }

    @Test("what is large is named and not compared, and the number of files is bounded")
    func bounds() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        for number in 0..<20 { try work.write("f\(number)", String(repeating: "line\n", count: 100)) }
        try work.write("large", String(repeating: "0123456789\n", count: 10_000))
        let commit = try work.commit("one")
        let key = try await fixture.stored(work)
        var limits = TreeDifference.Limits()
        limits.files = 10
        limits.lines = 350
        let found = try await fixture.store.difference(
            from: nil, to: commit, in: key, limits: limits, isReadable: Self.anything)
        #expect(found.count == 21 && found.files.count == 10 && !found.isWhole)
        #expect(found.files.filter { $0.omission == nil }.count == 3)
        #expect(found.files.dropFirst(3).allSatisfy { $0.omission == .budget })
        limits.files = 300
        limits.fileBytes = 1_000
        limits.linesOfFile = 2_000
        let large = try await fixture.store.difference(
            from: nil, to: commit, in: key, limits: limits, isReadable: Self.anything)
        #expect(large.files.first { $0.path == "large" }?.omission == .tooLarge)
    }

    @Test("each line is told with its commit, in runs")
    func blame() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        try work.write("a b.py", "one\ntwo\nthree\n")
        let first = try work.commit("first <commit>")
        try work.write("a b.py", "one\n2\nthree\nfour\n")
        let second = try work.commit("second")
        let key = try await fixture.stored(work)
        let path = try #require(GitPath("a b.py"))
        let blame = try await fixture.store.blame(path, at: second, in: key)
        #expect(blame.runs.map(\.commit) == [first, second, first, second])
        #expect(blame.runs.map(\.firstLine) == [1, 2, 3, 4])
        #expect(blame.runs.flatMap(\.lines) == ["one", "2", "three", "four"])
        #expect(blame.runs.first?.title == "first <commit>" && blame.runs.first?.author == "Ada")
        #expect(blame.runs.first?.isBoundary == true)
        await #expect(throws: HubError.self) {
            _ = try await fixture.store.blame(try #require(GitPath("none")), at: second, in: key)
        }
    }
}
