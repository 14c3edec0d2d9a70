import Testing

@testable import HubCore

@Suite("Listings of commits that are kept")
struct CommitContentsCacheTests {
    private func key(_ repository: Int64, _ number: Int) throws -> CommitContentsCache.Key {
        let digits = String(number, radix: 16)
        return CommitContentsCache.Key(
            repository: repository,
            commit: try #require(CommitID(String(repeating: "0", count: 40 - digits.count) + digits)))
    }

    private func contents(_ count: Int) throws -> CommitContents {
        let id = try #require(ObjectID(String(repeating: "a", count: 40)))
        let files = (0..<count).map { TreeEntry(path: "\($0)", kind: .file, id: id, size: 1) }
        return CommitContents(files: files, card: .empty)
    }

    @Test("a branch that moves on keeps its newest commits only, however many come")
    func moving() throws {
        let cache = CommitContentsCache(maximumFiles: 10_000, maximumCommits: 4)
        cache.insert(try contents(7), for: try key(2, 0))
        for number in 0..<2_000 { cache.insert(try contents(5), for: try key(1, number)) }
        #expect(try cache[key(1, 1_995)] == nil)
        for number in 1_996..<2_000 { #expect(try cache[key(1, number)]?.files.count == 5) }
        #expect(try cache[key(2, 0)]?.files.count == 7)
        #expect(cache.fileCount == 27)
    }

    @Test("of many repositories the oldest go, and what is larger than all is not kept")
    func many() throws {
        let cache = CommitContentsCache(maximumFiles: 100, maximumCommits: 4)
        for number in 0..<50 { cache.insert(try contents(9), for: try key(Int64(number), number)) }
        #expect(cache.fileCount == 90)
        #expect(try cache[key(39, 39)] == nil)
        #expect(try cache[key(40, 40)] != nil)
        cache.insert(try contents(101), for: try key(60, 60))
        #expect(try cache[key(60, 60)] == nil && cache.fileCount == 90)
        cache.insert(try contents(100), for: try key(61, 61))
        #expect(try cache[key(61, 61)] != nil && cache.fileCount == 100)
    }
}
