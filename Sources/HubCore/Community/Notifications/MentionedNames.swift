/// The names that a text calls somebody by: `@ada`, outside of code.
enum MentionedNames {
    /// Each once, in the order of the text. A name ends where none can go on.
    static func all(in text: String) -> [String] {
        var names: [String] = []
        var seen: Set<String> = []
        for line in prose(text) {
            let bytes = Array(line.utf8)
            var index = 0
            while index < bytes.count {
                defer { index += 1 }
                guard bytes[index] == UInt8(ascii: "@"), index == 0 || !isPartOfWord(bytes[index - 1]) else { continue }
                var name = bytes[(index + 1)...].prefix { isAlphanumeric($0) || "_.-".utf8.contains($0) }
                // A dot at the end is the sentence's.
                while let last = name.last, !isAlphanumeric(last), last != UInt8(ascii: "_") { name.removeLast() }
                let found = String(decoding: name, as: UTF8.self)
                guard RepositoryID.isValidName(found), seen.insert(RepositoryID.key(found)).inserted else { continue }
                names.append(found)
            }
        }
        return names
    }

    /// The lines of a text without those of blocks of code, and without what stands between backticks.
    private static func prose(_ text: String) -> [String] {
        var fence: Substring?
        var lines: [String] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let trimmed = line.drop { $0 == " " }
            let mark = trimmed.prefix { $0 == "`" || $0 == "~" }
            if let open = fence {
                if mark.count >= open.count, mark.first == open.first { fence = nil }
                continue
            }
            if mark.count >= 3, Set(mark).count == 1 {
                fence = mark
                continue
            }
            // Of what is between backticks every second part is code.
            lines.append(
                line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .map { $0.offset.isMultiple(of: 2) ? String($0.element) : " " }.joined(separator: " "))
        }
        return lines
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "_/.@-+".utf8.contains(byte) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
