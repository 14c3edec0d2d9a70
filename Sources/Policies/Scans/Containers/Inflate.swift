/// What became of packed bytes.
struct Unpacked {
    var bytes: [UInt8] = []
    /// After the last packed byte that was used.
    var end: Int64 = 0
    /// Whether the packed bytes came to their own end.
    var isWhole = false
    /// Whether there was more than was to be kept.
    var isCut = false
    var fault: String?
}

/// Unpacks `deflate`, keeping no more than it is told to.
/// - SeeAlso: RFC 1951.
struct Inflate {
    private var reader: RegionReader
    private let limit: Int
    private var bits: UInt64 = 0
    private var held = 0
    private var output: [UInt8] = []

    /// - Parameter limit: bytes that are kept; it stops there.
    static func unpack(_ reader: RegionReader, limit: Int) -> Unpacked {
        var inflate = Inflate(reader: reader, limit: max(0, limit))
        var unpacked = Unpacked()
        do throws(ScanStop) {
            unpacked.isWhole = try inflate.run()
            unpacked.isCut = !unpacked.isWhole
        } catch .end {
            unpacked.fault = "ends before what is packed in it does"
        } catch {
            unpacked.fault = PickleScan.text(error)
        }
        unpacked.bytes = inflate.output
        // Whole bytes that were taken in and not used are given back.
        unpacked.end = inflate.reader.position - Int64(inflate.held / 8)
        return unpacked
    }

    private init(reader: RegionReader, limit: Int) {
        self.reader = reader
        self.limit = limit
    }

    /// False when it stopped at the limit.
    private mutating func run() throws(ScanStop) -> Bool {
        while true {
            try reader.session.step(8)
            let isLast = try take(1) == 1
            let goesOn: Bool
            switch try take(2) {
            case 0: goesOn = try stored()
            case 1: goesOn = try block(Self.fixedLengths, Self.fixedDistances)
            case 2:
                let (lengths, distances) = try codes()
                goesOn = try block(lengths, distances)
            default: throw .fault("has a packed block of no known kind")
            }
            guard goesOn else { return false }
            if isLast { return true }
        }
    }

    private mutating func stored() throws(ScanStop) -> Bool {
        let odd = held % 8
        bits >>= UInt64(odd)
        held -= odd
        let length = try take(16)
        guard try take(16) == ~length & 0xFFFF else { throw .fault("has a stored block of two lengths") }
        var left = Int(length)
        while held >= 8, left > 0 {
            output.append(UInt8(truncatingIfNeeded: try take(8)))
            left -= 1
        }
        let room = min(left, max(0, limit - output.count))
        output += try reader.bytes(Int64(room))
        return room == left && output.count <= limit
    }

    private mutating func block(_ lengths: HuffmanCode, _ distances: HuffmanCode) throws(ScanStop) -> Bool {
        while true {
            let symbol = try decode(lengths)
            if symbol < 256 {
                guard output.count < limit else { return false }
                output.append(UInt8(truncatingIfNeeded: symbol))
                continue
            }
            if symbol == 256 { return true }
            let place = symbol - 257
            guard place < Self.lengthBase.count else { throw .fault("has a packed length that does not exist") }
            let length = Self.lengthBase[place] + Int(try take(Self.lengthExtra[place]))
            let far = try decode(distances)
            guard far < Self.distanceBase.count else { throw .fault("has a packed distance that does not exist") }
            let distance = Self.distanceBase[far] + Int(try take(Self.distanceExtra[far]))
            guard distance <= output.count else { throw .fault("repeats what comes before its beginning") }
            guard output.count + length <= limit else { return false }
            var from = output.count - distance
            for _ in 0..<length {
                output.append(output[from])
                from += 1
            }
        }
    }

