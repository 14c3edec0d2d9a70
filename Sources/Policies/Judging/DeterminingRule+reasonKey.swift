extension DeterminingRule {
    /// What has to be the same for this to be the reason that somebody approved: the rule and what it found.
    ///
    /// Numbers that change by themselves (downloads, sizes) and the names of files and branches that a pattern matched do
    /// not count; a licence, a condition or a finding does.
    package var reasonKey: String { "\(action.rawValue) \(file) \(id): \(Self.steady(reason))" }

    private static func steady(_ reason: String) -> String {
        var text = reason
        for word in ["file", "revision", "repository"] { text = withoutNames(text, of: word) }
        return text.split(separator: " ", omittingEmptySubsequences: false)
            .map { token in token.first?.isNumber == true ? "#" : String(token) }.joined(separator: " ")
    }

    /// `file 'a.bin' matches '*.bin'` becomes `file matches '*.bin'`.
    private static func withoutNames(_ text: String, of word: String) -> String {
        guard let start = text.firstRange(of: "\(word) '"),
            let end = text[start.upperBound...].firstRange(of: "' matches '")
        else { return text }
        return text[..<start.lowerBound] + "\(word) matches '" + text[end.upperBound...]
    }
}
