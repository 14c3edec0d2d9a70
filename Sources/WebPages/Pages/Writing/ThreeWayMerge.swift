/// Joins two changes of one text, line by line: what one side changed is taken, what both changed differently is marked.
package struct ThreeWayMerge: Sendable, Hashable {
    /// The joined text, with git's markers around what does not go together.
    package let text: String
    /// Places that do not go together.
    package let conflicts: Int

    /// Lines of a text beyond which nothing is joined and both stand whole.
    private static let maximumLines = 20_000

    package init(base: String, theirs: String, yours: String, theirName: String, yourName: String) {
        let (origin, left, right) = (Self.lines(base), Self.lines(theirs), Self.lines(yours))
        let marks = (start: "<<<<<<< \(theirName)", middle: "=======", end: ">>>>>>> \(yourName)")
        guard max(origin.count, left.count, right.count) <= Self.maximumLines else {
            text = ([marks.start] + left + [marks.middle] + right + [marks.end]).joined(separator: "\n")
            conflicts = 1
            return
        }
        let (inLeft, inRight) = (Self.matches(origin, left), Self.matches(origin, right))
        var out: [String] = []
        var count = 0
        var (at, atLeft, atRight) = (0, 0, 0)
        func settle(_ old: ArraySlice<String>, _ their: ArraySlice<String>, _ your: ArraySlice<String>) {
            if their.elementsEqual(your) || your.elementsEqual(old) {
                out += their
            } else if their.elementsEqual(old) {
                out += your
            } else {
                out += [marks.start] + their + [marks.middle] + your + [marks.end]
                count += 1
            }
        }
        for index in origin.indices {
            // A line that both kept ends what may differ before it.
            guard let one = inLeft[index], let other = inRight[index], one >= atLeft, other >= atRight else { continue }
            settle(origin[at..<index], left[atLeft..<one], right[atRight..<other])
            out.append(origin[index])
            (at, atLeft, atRight) = (index + 1, one + 1, other + 1)
        }
        settle(origin[at...], left[atLeft...], right[atRight...])
        text = out.joined(separator: "\n")
        conflicts = count
    }

    private static func lines(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Where each line of the old text is in the new one; nil for those that are not.
    private static func matches(_ old: [String], _ new: [String]) -> [Int?] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        let kept = new.indices.filter { !inserted.contains($0) }
        var places = kept[...]
        return old.indices.map { removed.contains($0) ? nil : places.popFirst() }
    }
}
