/// Which words of a licence's text have to be there, and which are a preamble, a title or instructions for use.
enum LicenseTextParts {
    /// The words without which it is not the licence.
    static func core(of id: String, _ words: LicenseWords) -> Range<Int> {
        var start = titleEnd(words)
        var end = words.count
        for phrase in starts(id) {
            if let found = find(phrase, words, in: 0..<words.count / 2) {
                start = found.lowerBound
                break
            }
        }
        for phrase in ends(id) {
            if let found = find(phrase, words, in: min(start + 20, words.count)..<words.count) {
                end = min(end, found.lowerBound)
            }
        }
        return start < end ? start..<end : 0..<words.count
    }

    /// The notice that a licence asks to put at the top of each file, out of its own instructions.
    static func notice(of id: String, _ words: LicenseWords) -> LicenseTextIndex.Entry? {
        let notices = [
            ("Apache-2.0", "licensed under the apache license version 2.0 the license you may not", 78, 28),
            ("GPL-", "program is free software you can redistribute it", 96, 34),
            ("LGPL-", "library is free software you can redistribute it", 96, 34),
            ("AGPL-", "program is free software you can redistribute it", 96, 34),
            ("MPL-2.0", "this source code form is subject to the terms of the mozilla public license v 2.0", 40, 16),
        ]
        for (prefix, phrase, length, core) in notices where id.hasPrefix(prefix) && !id.contains("exception") {
            guard let found = find(phrase, words, in: 0..<words.count) else { continue }
            let range = found.lowerBound..<min(words.count, found.lowerBound + length)
            // The copyright line above it stands in no text, and whether later versions may be used is asked apart.
            let name = id.hasSuffix("-only") ? String(id.dropLast("-only".count)) + "-or-later" : id
            return LicenseTextIndex.Entry(
                id: name, hashes: Array(words.hashes[range]), start: range.lowerBound, source: words,
                core: 0..<min(range.count, core), isNotice: true)
        }
        return nil
    }

    /// A title at the top is a short first line without the words of a sentence.
    private static func titleEnd(_ words: LicenseWords) -> Int {
        guard let first = words.lines.first else { return 0 }
        let end = words.lines.firstIndex { $0 != first } ?? 0
        return end <= 8 && end * 6 < words.count ? end : 0
    }

    private static func starts(_ id: String) -> [String] {
        if id.hasPrefix("CC-BY") || id.hasPrefix("CC0") {
            return [
                "by exercising the licensed rights", "the work as defined below is provided",
                "statement of purpose",
            ]
        }
        if id.contains("GPL-") { return ["terms and conditions"] }
        return []
    }

    private static func ends(_ id: String) -> [String] {
        if id.hasPrefix("CC-") { return ["creative commons is not a party to"] }
        if id.hasPrefix("LGPL-3.0") { return ["gnu general public license version 3"] }
        if id.hasPrefix("MPL-") { return ["exhibit a source code form license notice", "exhibit a mozilla public"] }
        return ["end of terms and conditions"]
    }

    /// The first place of a phrase.
    static func find(_ phrase: String, _ words: LicenseWords, in range: Range<Int>) -> Range<Int>? {
        let wanted = LicenseWords(phrase).hashes
        guard let first = wanted.first, wanted.count <= range.count else { return nil }
        for index in range.lowerBound...(range.upperBound - wanted.count) where words.hashes[index] == first {
            if words.hashes[index..<index + wanted.count].elementsEqual(wanted) { return index..<index + wanted.count }
        }
        return nil
    }
}
