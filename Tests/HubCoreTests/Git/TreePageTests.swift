import Foundation
import HubCore
import Testing

@Suite("Pages of trees")
struct TreePageTests {
    @Test("pages together are the listing, whatever their size, twice over", arguments: [1, 3, 7, 1_000])
    func pages(limit: Int) async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        for folder in ["", "a/", "a/b/", "c/d/e/", "z/"] {
            for number in 0..<5 { try work.write("\(folder)f\(number)", "\(folder)\(number)") }
        }
        let commit = try work.commit("one")
        let key = try await fixture.stored(work)
        for path in [nil, GitPath("a"), GitPath("c")] {
            for isRecursive in [true, false] {
                let all = try await fixture.store.list(path, commit: commit, in: key, recursive: isRecursive)
                // The second time it is known how much stands before a page.
                for _ in 0..<2 {
                    var entries: [TreeEntry] = []
                    var offset: Int? = 0
                    while let start = offset {
                        let page = try #require(
                            try await fixture.store.page(
                                path, commit: commit, in: key, recursive: isRecursive, offset: start, limit: limit))
                        #expect(page.entries.count <= limit)
                        entries += page.entries
                        offset = page.next
                    }
                    #expect(entries == all)
                }
            }
        }
        let beyond = try await fixture.store.page(
            nil, commit: commit, in: key, recursive: true, offset: 1_000_000, limit: 5)
        #expect(beyond?.entries == [] && beyond?.next == nil)
        let file = try #require(GitPath("f0"))
        #expect(
            try await fixture.store.page(file, commit: commit, in: key, recursive: true, offset: 0, limit: 5) == nil)
    }
}
