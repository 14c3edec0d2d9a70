/// Which local namespace an upstream's owner appears under, and what wins when a local one has that name.
package struct NamespaceMap: Sendable, Hashable {
    package enum Conflict: String, Sendable, Hashable, CaseIterable {
        /// The local repository hides the upstream's: the guard against dependency confusion.
        case localWins = "local-wins"
        case upstreamWins = "upstream-wins"
        /// Both are refused until a person decides.
        case deny
    }

    /// Owners that match `pattern` appear as `template`, in which `{owner}` stands for the owner.
    package struct Entry: Sendable, Hashable {
        package let pattern: SimpleWildcard
        package let template: String
        package let location: SourceLocation

        /// What the entry's local names look like.
        var image: SimpleWildcard {
            SimpleWildcard(template.replacing("{owner}", with: pattern.pattern))
        }
    }

    /// In file order; the first that matches counts. Empty: every owner keeps its name.
    package var entries: [Entry] = []
    package var onConflict: Conflict = .localWins

    /// The local namespace of an upstream's owner; nil when the map leaves the owner out.
    package func localNamespace(forOwner owner: String) -> String? {
        guard !entries.isEmpty else { return owner }
        return entries.first { $0.pattern.matches(owner) }.map { $0.template.replacing("{owner}", with: owner) }
    }

    /// The upstream's owner behind a local namespace; nil when none maps there.
    package func owner(forLocalNamespace namespace: String) -> String? {
        guard !entries.isEmpty else { return namespace }
        for entry in entries {
            guard let owner = Self.owner(of: namespace, template: entry.template) ?? literalOwner(entry, namespace)
            else { continue }
            // An earlier entry may send this owner elsewhere.
            if localNamespace(forOwner: owner)?.lowercased() == namespace.lowercased() { return owner }
        }
        return nil
    }

    private func literalOwner(_ entry: Entry, _ namespace: String) -> String? {
        let isLiteral = !entry.pattern.pattern.contains { $0 == "*" || $0 == "?" }
        return isLiteral && entry.template.lowercased() == namespace.lowercased() ? entry.pattern.pattern : nil
    }

    private static func owner(of namespace: String, template: String) -> String? {
        guard let hole = template.firstRange(of: "{owner}") else { return nil }
        let prefix = template[..<hole.lowerBound]
        let suffix = template[hole.upperBound...]
        guard namespace.count > prefix.count + suffix.count, namespace.lowercased().hasPrefix(prefix.lowercased()),
            namespace.lowercased().hasSuffix(suffix.lowercased())
        else { return nil }
        return String(namespace.dropFirst(prefix.count).dropLast(suffix.count))
    }
}
