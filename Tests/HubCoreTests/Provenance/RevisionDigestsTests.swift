import Testing

@testable import HubCore

@Suite("Digests of a commit's files")
struct RevisionDigestsTests {
    @Test("turns at the repository are bounded by bytes, and name each file once, in order")
    func turns() throws {
        let ids = try (0..<6).map { try #require(ObjectID(String(repeating: "\($0)", count: 40))) }
        let mebibytes: [Int64] = [1, 60, 10, 200, 1, 1]
        let sizes = Dictionary(uniqueKeysWithValues: zip(ids, mebibytes.map { $0 << 20 }))
        let turns = RevisionDigests.turns(of: ids, sizes: sizes)
        #expect(turns.map(\.count) == [2, 1, 1, 2])
        #expect(turns.flatMap { $0 } == ids)
        #expect(RevisionDigests.turns(of: [], sizes: [:]).isEmpty)
    }
}