    private mutating func codes() throws(ScanStop) -> (HuffmanCode, HuffmanCode) {
        let lengthCount = Int(try take(5)) + 257
        let distanceCount = Int(try take(5)) + 1
        let codeCount = Int(try take(4)) + 4
        guard lengthCount <= 286, distanceCount <= 30 else { throw .fault("has more packing codes than there are") }
        var first = [UInt8](repeating: 0, count: 19)
        for place in 0..<codeCount { first[Self.order[place]] = UInt8(truncatingIfNeeded: try take(3)) }
        let code = try HuffmanCode(first)
        var widths: [UInt8] = []
        while widths.count < lengthCount + distanceCount {
            let symbol = try decode(code)
            switch symbol {
            case 0..<16: widths.append(UInt8(truncatingIfNeeded: symbol))
            case 16:
                guard let last = widths.last else { throw .fault("repeats a packing code before the first") }
                let count = Int(try take(2)) + 3
                widths += repeatElement(last, count: count)
            case 17:
                let count = Int(try take(3)) + 3
                widths += repeatElement(0, count: count)
            default:
                let count = Int(try take(7)) + 11
                widths += repeatElement(0, count: count)
            }
        }
        guard widths.count == lengthCount + distanceCount else { throw .fault("has more packing codes than it says") }
        return (try HuffmanCode(Array(widths[..<lengthCount])), try HuffmanCode(Array(widths[lengthCount...])))
    }

    // MARK: - Bits

    private mutating func take(_ count: Int) throws(ScanStop) -> UInt64 {
        while held < count {
            bits |= UInt64(try reader.byte()) << UInt64(held)
            held += 8
        }
        let value = bits & (1 << UInt64(count) - 1)
        bits >>= UInt64(count)
        held -= count
        return value
    }

    private mutating func decode(_ code: HuffmanCode) throws(ScanStop) -> Int {
        while held < HuffmanCode.fastBits, reader.left > 0 {
            bits |= UInt64(try reader.byte()) << UInt64(held)
            held += 8
        }
        let entry = code.fast[Int(bits & (1 << UInt64(HuffmanCode.fastBits) - 1))]
        if entry != 0, Int(entry & 0xF) <= held {
            bits >>= UInt64(entry & 0xF)
            held -= Int(entry & 0xF)
            return Int(entry >> 4)
        }
        // Bit by bit, for the long and rare ones.
        var value = 0
        var first = 0
        var index = 0
        for width in 1...15 {
            value |= Int(try take(1))
            let count = code.counts[width]
            if value - count < first { return Int(code.symbols[index + (value - first)]) }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw .fault("has a packed symbol that does not exist")
    }

    // MARK: - Tables of the specification

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtra = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBase = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1_025, 1_537, 2_049, 3_073,
        4_097,
        6_145, 8_193, 12_289, 16_385, 24_577,
    ]
    private static let distanceExtra = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
    private static let fixedLengths = HuffmanCode(
        checked: [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
            + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8))
    private static let fixedDistances = HuffmanCode(checked: [UInt8](repeating: 5, count: 30))
}

/// A canonical prefix code, as `deflate` has them.
struct HuffmanCode {
    static let fastBits = 9
    /// For each start of nine bits: the symbol and, in the lowest four bits, its width; zero where it is longer.
    private(set) var fast = [UInt16](repeating: 0, count: 1 << fastBits)
    private(set) var counts = [Int](repeating: 0, count: 16)
    private(set) var symbols: [UInt16] = []

    /// - Parameter widths: of each symbol, at most 15.
    init(_ widths: [UInt8]) throws(ScanStop) {
        self.init(checked: widths)
        var left = 1
        for width in 1...15 {
            left = left << 1 - counts[width]
            guard left >= 0 else { throw .fault("has packing codes that contradict each other") }
        }
    }

    init(checked widths: [UInt8]) {
        for width in widths where width > 0 { counts[Int(width & 15)] += 1 }
        var starts = [Int](repeating: 0, count: 17)
        var codes = [Int](repeating: 0, count: 17)
        for width in 1...15 {
            starts[width + 1] = starts[width] + counts[width]
            codes[width + 1] = (codes[width] + counts[width]) << 1
        }
        symbols = [UInt16](repeating: 0, count: starts[16])
        for (symbol, wide) in widths.enumerated() where wide > 0 {
            let width = Int(wide & 15)
            symbols[starts[width]] = UInt16(truncatingIfNeeded: symbol)
            starts[width] += 1
            let code = codes[width]
            codes[width] += 1
            guard width <= Self.fastBits, code < 1 << width else { continue }
            var reversed = 0
            for bit in 0..<width where code & (1 << bit) != 0 { reversed |= 1 << (width - 1 - bit) }
            let entry = UInt16(truncatingIfNeeded: symbol << 4 | width)
            for place in stride(from: reversed, to: 1 << Self.fastBits, by: 1 << width) { fast[place] = entry }
        }
    }
}
