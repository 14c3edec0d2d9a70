/// A change of one list in a card's front matter, which leaves every other line of the file as it is.
package enum CardEdit {
    /// The file with `key` listing `values`, or without the key when there are none.
    /// - Parameter values: words that YAML needs no quotes for.
    /// - Throws: `.unprocessable` for a file whose front matter cannot be changed line by line.
    package static func setting(_ key: String, to values: [String], in readme: [UInt8]) throws -> [UInt8] {
        guard let text = String(validating: readme, as: UTF8.self), FrontMatter.problem(in: readme) == nil else {
            throw refusal
        }
        let isMarked = text.utf8.starts(with: [0xEF, 0xBB, 0xBF])
        var lines = text.utf8.dropFirst(isMarked ? 3 : 0)
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let list = values.isEmpty ? [] : ["\(key):"] + values.map { "- \($0)" }
        if let (start, end) = block(of: lines) {
            let old = range(of: key, in: lines[(start + 1)..<end]) ?? end..<end
            lines.replaceSubrange(old, with: list)
        } else if !list.isEmpty {
            lines = ["---"] + list + ["---"] + lines
        }
        let edited = Array((isMarked ? "\u{FEFF}" : "").utf8) + Array(lines.joined(separator: "\n").utf8)
        guard Card(readme: edited).data?[key]?.strings ?? [] == values else { throw refusal }
        return edited
    }

    /// The lines of the two fences.
    private static func block(of lines: [String]) -> (start: Int, end: Int)? {
        guard let start = lines.firstIndex(where: { !trimmed($0).isEmpty }), trimmed(lines[start]) == "---",
            let end = lines[(start + 1)...].firstIndex(where: { trimmed($0) == "---" })
        else { return nil }
        return (start, end)
    }

    /// The lines of a key at the top and of its value: those below it that are indented, or elements of its list.
    private static func range(of key: String, in lines: ArraySlice<String>) -> Range<Int>? {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("\(key):") }) else { return nil }
        let end = lines[(start + 1)...].firstIndex { line in
            !(line.hasPrefix(" ") || line.hasPrefix("\t") || line.hasPrefix("- ") || trimmed(line) == "-")
        }
        return start..<(end ?? lines.endIndex)
    }

    private static func trimmed(_ line: String) -> String {
        String(decoding: line.utf8.reversed().drop { [0x20, 0x09, 0x0D].contains($0) }.reversed(), as: UTF8.self)
    }

    private static let refusal = HubError(
        .unprocessable, "The front matter of the card cannot be changed by itself.", remedy: "Edit README.md instead.")
}
