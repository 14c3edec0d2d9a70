/// Takes a unified diff line by line.
struct UnifiedDiffReader {
    let limit: Int
    private(set) var isTruncated = false
    private var hunks: [DiffModel.Hunk] = []
    private var heading: String?
    private var lines: [DiffModel.Line] = []
    private var held = 0
    private var old = 0
    private var new = 0
    /// Lines that this hunk still has on each side.
    private var oldLeft = 0
    private var newLeft = 0

    init(limit: Int) { self.limit = limit }

    mutating func read(_ line: Substring) {
        if oldLeft <= 0, newLeft <= 0 {
            guard let ranges = Self.ranges(line) else { return }
            end()
            heading = String(line)
            (old, oldLeft) = ranges.old
            (new, newLeft) = ranges.new
            return
        }
        let text = String(line.dropFirst())
        switch line.first {
        case "+":
            hold(.init(.added, old: nil, new: new, text: text))
            new += 1
            newLeft -= 1
        case "-":
            hold(.init(.removed, old: old, new: nil, text: text))
            old += 1
            oldLeft -= 1
        // `\ No newline at end of file`.
        case "\\": break
        default:
            hold(.init(.same, old: old, new: new, text: text))
            old += 1
            new += 1
            oldLeft -= 1
            newLeft -= 1
        }
    }

    mutating func finish() -> [DiffModel.Hunk] {
        end()
        return hunks
    }

    private mutating func hold(_ line: DiffModel.Line) {
        guard held < limit else {
            isTruncated = true
            return
        }
        held += 1
        lines.append(line)
    }

    private mutating func end() {
        if let heading, !lines.isEmpty { hunks.append(.init(heading: heading, lines: lines)) }
        heading = nil
        lines = []
    }

    /// `@@ -1,4 +1,6 @@`.
    static func ranges(_ line: Substring) -> (old: (Int, Int), new: (Int, Int))? {
        guard line.hasPrefix("@@ -") else { return nil }
        let parts = line.dropFirst(4).split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[1].hasPrefix("+"), let old = range(parts[0]),
            let new = range(parts[1].dropFirst())
        else { return nil }
        return (old, new)
    }

    private static func range(_ text: Substring) -> (Int, Int)? {
        let parts = text.split(separator: ",")
        guard let first = parts.first.flatMap({ Int($0) }), first >= 0 else { return nil }
        guard parts.count > 1 else { return (first, 1) }
        guard let count = Int(parts[1]), count >= 0, first < 1 << 40, count < 1 << 40 else { return nil }
        return (first, count)
    }
}
