extension License {
    private static let modifiedPrefix = "LicenseRef-modified-"
    private static let separator = "--"

    /// A known licence whose text has clauses added or removed: another licence, under a name of its own
    /// (`LicenseRef-modified-Apache-2.0--non-commercial`). Lists see it as `other`.
    static func modified(_ base: String, added: [LicenseFlag]) -> License {
        let plain = String(base.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" })
        let name = modifiedPrefix + ([plain] + Set(added).sorted().map(\.rawValue)).joined(separator: separator)
        return License(
            id: name, flags: LicenseExpression(parsing: base).flags.union(added).union([.noInformation]),
            recognition: .unrecognised,
            declared: name)
    }

    /// The modified licence that such a name means; nil for other names.
    static func modified(named text: String) -> License? {
        guard text.lowercased().hasPrefix(modifiedPrefix.lowercased()), isReference(text) else { return nil }
        let parts = text.dropFirst(modifiedPrefix.count).split(separatorText: separator)
        guard let base = parts.first, !base.isEmpty else { return nil }
        return modified(base, added: parts.dropFirst().compactMap { LicenseFlag(rawValue: $0) })
    }
}

extension StringProtocol {
    /// The parts between occurrences of a text.
    fileprivate func split(separatorText: String) -> [String] {
        split(separator: separatorText, omittingEmptySubsequences: false).map { String($0) }
    }
}
