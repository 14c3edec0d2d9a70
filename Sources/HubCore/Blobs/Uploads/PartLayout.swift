/// How an object is cut into parts: all have the same size but the last, which has what is left.
package struct PartLayout: Sendable, Hashable {
    /// The most parts of one object.
    package static let maximumCount: Int64 = 1_000
    /// The most parts that one answer names, over all of its objects: each is a link of some 300 bytes.
    package static let maximumCountOfAnswer: Int64 = 50_000
    /// The smallest part that is proposed, in bytes.
    package static let minimumPartSize: Int64 = 64 << 20

    /// Bytes of the object.
    package let size: Int64
    /// Bytes of each part but the last.
    package let partSize: Int64

    /// - Returns: nil for sizes that cannot be, or that would make more than `maximumCount` parts.
    package init?(size: Int64, partSize: Int64) {
        guard size >= 0, partSize > 0, (size - 1) / partSize < Self.maximumCount else { return nil }
        self.size = size
        self.partSize = partSize
    }

    /// The layout to propose for an object that shares its answer with others.
    /// - Parameter objects: how many objects the answer has.
    package init(proposedFor size: Int64, among objects: Int) {
        let count = max(1, min(Self.maximumCount, Self.maximumCountOfAnswer / Int64(max(1, objects))))
        let size = max(0, size)
        self.size = size
        partSize = max(Self.minimumPartSize, size / count + (size % count == 0 ? 0 : 1))
    }

    /// How many parts there are; none for an empty object.
    package var count: Int { size == 0 ? 0 : Int((size - 1) / partSize) + 1 }

    /// The bytes of the object that a part has; nil when there is no such part.
    /// - Parameter number: from 1.
    package func range(of number: Int) -> Range<Int64>? {
        guard number >= 1, number <= count else { return nil }
        let start = Int64(number - 1) * partSize
        return start..<min(size, start + min(partSize, size - start))
    }
}
