/// Where a licence's words lie in a text, and how the two differ there. O(length of both), but for small gaps.
struct LicenseTextAlignment {
    /// Words of the licence that are missing, and words of the text that stand there instead.
    struct Hunk {
        var removed: Range<Int>
        var added: Range<Int>
    }

    /// The words of the text from the first to the last that are the licence's.
    let region: Range<Int>
    /// Words of the licence that are there.
    let matched: Int
    /// Differences inside the region.
    let hunks: [Hunk]
    /// The words of the licence from the first to the last that are there.
    let covered: Range<Int>
    private let core: Range<Int>
    private let length: Int

    /// Words that were added inside the region.
    var added: Int { hunks.reduce(0) { $0 + $1.added.count } }

    /// Words of the licence's core that are missing.
    var missing: Int {
        hunks.reduce(missingHead + missingTail) { $0 + $1.removed.clamped(to: core).count }
    }

    var missingHead: Int { max(0, min(covered.lowerBound, core.upperBound) - core.lowerBound) }

    var missingTail: Int { max(0, core.upperBound - max(covered.upperBound, core.lowerBound)) }

    /// 0 to 1: the part of all words that both have. What may be missing counts for little, to tell twins apart.
    var similarity: Double {
        let optional = Double(max(0, length - matched - missing)) * 0.001
        let whole = Double(matched + added + missing) + optional
        return whole > 0 ? Double(matched) / whole : 0
    }

    /// How well it explains the text: words explained, less those that contradict.
    var score: Double { Double(matched - added - missing) - Double(max(0, length - matched - missing)) * 0.01 }

    /// nil where hardly anything is in common.
    init?(of entry: LicenseTextIndex.Entry, in text: ArraySlice<UInt64>) {
        let positions = entry.anchors
        guard let window = Self.window(positions, entry.hashes.count, text) else { return nil }
        let chain = Self.chain(positions, text, window)
        guard let first = chain.first else { return nil }
        let licence = entry.hashes

        // Outwards from the outermost anchors as far as the words are the same.
        var start = (licence: first.licence, text: first.text)
        while start.licence > 0, start.text > text.startIndex, licence[start.licence - 1] == text[start.text - 1] {
            start.licence -= 1
            start.text -= 1
        }
        var hunks: [Hunk] = []
        var matched = first.licence - start.licence + 3
        // A few words more before that: what was put in between them is a difference, not another text.
        if start.licence > 0, start.licence <= Self.longestEnd {
            let reach = max(text.startIndex, start.text - start.licence - 12)..<start.text
            var found: [Hunk] = []
            let more = Self.compare(licence, 0..<start.licence, text, reach, &found)
            if more > 0, let added = found.first?.added, added.lowerBound == reach.lowerBound {
                // Words of the text before the first that is the licence's belong to something else.
                found[0].added = added.upperBound..<added.upperBound
                start.text = added.upperBound
            } else if more > 0 {
                start.text = reach.lowerBound
            }
            if more > 0 {
                matched += more
                hunks += found.filter { !$0.removed.isEmpty || !$0.added.isEmpty }
                start.licence = 0
            }
        }
        // And from anchor to anchor; neighbours overlap.
        var end = (licence: first.licence + 3, text: first.text + 3)
        for anchor in chain.dropFirst() {
            let skipped = max(0, end.licence - anchor.licence, end.text - anchor.text)
            guard skipped < 3 else { continue }
            matched += Self.compare(
                licence, end.licence..<anchor.licence + skipped, text, end.text..<anchor.text + skipped, &hunks)
            matched += 3 - skipped
            end = (anchor.licence + 3, anchor.text + 3)
        }
        while end.licence < licence.count, end.text < text.endIndex, licence[end.licence] == text[end.text] {
            end.licence += 1
            end.text += 1
            matched += 1
        }
        let left = licence.count - end.licence
        if left > 0, left <= Self.longestEnd {
            let reach = end.text..<min(text.endIndex, end.text + left + 12)
            var found: [Hunk] = []
            let more = Self.compare(licence, end.licence..<licence.count, text, reach, &found)
            if more > 0 {
                matched += more
                end = (licence.count, reach.upperBound)
                if let last = found.indices.last, found[last].added.upperBound == reach.upperBound {
                    end.text = found[last].added.lowerBound
                    found[last].added = end.text..<end.text
                }
                hunks += found.filter { !$0.removed.isEmpty || !$0.added.isEmpty }
            }
        }
        region = start.text..<end.text
        covered = start.licence..<end.licence
        self.matched = matched
        self.hunks = hunks
        core = entry.core
        length = licence.count
    }

    /// Words before the first and after the last run in common that are compared one by one.
    private static let longestEnd = 40

    private typealias Anchor = (licence: Int, text: Int)

