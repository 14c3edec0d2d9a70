/// Finds the word that somebody probably meant.
enum Spelling {
    /// The nearest of the known words, or nil when none is near enough to be worth a suggestion.
    static func nearest(to word: String, among known: [String]) -> String? {
        let wanted = Array(word.lowercased().unicodeScalars)
        guard wanted.count <= 64 else { return nil }
        let allowed = max(1, min(3, wanted.count / 3))
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = distance(wanted, Array(candidate.lowercased().unicodeScalars))
            guard distance <= allowed, distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    /// "did you mean 'x'?", or the list of what is known when nothing is near.
    static func remedy(for word: String, among known: [String], noun: String) -> String {
        if let nearest = nearest(to: word, among: known) { return "did you mean '\(nearest)'?" }
        return "known \(noun): " + known.joined(separator: ", ")
    }

    /// Edits to get from one word to the other, a swap of neighbours counting once (optimal string alignment).
    static func distance(_ left: [UnicodeScalar], _ right: [UnicodeScalar]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for (i, leftScalar) in left.enumerated() {
            var row = [i + 1]
            for (j, rightScalar) in right.enumerated() {
                var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (leftScalar == rightScalar ? 0 : 1))
                if i > 0, j > 0, leftScalar == right[j - 1], left[i - 1] == rightScalar {
                    cost = min(cost, older[j - 1] + 1)
                }
                row.append(cost)
            }
            older = previous
            previous = row
        }
        return previous[right.count]
    }
}
