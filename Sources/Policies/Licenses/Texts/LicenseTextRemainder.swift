import Foundation

/// What a text says beside the licences whose words are in it: titles of vendors' terms, sentences that name a licence,
/// an offer to choose, exceptions, and clauses that take back what a licence gives.
struct LicenseTextRemainder {
    private let text: String
    private let words: LicenseWords
    private let segments: [Range<Int>]
    private let rest: String

    init(text: String, words: LicenseWords, segments: [Range<Int>]) {
        self.text = text
        self.words = words
        self.segments = segments
        rest = segments.map { words.text($0) }.joined(separator: " | ")
    }

    /// Everything found, or nil where that is nothing.
    func joined(with found: [LicenseTextMatch.Part]) -> LicenseTextMatch? {
        var parts = found
        let titles = titles
        parts += titles
        if !parts.contains(where: { $0.method == .identifier || $0.method == .title }) {
            parts += notices(isShort: parts.isEmpty && words.count <= 12)
        }
        guard !parts.isEmpty else { return nil }
        parts = exceptions(simplified(parts.sorted { ($0.firstLine, $0.license) < ($1.firstLine, $1.license) }))
        // The words under a vendor's title are the vendor's own terms.
        if titles.isEmpty { parts = restricted(parts) }
        return LicenseTextMatch(parts: parts, isChoice: parts.count > 1 && offersChoice)
    }

    // MARK: - Titles and sentences

    private var titles: [LicenseTextMatch.Part] {
        let padded = " \(rest) "
        var signs: String?
        var found: [LicenseTextMatch.Part] = []
        for title in VendorTitles.all {
            guard let phrase = title.phrases.first(where: { padded.contains(" \($0) ") }) else { continue }
            if let sign = title.sign {
                let lower = signs ?? text.prefix(1 << 20).lowercased()
                signs = lower
                guard lower.contains(sign) else { continue }
            }
            // One title counts once, for the most telling of those that fit.
            guard !found.contains(where: { $0.evidence.contains("“\(phrase)”") }) else { continue }
            let line = line(of: phrase)
            let isHeading = line <= 12
            found.append(
                LicenseTextMatch.Part(
                    license: title.id, method: .title, confidence: isHeading ? 0.9 : 0.75, firstLine: line,
                    lastLine: line, evidence: "line \(line): the title “\(phrase)” of \(title.id)"))
        }
        return found
    }

    private func notices(isShort: Bool) -> [LicenseTextMatch.Part] {
        LicenseNotices.licenses(in: rest, isShort: isShort).map { id, phrase in
            let line = line(of: phrase)
            return LicenseTextMatch.Part(
                license: id, method: .notice, confidence: 0.8, firstLine: line, lastLine: line,
                evidence: "line \(line): names \(id)")
        }
    }

    /// The line of the first place of a phrase beside the known texts; 1 where it cannot be found.
    private func line(of phrase: String) -> Int {
        let wanted = LicenseWords(phrase).hashes
        guard let first = wanted.first else { return 1 }
        for segment in segments {
            for index in segment where words.hashes[index] == first {
                let end = min(words.count, index + wanted.count)
                if words.hashes[index..<end].elementsEqual(wanted) { return Int(words.lines[index]) }
            }
        }
        return 1
    }

    // MARK: - Together

    /// Without what says the same twice.
    private func simplified(_ parts: [LicenseTextMatch.Part]) -> [LicenseTextMatch.Part] {
        var parts = parts
        // The text of the GPL says nothing of later versions, the notice beside it does.
        for notice in parts where notice.license.hasSuffix("-or-later") && notice.method != .exact {
            let only = notice.license.dropLast("-or-later".count) + "-only"
            if let index = parts.firstIndex(where: { $0.license == only && $0.method != .notice }) {
                parts[index] = parts[index].renamed(notice.license)
            }
        }
        // The LGPL 3 is words on top of the GPL 3, which therefore stands beside it.
        if parts.contains(where: { $0.license.hasPrefix("LGPL-3.0") }) {
            parts.removeAll { $0.license.hasPrefix("GPL-3.0") && !$0.isModified }
        }
        let names = Set(parts.filter { $0.method != .notice }.map(\.license))
        var seen: Set<String> = []
        return parts.filter { part in
            if part.method == .notice, names.contains(part.license) { return false }
            return seen.insert("\(part.license) \(part.isModified)").inserted
        }
    }

    private func exceptions(_ parts: [LicenseTextMatch.Part]) -> [LicenseTextMatch.Part] {
        let padded = " \(rest) "
        var parts = parts
        for (phrases, prefix, exception) in Self.exceptionPhrases
        where phrases.contains(where: { padded.contains(" \($0) ") }) {
            guard let index = parts.firstIndex(where: { $0.license.hasPrefix(prefix) && !$0.license.contains(" ") })
            else { continue }
            parts[index] = parts[index].renamed("\(parts[index].license) WITH \(exception)")
        }
        return parts
    }

    private static let exceptionPhrases: [([String], String, String)] = [
        (
            ["llvm exceptions to the apache 2.0 license", "apache license v2.0 with llvm exceptions"], "Apache-2.0",
            "LLVM-exception"
        ),
        (["classpath exception", "subject to the classpath exception"], "GPL-", "Classpath-exception-2.0"),
        (["gcc runtime library exception"], "GPL-", "GCC-exception-3.1"),
        (["runtime library exception to the apache 2.0 license"], "Apache-2.0", "Swift-exception"),
    ]

    /// Each clause beside the licences that restricts belongs to the licence before it.
    private func restricted(_ parts: [LicenseTextMatch.Part]) -> [LicenseTextMatch.Part] {
        var parts = parts
        for segment in segments {
            let found = LicenseCues.flags(in: words.text(segment))
            guard !found.isEmpty, let first = segment.first else { continue }
            let line = Int(words.lines[first])
            let index = parts.lastIndex { $0.firstLine <= line } ?? parts.startIndex
            // What the licence says anyhow, as the name of a non-commercial licence does, adds nothing.
            let said = LicenseExpression(parsing: parts[index].license).flags
            let added = found.filter { !said.contains($0) }
            guard !added.isEmpty else { continue }
            let names = added.map(\.rawValue).joined(separator: ", ")
            parts[index] = parts[index].modified(added, "a clause from line \(line) on restricts it (\(names))")
        }
        return parts
    }

    private var offersChoice: Bool {
        let padded = " \(rest) "
        return ["either of", "dual licensed", "dual license", "you may choose", "your choice of", "choose either"]
            .contains { padded.contains(" \($0) ") }
            || padded.ranges(of: " at your option ").contains { !padded[$0.upperBound...].hasPrefix("any later") }
    }
}

extension LicenseTextMatch.Part {
    fileprivate func renamed(_ license: String) -> Self {
        Self(
            license: license, method: method, confidence: confidence, firstLine: firstLine, lastLine: lastLine,
            isModified: isModified, added: added, evidence: evidence + ", read as \(license)")
    }

    fileprivate func modified(_ added: [LicenseFlag], _ note: String) -> Self {
        Self(
            license: license, method: method == .exact ? .similar : method, confidence: min(confidence, 0.9) * 0.9,
            firstLine: firstLine, lastLine: lastLine, isModified: true,
            added: Set(self.added).union(added).sorted(),
            evidence: evidence + ", but \(note)")
    }
}
