import HubCore

/// What an upstream writes for people, made fit to be stored and shown: short, and without characters that control anything.
enum RemoteText {
    /// One line of at most `limit` bytes, cut between characters; nil when nothing is left.
    static func line(_ text: String?, limit: Int) -> String? {
        guard let text, !text.isEmpty else { return nil }
        var line = ""
        var pendingSpace = false
        // More than this cannot become a line of `limit` bytes worth having.
        for character in text.prefix(limit * 4) {
            if character.isWhitespace || character.isNewline {
                pendingSpace = !line.isEmpty
                continue
            }
            guard !character.unicodeScalars.contains(where: isControl) else { continue }
            let addition = (pendingSpace ? " " : "") + String(character)
            guard line.utf8.count + addition.utf8.count <= limit else { break }
            line += addition
            pendingSpace = false
        }
        return line.isEmpty ? nil : line
    }

    /// At most `count` different words, none longer than a word may be: one that is too long is left out, not cut.
    static func words(_ texts: some Sequence<String>, count: Int) -> [String] {
        var seen: Set<String> = []
        var words: [String] = []
        for text in texts {
            guard words.count < count else { break }
            guard text.utf8.count <= BrowseBounds.word, let word = line(text, limit: BrowseBounds.word),
                seen.insert(word).inserted
            else { continue }
            words.append(word)
        }
        return words
    }

    static func word(_ text: String?) -> String? { text.flatMap { words([$0], count: 1).first } }

    /// Also the marks that turn the direction of what follows.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}

extension RemoteDescription {
    /// The same with every text and list cut to what may be kept.
    func bounded() -> RemoteDescription {
        var bounded = self
        bounded.title = RemoteText.line(title, limit: BrowseBounds.title)
        bounded.summary = RemoteText.line(summary, limit: BrowseBounds.summary)
        bounded.tags = RemoteText.words(tags, count: BrowseBounds.tags)
        bounded.licenses = RemoteText.words(licenses, count: BrowseBounds.licenses)
        bounded.languages = RemoteText.words(languages, count: BrowseBounds.languages)
        bounded.task = RemoteText.word(task)
        bounded.library = RemoteText.word(library)
        bounded.author = RemoteText.word(author)
        bounded.defaultBranch = RemoteText.word(defaultBranch)
        bounded.parametersByType = Dictionary(
            uniqueKeysWithValues: parametersByType.sorted { $0.key < $1.key }
                .filter { $0.key.utf8.count <= 32 && RemoteText.word($0.key) == $0.key && $0.value >= 0 }
                .prefix(BrowseBounds.dtypes).map { ($0.key, $0.value) })
        return bounded
    }
}
