/// The words of all known licences, and which of them share three words in a row.
struct LicenseTextIndex: Sendable {
    /// One text to compare with.
    struct Entry: Sendable {
        let id: String
        let hashes: [UInt64]
        /// Where `hashes` lie in `source`.
        let start: Int
        let source: LicenseWords
        /// The words that have to be there; what is outside, such as a preamble, may be missing.
        let core: Range<Int>
        /// A short notice that names the licence, instead of the licence.
        let isNotice: Bool
        /// How many different runs of three words its core has.
        var distinct = 0

        /// The words of a range.
        func words(_ range: Range<Int>) -> String {
            source.text(range.lowerBound + start..<range.upperBound + start)
        }

        /// Where each run of three words begins that occurs once.
        var anchors: [UInt64: Int32] {
            var positions: [UInt64: Int32] = [:]
            positions.reserveCapacity(hashes.count)
            for index in 0..<max(0, hashes.count - 2) {
                let key = LicenseTextIndex.key(hashes, index)
                positions[key] = positions[key] == nil ? Int32(index) : -1
            }
            return positions
        }
    }

    private(set) var entries: [Entry] = []
    /// The first of a chain of `links`, by run of three words.
    private var heads: [UInt64: Int32] = [:]
    private var links: [(entry: Int32, next: Int32)] = []

    init(_ texts: LicenseTexts) {
        var seen: [[UInt64]: Int] = [:]
        for text in texts.licenses where !text.text.isEmpty {
            let words = LicenseWords(text.text).fitted
            guard words.count >= 8 else { continue }
            if let other = seen[words.hashes] {
                // Several identifiers have the same words: GPL-2.0-only and GPL-2.0-or-later.
                if Self.isPreferred(text.id, to: entries[other].id) {
                    let entry = entries[other]
                    entries[other] = Entry(
                        id: text.id, hashes: entry.hashes, start: 0, source: entry.source, core: entry.core,
                        isNotice: false)
                }
                continue
            }
            seen[words.hashes] = entries.count
            entries.append(
                Entry(
                    id: text.id, hashes: words.hashes, start: 0, source: words,
                    core: LicenseTextParts.core(of: text.id, words), isNotice: false))
            if let notice = LicenseTextParts.notice(of: text.id, words) { entries.append(notice) }
        }
        links.reserveCapacity(entries.reduce(0) { $0 + $1.hashes.count })
        for index in entries.indices { add(index) }
    }

    /// How many runs of three words each text has in common with these; those with none are left out.
    func shared(with runs: Set<UInt64>) -> [Int: Int] {
        var counts = [Int32](repeating: 0, count: entries.count)
        for run in runs {
            guard var link = heads[run] else { continue }
            while link >= 0 {
                let found = links[Int(link)]
                counts[Int(found.entry)] &+= 1
                link = found.next
            }
        }
        var result: [Int: Int] = [:]
        for (index, count) in counts.enumerated() where count > 0 { result[index] = Int(count) }
        return result
    }

    /// A number for the three words that begin there.
    static func key(_ hashes: [UInt64], _ index: Int) -> UInt64 {
        var key = hashes[index] &* 0x9E37_79B9_7F4A_7C15
        key = (key << 23 | key >> 41) ^ (hashes[index + 1] &* 0xC2B2_AE3D_27D4_EB4F)
        key = (key << 19 | key >> 45) ^ (hashes[index + 2] &* 0x1656_67B1_9E37_79F9)
        return key
    }

    private mutating func add(_ index: Int) {
        let hashes = entries[index].hashes
        var distinct = 0
        for position in 0..<max(0, hashes.count - 2) {
            let key = Self.key(hashes, position)
            let head = heads[key] ?? -1
            if head >= 0, links[Int(head)].entry == Int32(index) { continue }
            heads[key] = Int32(links.count)
            links.append((Int32(index), head))
            if entries[index].core.contains(position) { distinct += 1 }
        }
        entries[index].distinct = distinct
    }

    /// `-only` is the stricter reading; otherwise what obligations are known of; otherwise the shorter name.
    private static func isPreferred(_ id: String, to other: String) -> Bool {
        func rank(_ id: String) -> (Int, Int, Int) {
            (
                id.hasSuffix("-only") ? 0 : id.hasSuffix("-or-later") || id.hasSuffix("+") ? 2 : 1,
                LicenseTable.entries[id.lowercased()] == nil ? 1 : 0, id.utf8.count
            )
        }
        return rank(id) < rank(other)
    }
}
