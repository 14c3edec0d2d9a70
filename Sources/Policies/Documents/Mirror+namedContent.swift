/// What the rules of a mirror name, where they name it one by one and not by patterns.
package struct NamedContent: Sendable, Hashable {
    /// Owners of whom all is meant, in small letters.
    package var owners: Set<String> = []
    /// `owner/name`, as the rules write it.
    package var repositories: Set<String> = []
    /// Kinds that are meant; empty for all.
    package var kinds: Set<String> = []
    /// Whether something is meant that has no such name, such as `*-instruct` of anybody.
    package var isOpen = false
}

extension Mirror {
    /// What the rules that let something in name.
    package var namedContent: NamedContent {
        var named = NamedContent()
        var meansEveryKind = false
        for rule in rules where rule.action == .allow && rule.enforcement == .enforce {
            let selector = rule.selector
            if selector.kinds.isEmpty { meansEveryKind = true }
            named.kinds.formUnion(selector.kinds.map(\.rawValue))
            let authors = selector.authors.map(\.pattern)
            guard !selector.repositories.isEmpty || !authors.isEmpty else {
                named.isOpen = true
                continue
            }
            if !authors.isEmpty {
                for author in authors {
                    if Self.isLiteral(author) { named.owners.insert(author.lowercased()) } else { named.isOpen = true }
                }
                // Both have to fit: the owners say enough.
                continue
            }
            for pattern in selector.repositories.map(\.pattern) { named.add(pattern) }
        }
        if defaultOutcome == .allow { named.isOpen = true }
        if meansEveryKind || named.isOpen { named.kinds = [] }
        return named
    }

    fileprivate static func isLiteral(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { "*?[]{}!\\".contains($0) }
    }
}

extension NamedContent {
    fileprivate mutating func add(_ pattern: String) {
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let owner = parts.first, parts.count == 2, Mirror.isLiteral(owner) else {
            isOpen = true
            return
        }
        if Mirror.isLiteral(parts[1]) { repositories.insert(pattern) } else { owners.insert(owner.lowercased()) }
    }
}