    /// The stretch of the text that has most in common with the licence, no longer than the licence allows.
    private static func window(_ positions: [UInt64: Int32], _ length: Int, _ text: ArraySlice<UInt64>) -> Range<Int>? {
        guard text.count >= 3 else { return nil }
        let words = text
        var best = (sum: 0, range: 0..<0)
        var sum = 0
        var start = text.startIndex
        let base = Array(words)
        for index in 0..<(base.count - 2) {
            sum += positions[LicenseTextIndex.key(base, index)] == nil ? -1 : 1
            if sum <= 0 {
                sum = 0
                start = text.startIndex + index + 1
            } else if sum > best.sum {
                best = (sum, start..<(text.startIndex + index + 3))
            }
        }
        guard best.sum > 0 else { return nil }
        let longest = length + length / 3 + 100
        return best.range.count <= longest
            ? best.range : best.range.lowerBound..<(best.range.lowerBound + longest)
    }

    /// The longest run of places that come in the same order in both.
    private static func chain(
        _ positions: [UInt64: Int32], _ text: ArraySlice<UInt64>, _ window: Range<Int>
    ) -> [Anchor] {
        let words = Array(text[window])
        var anchors: [Anchor] = []
        var previous: [Int] = []
        // tails[n]: the anchor with the smallest place in the licence that ends a run of n + 1.
        var tails: [Int] = []
        for index in 0..<max(0, words.count - 2) {
            guard let position = positions[LicenseTextIndex.key(words, index)], position >= 0 else { continue }
            var low = 0
            var high = tails.count
            while low < high {
                let middle = (low + high) / 2
                if anchors[tails[middle]].licence < Int(position) { low = middle + 1 } else { high = middle }
            }
            // A second copy of the licence begins a run of its own instead of taking over this one.
            if low < tails.count, anchors[tails[low]].licence == Int(position) { continue }
            anchors.append((Int(position), window.lowerBound + index))
            previous.append(low > 0 ? tails[low - 1] : -1)
            if low < tails.count { tails[low] = anchors.count - 1 } else { tails.append(anchors.count - 1) }
        }
        var chain: [Anchor] = []
        var next = tails.last ?? -1
        while next >= 0 {
            chain.append(anchors[next])
            next = previous[next]
        }
        return trimmed(chain.reversed())
    }

    /// Without what few words far off at either end have in common by chance.
    private static func trimmed(_ chain: [Anchor]) -> [Anchor] {
        var start = 0
        var end = chain.count
        for index in chain.indices.dropFirst() where index - start < chain.count / 4 {
            let gap = chain[index].text - chain[index - 1].text - 3
            if gap > 12, gap > (index - start) * 4 { start = index }
        }
        for index in chain.indices.reversed().dropLast() where end - index < chain.count / 4 {
            let gap = chain[index].text - chain[index - 1].text - 3
            if gap > 12, gap > (end - index) * 4 { end = index }
        }
        return start < end ? Array(chain[start..<end]) : chain
    }

    /// Compares a gap word by word; a large one counts as different as a whole.
    private static func compare(
        _ licence: [UInt64], _ removed: Range<Int>, _ text: ArraySlice<UInt64>, _ added: Range<Int>,
        _ hunks: inout [Hunk]
    ) -> Int {
        var removed = removed
        var added = added
        var matched = 0
        while let left = removed.first, let right = added.first, licence[left] == text[right] {
            removed = left + 1..<removed.upperBound
            added = right + 1..<added.upperBound
            matched += 1
        }
        while let left = removed.last, let right = added.last, licence[left] == text[right] {
            removed = removed.lowerBound..<left
            added = added.lowerBound..<right
            matched += 1
        }
        guard !removed.isEmpty || !added.isEmpty else { return matched }
        guard !removed.isEmpty, !added.isEmpty, removed.count * added.count <= 40_000 else {
            hunks.append(Hunk(removed: removed, added: added))
            return matched
        }
        // Longest common subsequence; the table is small.
        let rows = removed.count
        let columns = added.count
        var table = [Int32](repeating: 0, count: (rows + 1) * (columns + 1))
        for row in (0..<rows).reversed() {
            for column in (0..<columns).reversed() {
                let here = row * (columns + 1) + column
                table[here] =
                    licence[removed.lowerBound + row] == text[added.lowerBound + column]
                    ? table[here + columns + 2] + 1 : max(table[here + columns + 1], table[here + 1])
            }
        }
        var row = 0
        var column = 0
        var open = Hunk(
            removed: removed.lowerBound..<removed.lowerBound, added: added.lowerBound..<added.lowerBound)
        func close() {
            if !open.removed.isEmpty || !open.added.isEmpty { hunks.append(open) }
            open = Hunk(
                removed: removed.lowerBound + row..<removed.lowerBound + row,
                added: added.lowerBound + column..<added.lowerBound + column)
        }
        while row < rows || column < columns {
            let here = row * (columns + 1) + column
            if row < rows, column < columns, licence[removed.lowerBound + row] == text[added.lowerBound + column] {
                close()
                row += 1
                column += 1
                matched += 1
                open.removed = removed.lowerBound + row..<removed.lowerBound + row
                open.added = added.lowerBound + column..<added.lowerBound + column
            } else if column >= columns || (row < rows && table[here + columns + 1] >= table[here + 1]) {
                row += 1
                open.removed = open.removed.lowerBound..<removed.lowerBound + row
            } else {
                column += 1
                open.added = open.added.lowerBound..<added.lowerBound + column
            }
        }
        close()
        return matched
    }
}
