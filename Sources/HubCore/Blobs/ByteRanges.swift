/// Places of a file: ranges of bytes in order, apart from each other, none of them empty.
package struct ByteRanges: Sendable, Hashable {
    package private(set) var ranges: [Range<Int64>] = []

    package init() {}

    package init(_ ranges: some Sequence<Range<Int64>>) {
        for range in ranges { insert(range) }
    }

    package var isEmpty: Bool { ranges.isEmpty }

    /// Bytes in all of them.
    package var count: Int64 { ranges.reduce(0) { $0 + Int64($1.count) } }

    /// Adds a range; what it touches becomes one with it. Linear in the number of ranges.
    package mutating func insert(_ range: Range<Int64>) {
        guard !range.isEmpty else { return }
        var merged = range
        var before: [Range<Int64>] = []
        var after: [Range<Int64>] = []
        for each in ranges {
            if each.upperBound < merged.lowerBound {
                before.append(each)
            } else if each.lowerBound > merged.upperBound {
                after.append(each)
            } else {
                merged = min(each.lowerBound, merged.lowerBound)..<max(each.upperBound, merged.upperBound)
            }
        }
        ranges = before + [merged] + after
    }

    /// Takes away what lies before `offset`.
    package mutating func remove(before offset: Int64) {
        ranges = ranges.compactMap { range in
            range.upperBound <= offset ? nil : max(range.lowerBound, offset)..<range.upperBound
        }
    }

    /// Takes away what lies at `offset` and behind it.
    package mutating func remove(from offset: Int64) {
        ranges = ranges.compactMap { range in
            range.lowerBound >= offset ? nil : range.lowerBound..<min(range.upperBound, offset)
        }
    }

    /// The range that has the byte at `offset`.
    package func range(at offset: Int64) -> Range<Int64>? { ranges.first { $0.contains(offset) } }

    /// What of `bounds` is in none of them, in order.
    package func gaps(in bounds: Range<Int64>) -> [Range<Int64>] {
        var gaps: [Range<Int64>] = []
        var start = bounds.lowerBound
        for range in ranges where range.upperBound > start {
            if range.lowerBound >= bounds.upperBound { break }
            if range.lowerBound > start { gaps.append(start..<range.lowerBound) }
            start = range.upperBound
        }
        if start < bounds.upperBound { gaps.append(start..<bounds.upperBound) }
        return gaps
    }
}
