/// Looks for some sequences of bytes in a stretch of any length, window by window.
///
/// Almost all of a large file is none of them, so most bytes are only asked whether they are one of a few *anchors*:
/// bytes of which every needle has one. That is asked of eight bytes at once. Where an anchor stands, the byte before it
/// tells whether a needle can be there, and which.
struct NeedleSearch: Sendable {
    /// A needle, and where in it its anchor is.
    private struct Member: Sendable {
        let needle: Int
        let anchor: Int
    }

    private let needles: [[UInt8]]
    private let longest: Int
    private let anchors: [UInt8]
    /// By anchor (its place in `anchors`) and the byte before it: the number of the group of needles that have both, or
    /// zero.
    private let groups: [UInt16]
    private let members: [[Member]]
    private let windowSize: Int

    /// - Parameters:
    ///   - needles: of two bytes at least each.
    ///   - window: bytes that are looked at together, more than the longest needle has.
    init(_ needles: [[UInt8]], window: Int = 1 << 20) {
        self.needles = needles
        windowSize = window
        longest = needles.map(\.count).max() ?? 2
        anchors = Self.anchors(of: needles)
        var groups = [UInt16](repeating: 0, count: max(1, anchors.count) << 8)
        var members: [[Member]] = [[]]
        for (number, needle) in needles.enumerated() {
            // Of its anchors the one that stands last: what is before it is the needle's own.
            for (place, anchor) in anchors.enumerated() {
                guard needle.count >= 2, let at = needle.lastIndex(of: anchor), at > 0 else { continue }
                let slot = place << 8 | Int(needle[at - 1])
                if groups[slot] == 0 {
                    groups[slot] = UInt16(members.count)
                    members.append([])
                }
                members[Int(groups[slot])].append(Member(needle: number, anchor: at))
                break
            }
        }
        self.groups = groups
        self.members = members
    }

    init(texts: [String]) { self.init(texts.map { Array($0.utf8) }) }

    /// A few bytes, so that each needle has one of them behind its first byte: those that stand for many needles and are
    /// rare in what is searched.
    private static func anchors(of needles: [[UInt8]]) -> [UInt8] {
        var anchors: [UInt8] = []
        var rest = needles.filter { $0.count >= 2 }.map { Set($0.dropFirst()) }
        while !rest.isEmpty {
            var counts = [Int](repeating: 0, count: 256)
            for bytes in rest { for byte in bytes { counts[Int(byte)] += 1 } }
            func worth(_ byte: UInt8) -> Double { Double(counts[Int(byte)]) / frequency(byte) }
            guard let best = (UInt8.min...UInt8.max).max(by: { worth($0) < worth($1) }), counts[Int(best)] > 0 else {
                break
            }
            anchors.append(best)
            rest.removeAll { $0.contains(best) }
        }
        return anchors
    }

    /// How common a byte is, roughly, in text and code; any is in a file of numbers.
    private static func frequency(_ byte: UInt8) -> Double {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "e"), UInt8(ascii: "t"), 0: 16
        case UInt8(ascii: "a")...UInt8(ascii: "z"): 8
        case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x0A: 3
        case 0x20...0x7E: 2
        default: 1
        }
    }

    /// - Parameter found: is given the place and the number of each needle found, in the order of their places; false ends
    ///   the search.
    /// - Complexity: O(n) in the length of the stretch.
    func run(_ session: ScanSession, _ region: ScanRegion, found: (_ place: Int64, _ needle: Int) -> Bool) {
        var start: Int64 = 0
        while start < region.count {
            let wanted = min(Int64(windowSize), region.count - start)
            let window = session.read(region, at: start, count: Int(wanted))
            guard !window.isEmpty else { return }
            // What may go on in the next window is left for it, so that nothing is found twice.
            let isLast = Int64(window.count) < wanted || start + wanted == region.count
            let limit = isLast ? window.count : max(1, window.count - longest + 1)
            for (offset, needle) in hits(in: window, limit: limit) where !found(start + Int64(offset), needle) {
                return
            }
            guard !isLast else { return }
            start += Int64(limit)
        }
    }

    /// The needles that begin before `limit`, in the order of their places; of several at one place the first.
    func hits(in window: [UInt8], limit: Int) -> [(offset: Int, needle: Int)] {
        var hits: [(offset: Int, needle: Int)] = []
        window.withUnsafeBytes { bytes in
            each(in: bytes) { place, anchor in
                guard place > 0 else { return }
                let group = groups[anchor << 8 | Int(bytes[place - 1])]
                guard group > 0 else { return }
                for member in members[Int(group)] {
                    let start = place - member.anchor
                    guard start >= 0, start < limit, Self.stands(needles[member.needle], in: bytes, at: start) else {
                        continue
                    }
                    hits.append((start, member.needle))
                }
            }
        }
        guard hits.count > 1 else { return hits }
        // They were met by the places of their anchors.
        hits.sort { ($0.offset, $0.needle) < ($1.offset, $1.needle) }
        var kept = 0
        for hit in hits where kept == 0 || hits[kept - 1].offset != hit.offset {
            hits[kept] = hit
            kept += 1
        }
        hits.removeSubrange(kept...)
        return hits
    }

    private static func stands(_ needle: [UInt8], in bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard bytes.count - start >= needle.count else { return false }
        for place in needle.indices where needle[place] != bytes[start + place] { return false }
        return true
    }

    /// Calls `met` with each place where an anchor stands, and which.
    private func each(in bytes: UnsafeRawBufferPointer, _ met: (_ place: Int, _ anchor: Int) -> Void) {
        guard !anchors.isEmpty else { return }
        anchors.withUnsafeBufferPointer { anchors in
            let step = MemoryLayout<UInt64>.size
            var place = 0
            // Two words a turn: the processor works on both at once.
            while place + 2 * step <= bytes.count {
                let first = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let second = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place + step, as: UInt64.self))
                for number in anchors.indices {
                    let pattern = UInt64(anchors[number]) &* Self.ones
                    let (low, high) = (Self.zeros(first ^ pattern), Self.zeros(second ^ pattern))
                    guard low | high != 0 else { continue }
                    Self.each(low) { met(place + $0, number) }
                    Self.each(high) { met(place + step + $0, number) }
                }
                place += 2 * step
            }
            while place < bytes.count {
                for number in anchors.indices where anchors[number] == bytes[place] { met(place, number) }
                place += 1
            }
        }
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The highest bit of each byte that is zero.
    @inline(__always) private static func zeros(_ word: UInt64) -> UInt64 {
        let rest = ~(ones << 7)
        return ~(((word & rest) &+ rest) | word | rest)
    }

    /// Calls `met` with the number of each byte whose highest bit is set.
    @inline(__always) private static func each(_ marks: UInt64, _ met: (Int) -> Void) {
        var marks = marks
        while marks != 0 {
            met(marks.trailingZeroBitCount / 8)
            marks &= marks &- 1
        }
    }
}
