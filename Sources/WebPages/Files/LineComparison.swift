/// Finds which lines of two texts are the same.
struct LineComparison {
    let old: [Substring]
    let new: [Substring]

    /// Differences up to which the shortest way is looked for; time and memory grow with its square.
    private static let most = 1_000

    private enum Step { case same, removed, added }

    func model(around: Int, limit: Int) -> DiffModel {
        var first = 0
        while first < old.count, first < new.count, old[first] == new[first] { first += 1 }
        var last = 0
        while last < old.count - first, last < new.count - first, old[old.count - 1 - last] == new[new.count - 1 - last]
        {
            last += 1
        }
        let inner = steps(Array(old[first..<(old.count - last)]), Array(new[first..<(new.count - last)]))
        guard inner.contains(where: { $0 != .same }) else { return DiffModel(hunks: []) }
        let steps = [Step](repeating: .same, count: first) + inner + [Step](repeating: .same, count: last)
        return hunks(steps, around: around, limit: limit)
    }

    private func steps(_ a: [Substring], _ b: [Substring]) -> [Step] {
        let replaced = [Step](repeating: .removed, count: a.count) + [Step](repeating: .added, count: b.count)
        guard !a.isEmpty, !b.isEmpty else { return replaced }
        let most = min(a.count + b.count, Self.most)
        var ends = [Int](repeating: 0, count: 2 * most + 3)
        let middle = most + 1
        var trace: [[Int]] = []
        for distance in 0...most {
            trace.append(Array(ends[(middle - distance - 1)...(middle + distance + 1)]))
            for diagonal in stride(from: -distance, through: distance, by: 2) {
                let isDown =
                    diagonal == -distance
                    || (diagonal != distance && ends[middle + diagonal - 1] < ends[middle + diagonal + 1])
                var x = isDown ? ends[middle + diagonal + 1] : ends[middle + diagonal - 1] + 1
                while x < a.count, x - diagonal < b.count, x - diagonal >= 0, a[x] == b[x - diagonal] { x += 1 }
                ends[middle + diagonal] = x
                if x >= a.count, x - diagonal >= b.count { return path(trace, a.count, b.count) }
            }
        }
        return replaced
    }

    /// Walks back from the end to the start.
    private func path(_ trace: [[Int]], _ width: Int, _ height: Int) -> [Step] {
        var (x, y) = (width, height)
        var steps: [Step] = []
        for distance in trace.indices.reversed() {
            let ends = trace[distance]
            let middle = distance + 1
            let diagonal = x - y
            let isDown =
                diagonal == -distance
                || (diagonal != distance && ends[middle + diagonal - 1] < ends[middle + diagonal + 1])
            let before = isDown ? diagonal + 1 : diagonal - 1
            let fromX = distance == 0 ? 0 : ends[middle + before]
            let fromY = distance == 0 ? 0 : fromX - before
            while x > fromX, y > fromY {
                steps.append(.same)
                x -= 1
                y -= 1
            }
            if distance > 0 {
                steps.append(isDown ? .added : .removed)
                (x, y) = (fromX, fromY)
            }
        }
        return steps.reversed()
    }

    private func hunks(_ steps: [Step], around: Int, limit: Int) -> DiffModel {
        var shown = [Bool](repeating: false, count: steps.count)
        for (index, step) in steps.enumerated() where step != .same {
            for near in max(0, index - around)...min(steps.count - 1, index + around) { shown[near] = true }
        }
        var hunks: [DiffModel.Hunk] = []
        var lines: [DiffModel.Line] = []
        var (oldLine, newLine, held) = (0, 0, 0)
        var isTruncated = false
        func end() {
            guard let first = lines.first else { return }
            let removed = lines.count { $0.kind != .added }
            let added = lines.count { $0.kind != .removed }
            let start = (
                old: first.old ?? oldLine - removed + 1, new: first.new ?? newLine - added + 1
            )
            hunks.append(
                .init(heading: "@@ -\(start.old),\(removed) +\(start.new),\(added) @@", lines: lines))
            lines = []
        }
        for (index, step) in steps.enumerated() {
            if !shown[index] { end() }
            var line: DiffModel.Line
            switch step {
            case .same:
                line = .init(.same, old: oldLine + 1, new: newLine + 1, text: String(old[oldLine]))
                oldLine += 1
                newLine += 1
            case .removed:
                line = .init(.removed, old: oldLine + 1, new: nil, text: String(old[oldLine]))
                oldLine += 1
            case .added:
                line = .init(.added, old: nil, new: newLine + 1, text: String(new[newLine]))
                newLine += 1
            }
            guard shown[index] else { continue }
            guard held < limit else {
                isTruncated = true
                break
            }
            held += 1
            lines.append(line)
        }
        end()
        return DiffModel(hunks: hunks, isTruncated: isTruncated)
    }
}
