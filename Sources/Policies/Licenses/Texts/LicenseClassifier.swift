/// Tells which licences a text is, by comparing its words with those of known licences.
///
/// Runs of three words that a text shares with a licence name the candidates (an inverted index), and the words of the
/// best are compared one by one: what was added and what is missing decides between near relatives, and tells a licence
/// with a clause more or less from the licence.
package final class LicenseClassifier: Sendable {
    /// The version of the list of texts it compares with. Results are good for one version and one `method`.
    package let version: String
    /// Changes when the same text may be told otherwise than before.
    package static let method = 1

    private let index: LicenseTextIndex
    /// Below this a text is another text.
    private static let leastSimilarity = 0.7
    /// Licences in one text, at most.
    private static let maximumParts = 32

    /// Builds the index. O(length of all texts): some hundreds of milliseconds, so it is built once, off the event loops.
    package init(_ texts: LicenseTexts) {
        version = texts.version
        index = LicenseTextIndex(texts)
    }

    /// The licences in a text, or nil where none is recognised. Looks at the first 1 MiB.
    /// O(length of the text × licences that share its rarer words).
    package func classify(_ text: String) -> LicenseTextMatch? {
        let words = LicenseWords(text)
        var found = LicenseIdentifierLines.parts(of: text)
        var rest = [0..<words.count]
        var position = 0
        while position < rest.count, found.count < Self.maximumParts {
            let segment = rest[position]
            position += 1
            guard segment.count >= 8, let (entry, alignment) = best(words, segment) else { continue }
            found.append(LicenseTextJudge(words: words, entry: entry, alignment: alignment).part)
            rest[position - 1] = segment.lowerBound..<segment.lowerBound
            rest.append(segment.lowerBound..<alignment.region.lowerBound)
            rest.append(alignment.region.upperBound..<segment.upperBound)
        }
        let segments = rest.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        return LicenseTextRemainder(text: text, words: words, segments: segments).joined(with: found)
    }

    private func best(
        _ words: LicenseWords, _ segment: Range<Int>
    ) -> (LicenseTextIndex.Entry, LicenseTextAlignment)? {
        var runs: Set<UInt64> = []
        for position in segment.lowerBound..<max(segment.lowerBound, segment.upperBound - 2) {
            runs.insert(LicenseTextIndex.key(words.hashes, position))
        }
        let candidates = index.shared(with: runs)
            .compactMap { entry, count -> (entry: Int, weight: Double)? in
                let contained = min(1, Double(count) / Double(max(1, index.entries[entry].distinct)))
                return contained >= 0.35 && count >= 6 ? (entry, Double(count) * contained) : nil
            }
            .sorted { ($1.weight, $0.entry) < ($0.weight, $1.entry) }.prefix(8)
        var best: (LicenseTextIndex.Entry, LicenseTextAlignment)?
        for candidate in candidates {
            let entry = index.entries[candidate.entry]
            guard let alignment = LicenseTextAlignment(of: entry, in: words.hashes[segment]),
                alignment.similarity >= Self.leastSimilarity
            else { continue }
            if alignment.score > best?.1.score ?? 0 { best = (entry, alignment) }
        }
        return best
    }
}
