import HubCore
import Testing

@testable import HubServer

@Suite("Merging lists of the catalogue")
struct CatalogueMergingTests {
    private static func entry(_ name: String) -> RemoteEntry {
        RemoteEntry(
            id: 1, mirror: "m", upstream: "u", state: .present, stateReason: nil, stateSince: 0,
            description: RemoteDescription(kind: .model, path: name), seenAt: 0, describedAt: nil, local: nil)
    }

    private static func stream(_ name: String, _ values: [Int64], isRanked: Bool = false) -> CatalogueMerging.Stream {
        CatalogueMerging.Stream(name: name) { cursor, limit in
            var begin = 0
            if case .position(let count)? = cursor { begin = Int(count) }
            return values.enumerated().dropFirst(begin).prefix(limit).map { index, value in
                CatalogueMerging.Element(
                    item: CatalogueItem(entry("\(name)/\(value)"), browser: nil, user: nil),
                    value: isRanked ? nil : value, cursor: .position(Int64(index) + 1))
            }
        }
    }

    private func all(_ streams: [CatalogueMerging.Stream], ascending: Bool, limit: Int) async throws -> [String] {
        var seen: [String] = []
        var cursor = CatalogueMerging.Cursor()
        for _ in 0..<100 {
            let page = try await CatalogueMerging(streams: streams, isAscending: ascending)
                .page(after: cursor, limit: limit)
            #expect(page.items.count <= limit)
            seen += page.items.compactMap { $0.entry?.path }
            guard let next = page.next else { return seen }
            // As it comes back from a client.
            cursor = try CatalogueMerging.Cursor(parsing: next.text)
            #expect(cursor == next)
        }
        Issue.record("the list has no end")
        return seen
    }

    @Test(
        "several lists become one in their order, whole, whatever the size of its pages", arguments: [1, 2, 3, 7, 100])
    func merged(limit: Int) async throws {
        let streams = [Self.stream("a", [9, 7, 7, 1]), Self.stream("b", []), Self.stream("c", [8, 2, 1, 0])]
        let seen = try await all(streams, ascending: false, limit: limit)
        #expect(seen.count == 8 && Set(seen).count == 7)
        let values = seen.compactMap { $0.split(separator: "/").last.flatMap { Int($0) } }
        #expect(values == values.sorted(by: >))
        let up = try await all(
            [Self.stream("a", [1, 3, 5]), Self.stream("c", [2, 4])], ascending: true, limit: limit)
        #expect(up == ["a/1", "c/2", "a/3", "c/4", "a/5"])
    }

    @Test("lists that are in the order of a search take turns")
    func turns() async throws {
        let streams = [Self.stream("a", [1, 2, 3], isRanked: true), Self.stream("c", [4, 5], isRanked: true)]
        #expect(try await all(streams, ascending: false, limit: 2) == ["a/1", "c/4", "a/2", "c/5", "a/3"])
    }

    @Test("cursors that are none are refused", arguments: ["x", "a:b", "a:1.2.3", "a:-1"])
    func cursors(_ text: String) {
        #expect(throws: HubError.self) { try CatalogueMerging.Cursor(parsing: text) }
    }
}
