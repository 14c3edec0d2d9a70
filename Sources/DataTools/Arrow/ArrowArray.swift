/// The values of one column of a batch.
final class ArrowArray {
    let type: ArrowType
    let count: Int
    /// A bit a value, set where there is one; nil where all are there.
    let validity: [UInt8]?
    /// Of the type: values, or offsets and values, or views and what they look into.
    let buffers: [[UInt8]]
    let children: [ArrowArray]
    /// What the numbers of a dictionary stand for.
    let words: ArrowArray?

    init(
        type: ArrowType, count: Int, validity: [UInt8]?, buffers: [[UInt8]], children: [ArrowArray], words: ArrowArray?
    ) {
        self.type = type
        self.count = count
        self.validity = validity
        self.buffers = buffers
        self.children = children
        self.words = words
    }

    func isThere(_ index: Int) throws(ArrowFault) -> Bool {
        guard let validity else { return true }
        return try validity.number(UInt8.self, at: index >> 3) >> (index & 7) & 1 == 1
    }

    /// Where the value of an index begins and ends, by the offsets.
    func span(_ index: Int, isLarge: Bool) throws(ArrowFault) -> Range<Int> {
        let (start, end): (Int, Int)
        if isLarge {
            (start, end) = (
                Int(try buffers[0].number(Int64.self, at: index * 8)),
                Int(try buffers[0].number(Int64.self, at: index * 8 + 8))
            )
        } else {
            (start, end) = (
                Int(try buffers[0].number(Int32.self, at: index * 4)),
                Int(try buffers[0].number(Int32.self, at: index * 4 + 4))
            )
        }
        guard start >= 0, start <= end else { throw .broken }
        return start..<end
    }

    /// The bytes of a text.
    func bytes(_ index: Int) throws(ArrowFault) -> ArraySlice<UInt8> {
        let (span, place): (Range<Int>, Int)
        switch type {
        case .bytes(_, let isLarge): (span, place) = (try self.span(index, isLarge: isLarge), 1)
        case .fixedBytes(let width):
            let (start, overflow) = index.multipliedReportingOverflow(by: width)
            guard !overflow else { throw .broken }
            (span, place) = (start..<start + width, 0)
        case .view:
            let length = Int(try buffers[0].number(Int32.self, at: index * 16))
            if (0...12).contains(length) {
                (span, place) = (index * 16 + 4..<index * 16 + 4 + length, 0)
            } else {
                let buffer = Int(try buffers[0].number(Int32.self, at: index * 16 + 8))
                let start = Int(try buffers[0].number(Int32.self, at: index * 16 + 12))
                guard length > 0, start >= 0, buffer >= 0 else { throw .broken }
                (span, place) = (start..<start + length, buffer + 1)
            }
        default: throw .broken
        }
        guard place < buffers.count, span.upperBound <= buffers[place].count else { throw .broken }
        return buffers[place][span]
    }

    /// The number in a dictionary that an index stands for.
    func word(_ index: Int, bytes: Int, isSigned: Bool) throws(ArrowFault) -> Int {
        let place = index * bytes
        return switch (bytes, isSigned) {
        case (1, true): Int(try buffers[0].number(Int8.self, at: place))
        case (1, false): Int(try buffers[0].number(UInt8.self, at: place))
        case (2, true): Int(try buffers[0].number(Int16.self, at: place))
        case (2, false): Int(try buffers[0].number(UInt16.self, at: place))
        case (4, true): Int(try buffers[0].number(Int32.self, at: place))
        case (4, false): Int(try buffers[0].number(UInt32.self, at: place))
        default: Int(truncatingIfNeeded: try buffers[0].number(Int64.self, at: place))
        }
    }
}
