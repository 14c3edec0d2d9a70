/// Looks for some sequences of bytes in a stretch of any length, window by window.
struct NeedleSearch: Sendable {
    private let needles: [[UInt8]]
    /// Of each pair of bytes, whether a needle begins with it.
    private let beginnings: [Bool]
    private let longest: Int

    private static let windowSize = 1 << 20

    /// - Parameter needles: of two bytes at least each.
    init(_ needles: [[UInt8]]) {
        self.needles = needles.filter { $0.count >= 2 }
        var beginnings = [Bool](repeating: false, count: 65_536)
        for needle in self.needles { beginnings[Int(needle[0]) << 8 | Int(needle[1])] = true }
        self.beginnings = beginnings
        longest = self.needles.map(\.count).max() ?? 2
    }

    init(texts: [String]) { self.init(texts.map { Array($0.utf8) }) }

    /// - Parameter found: is given the place and the number of each needle found, in the order of their places; false ends
    ///   the search.
    /// - Complexity: O(n) in the length of the stretch.
    func run(_ session: ScanSession, _ region: ScanRegion, found: (_ place: Int64, _ needle: Int) -> Bool) {
        var at: Int64 = 0
        var carried: [UInt8] = []
        while at < region.count {
            let bytes = session.read(region, at: at, count: Self.windowSize)
            guard !bytes.isEmpty else { return }
            let window = carried.isEmpty ? bytes : carried + bytes
            let start = at - Int64(carried.count)
            at += Int64(bytes.count)
            // What may go on in the next window is left for it, so that nothing is found twice.
            let limit = at < region.count ? max(0, window.count - longest + 1) : window.count
            for (offset, needle) in hits(in: window, limit: limit) where !found(start + Int64(offset), needle) {
                return
            }
            carried = Array(window[limit...])
        }
    }

    func hits(in window: [UInt8], limit: Int) -> [(offset: Int, needle: Int)] {
        var hits: [(offset: Int, needle: Int)] = []
        window.withUnsafeBufferPointer { bytes in
            beginnings.withUnsafeBufferPointer { beginnings in
                let end = bytes.count
                var at = 0
                while at < limit, at + 1 < end {
                    if beginnings[Int(bytes[at]) << 8 | Int(bytes[at + 1])] {
                        for (number, needle) in needles.enumerated() where end - at >= needle.count {
                            var same = 0
                            while same < needle.count, needle[same] == bytes[at + same] { same += 1 }
                            if same == needle.count {
                                hits.append((at, number))
                                break
                            }
                        }
                    }
                    at += 1
                }
            }
        }
        return hits
    }
}
