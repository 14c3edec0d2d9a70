/// Takes formulas out of a text before it is parsed, for TeX is full of what Markdown would read as its own.
///
/// The delimiters are those of Hugging Face: `$$…$$` and `\\(…\\)`. A single `$` is money.
struct MathLift {
    struct Formula {
        let tex: [UInt8]
        /// With its delimiters, for places where it turns out to be code.
        let source: [UInt8]
        let isDisplay: Bool
    }

    private(set) var formulas: [Formula] = []
    /// Bytes of one formula.
    private static let longest = 10_000
    private static let most = 2_000

    /// A paragraph whose formulas are replaced by marks.
    mutating func lifted(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(UInt8(ascii: "$")) || text.contains(UInt8(ascii: "\\")) else { return Array(text) }
        let bytes = Array(text)
        let closers = Closers(bytes)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "`"), let end = closers.codeEnd[index] {
                out += bytes[index..<end]
                index = end
                continue
            }
            let display = byte == UInt8(ascii: "$") && Self.has("$$", bytes, index)
            let inline = byte == UInt8(ascii: "\\") && Self.has("\\\\(", bytes, index)
            let width = display ? 2 : 3
            if display || inline, let close = closers.next(after: index + width, display: display),
                let formula = formula(bytes, index, index + width, close, close + width, display)
            {
                out += Marks.mathStart + Array(String(formulas.count).utf8) + Marks.mathEnd
                formulas.append(formula)
                index = close + width
                continue
            }
            // What is escaped opens nothing.
            let length = byte == UInt8(ascii: "\\") && index + 1 < bytes.count ? 2 : 1
            out += bytes[index..<(index + length)]
            index += length
        }
        return out
    }

    private func formula(
        _ bytes: [UInt8], _ start: Int, _ from: Int, _ to: Int, _ end: Int, _ isDisplay: Bool
    ) -> Formula? {
        guard from < to, to - from <= Self.longest, formulas.count < Self.most,
            bytes[from..<to].contains(where: { $0 > 0x20 })
        else { return nil }
        var tex: [UInt8] = []
        // Lines within a quote start with its mark.
        let isQuoted = bytes.first { $0 != 0x20 } == UInt8(ascii: ">")
        for (number, line) in bytes[from..<to].split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if number > 0 { tex.append(0x0A) }
            tex += number > 0 && isQuoted ? line.drop { $0 == 0x20 || $0 == UInt8(ascii: ">") } : line
        }
        return Formula(tex: tex, source: Array(bytes[start..<end]), isDisplay: isDisplay)
    }

    private static func has(_ text: StaticString, _ bytes: [UInt8], _ index: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        return text.withUTF8Buffer { wanted in (0..<count).allSatisfy { bytes[index + $0] == wanted[$0] } }
    }

    /// Where things end, found in one pass each.
    private struct Closers {
        /// The end of code by where its first backtick is.
        var codeEnd: [Int: Int] = [:]
        private var display: [Int] = []
        private var inline: [Int] = []

        init(_ bytes: [UInt8]) {
            var index = 0
            var runs: [(start: Int, length: Int)] = []
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "`"):
                    let start = index
                    while index < bytes.count, bytes[index] == UInt8(ascii: "`") { index += 1 }
                    runs.append((start, index - start))
                    continue
                case UInt8(ascii: "$") where MathLift.has("$$", bytes, index):
                    display.append(index)
                case UInt8(ascii: "\\") where MathLift.has("\\\\)", bytes, index):
                    inline.append(index)
                default: break
                }
                index += 1
            }
            var last: [Int: Int] = [:]
            for run in runs.reversed() {
                if let end = last[run.length] { codeEnd[run.start] = end }
                last[run.length] = run.start + run.length
            }
        }

        func next(after index: Int, display isDisplay: Bool) -> Int? {
            let places = isDisplay ? display : inline
            var (low, high) = (0, places.count)
            while low < high {
                let middle = (low + high) / 2
                if places[middle] < index { low = middle + 1 } else { high = middle }
            }
            return low < places.count ? places[low] : nil
        }
    }
}
