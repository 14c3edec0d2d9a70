import Testing

@testable import HubCore

@Suite("Cutting an object into parts")
struct PartLayoutTests {
    private static let mebibyte: Int64 = 1 << 20

    @Test(
        "parts cover the object without gap or overlap, and there are never too many",
        arguments: [
            0, 1, 64 * mebibyte - 1, 64 * mebibyte, 64 * mebibyte + 1, 128 * mebibyte, 64_000 * mebibyte + 1, 1 << 50,
            .max,
        ] as [Int64], [1, 7, 100, 10_000])
    func covers(size: Int64, objects: Int) {
        let layout = PartLayout(proposedFor: size, among: objects)
        #expect(Int64(layout.count) <= PartLayout.maximumCount)
        #expect(layout.count <= 1 || Int64(layout.count * objects) <= PartLayout.maximumCountOfAnswer)
        var end: Int64 = 0
        for number in 1..<(layout.count + 1) {
            guard let range = layout.range(of: number) else {
                Issue.record("no part \(number)")
                break
            }
            #expect(range.lowerBound == end && !range.isEmpty)
            end = range.upperBound
        }
        #expect(end == size)
        #expect(layout.range(of: 0) == nil && layout.range(of: layout.count + 1) == nil)
        // What the link says makes the same layout again.
        #expect(PartLayout(size: size, partSize: layout.partSize) == layout)
    }

    @Test("sizes that cannot be make no layout")
    func impossible() {
        #expect(PartLayout(size: -1, partSize: 5) == nil)
        #expect(PartLayout(size: 5, partSize: 0) == nil)
        #expect(PartLayout(size: 5, partSize: -1) == nil)
        #expect(PartLayout(size: .max, partSize: 1) == nil)
        #expect(PartLayout(size: 1_001, partSize: 1) == nil)
        #expect(PartLayout(size: 1_000, partSize: 1)?.count == 1_000)
    }

    @Test("the transfer is one the client offers, and parts only for what is large or who can do no other")
    func transfers() {
        let large = UploadTransfer.multipartThreshold + 1
        func choose(_ offers: [String]?, _ sizes: [Int64], _ needsParts: Bool = false) -> UploadTransfer {
            UploadTransfer.choose(offers: offers, sizes: sizes, needsParts: needsParts)
        }
        #expect(choose(nil, [large]) == .basic)
        #expect(choose([], [large]) == .basic)
        #expect(choose(["basic", "ssh"], [large]) == .basic)
        #expect(choose(["basic", "multipart"], [large - 1]) == .basic)
        #expect(choose(["basic", "multipart", "xet"], [1, large]) == .multipart)
        #expect(choose(["basic", "multipart"], [1], true) == .multipart)
        #expect(choose(["basic"], [1], true) == .basic)
        #expect(choose(["basic", "tus"], [1]) == .tus)
    }

    @Test("S24: bodies that fit alone and not together are not both invited, and what has come is promised no more")
    func promises() throws {
        let promises = SpacePromises()
        func make(_ count: Int64) throws -> SpacePromise {
            try promises.make(count) { if $0 > 100 { throw FileFailure.full("test") } }
        }
        let first = try make(60)
        #expect(throws: HubError.self) { try make(41) }
        #expect(promises.bytes == 60)
        first.keep(20)
        #expect(promises.bytes == 40)
        let second = try make(60)
        #expect(throws: HubError.self) { try make(.max) }
        first.keep(1_000)
        second.end()
        second.end()
        #expect(promises.bytes == 0)
        do { _ = try make(100) }
        #expect(promises.bytes == 0, "a promise that nobody holds is none")
    }
}
