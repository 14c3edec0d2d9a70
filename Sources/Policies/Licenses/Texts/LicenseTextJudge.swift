/// Says whether a text that is nearly a licence is that licence.
struct LicenseTextJudge {
    let words: LicenseWords
    let entry: LicenseTextIndex.Entry
    let alignment: LicenseTextAlignment

    var part: LicenseTextMatch.Part {
        let first = Int(words.lines[alignment.region.lowerBound])
        let last = Int(words.lines[alignment.region.upperBound - 1])
        let lines = first == last ? "line \(first)" : "lines \(first)–\(last)"
        if entry.isNotice { return notice(first, last, lines) }
        let changes = changes
        let added = LicenseCues.flags(in: changes.added)
        let similarity = alignment.similarity
        let isExact = alignment.hunks.isEmpty && alignment.missing == 0
        let percent = isExact ? 100 : min(99, Int(similarity * 100))
        var evidence = "\(lines): \(percent) % the words of \(entry.id)"
        if !changes.notes.isEmpty { evidence += ", but " + changes.notes.joined(separator: ", ") }
        return LicenseTextMatch.Part(
            license: entry.id, method: isExact ? .exact : .similar,
            confidence: isExact ? 1 : min(0.99, similarity) * (changes.notes.isEmpty ? 1 : 0.9), firstLine: first,
            lastLine: last, isModified: !changes.notes.isEmpty, added: added, evidence: evidence)
    }

    private func notice(_ first: Int, _ last: Int, _ lines: String) -> LicenseTextMatch.Part {
        var id = entry.id
        if id.hasSuffix("-or-later"), !words.text(alignment.region).contains("any later version") {
            id = id.dropLast("-or-later".count) + "-only"
        }
        return LicenseTextMatch.Part(
            license: id, method: .notice, confidence: 0.95, firstLine: first, lastLine: last,
            evidence: "\(lines): the notice of \(id)")
    }

    /// What was done to the licence, in words, and the text that was added.
    private var changes: (notes: [String], added: String) {
        var notes: [String] = []
        var addedText: [String] = []
        var missing = 0
        for hunk in alignment.hunks {
            let added = words.text(hunk.added)
            let removed = hunk.removed.clamped(to: entry.core)
            let isName = hunk.removed.count > 0 && hunk.added.count <= hunk.removed.count + 10
            let taken = entry.words(hunk.removed)
            if LicenseCues.namesHolder(added) || (added.isEmpty && LicenseCues.namesHolder(taken)) { continue }
            if LicenseCues.changesTerms(added, insteadOf: taken)
                || (!isName && hunk.added.count > 10) || hunk.added.count > 24
            {
                addedText.append(added)
                let line = words.lines[hunk.added.lowerBound]
                notes.append("line \(line) adds “\(Self.excerpt(added))”")
            } else if removed.count > hunk.added.count + 6 {
                missing += removed.count
            }
        }
        if missing > 0 { notes.append("\(missing) of its words are left out") }
        let core = max(1, entry.core.count)
        for (name, count) in [("first", alignment.missingHead), ("last", alignment.missingTail)]
        where count > max(8, core / 50) {
            notes.append("its \(name) \(max(1, count * 100 / core)) % are missing")
        }
        if notes.count > 4 { notes = notes.prefix(4) + ["and \(notes.count - 4) more"] }
        return (notes, addedText.joined(separator: " "))
    }

    private static func excerpt(_ text: String) -> String {
        text.count <= 80 ? text : text.prefix(79) + "…"
    }
}
