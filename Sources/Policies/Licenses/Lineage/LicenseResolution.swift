/// What one repository says of its own licence: the words of its files before its card, that before its tags, and those
/// before the upstream's answer.
struct LicenseResolution: Sendable {
    let declared: LicenseExpression
    let declaredSource: LicenseSource
    let own: LicenseExpression
    let source: LicenseSource
    /// Where `own` is said.
    let evidence: String
    /// Contradictions within the repository.
    let conflicts: [LicenseConflict]

    init(_ node: LicenseLineage.Node) {
        let (declared, declaredSource, said) = Self.declared(node)
        self.declared = declared
        self.declaredSource = declaredSource
        var conflicts = Self.sourceConflicts(node, declared, declaredSource)
        let texts = (node.texts ?? []).filter { !Self.isAboutOthers($0.path) }
        let found = texts.compactMap { text in text.match.map { (text.path, $0) } }
        guard !found.isEmpty else {
            own = declared
            source = declaredSource
            evidence = said
            if let text = texts.first(where: { Self.isLicenseFile($0.path) }), let license = declared.licenses.first,
                Self.hasKnownText(license)
            {
                conflicts.append(
                    LicenseConflict(
                        kind: .textMismatch,
                        text: "the \(declaredSource.noun) says \(declared.declared), and \(text.path) is not its text",
                        path: [node.id]))
            }
            self.conflicts = conflicts
            return
        }
        let text = Self.refined(Self.joined(found.map { $0.1.expression }), by: declared)
        let places = found.prefix(4).map { "\($0.0), \($0.1.evidence)" }.joined(separator: "; ")
        evidence = found.count > 4 ? places + "; and \(found.count - 4) more files" : places
        switch Self.comparison(text, declared) {
        case .same:
            own = declared
            source = .text
        case .more:
            own = text
            source = .text
        case .different:
            source = .text
            // What the card reserves beyond the text is not given by the text: code may be free and weights not.
            own = LicenseCompatibility.dropped(from: declared, by: text).isEmpty ? text : .all([text, declared])
            conflicts.append(
                LicenseConflict(
                    kind: Self.kind(text, declared, isModified: found.contains { $0.1.isModified }),
                    text: "the \(declaredSource.noun) says \(declared.declared), and the text is \(text) (\(places))",
                    path: [node.id]))
        }
        if found.contains(where: { $0.1.isModified }), !conflicts.contains(where: { $0.kind == .modifiedText }) {
            conflicts.append(
                LicenseConflict(kind: .modifiedText, text: "the text is changed (\(places))", path: [node.id]))
        }
        self.conflicts = conflicts
    }

    // MARK: - Declared

    private static func declared(_ node: LicenseLineage.Node) -> (LicenseExpression, LicenseSource, String) {
        if !node.card.isEmpty {
            let expression = LicenseExpression(declared: node.card)
            let said = "card: \(node.card.joined(separator: ", "))"
            guard expression.licenses.allSatisfy({ $0.recognition == .noInformation }) else {
                return (expression, .card, said)
            }
            // `other` with a name or a link that is known.
            if let name = node.cardName {
                let named = LicenseExpression(parsing: name)
                if LicenseCompatibility.saysSomething(named) { return (named, .card, "card: license_name \(name)") }
            }
            if let link = node.cardLink, let license = License.named(byLink: link) {
                return (.license(license), .card, "card: license_link \(link)")
            }
            if expression != .license(.unknown) || (node.tags.isEmpty && node.api.isEmpty) {
                return (expression, .card, said)
            }
        }
        if !node.tags.isEmpty {
            return (LicenseExpression(declared: node.tags), .tag, "tag: \(node.tags.joined(separator: ", "))")
        }
        if !node.api.isEmpty {
            return (LicenseExpression(declared: node.api), .api, "upstream: \(node.api.joined(separator: ", "))")
        }
        return (.license(.unknown), .none, "no licence is named")
    }

    private static func sourceConflicts(
        _ node: LicenseLineage.Node, _ declared: LicenseExpression, _ source: LicenseSource
    ) -> [LicenseConflict] {
        [(LicenseSource.tag, node.tags), (.api, node.api)].compactMap { other, values in
            guard other != source, !values.isEmpty else { return nil }
            let said = LicenseExpression(declared: values)
            guard LicenseCompatibility.saysSomething(said), LicenseCompatibility.saysSomething(declared),
                Set(said.licenses.map(\.id)) != Set(declared.licenses.map(\.id))
            else { return nil }
            return LicenseConflict(
                kind: .sourceMismatch,
                text: "the \(source.noun) says \(declared.declared), and the \(other.noun) says \(said.declared)",
                path: [node.id])
        }
    }

    // MARK: - Texts

    private enum Comparison { case same, more, different }

    /// All texts of a repository as one expression.
    private static func joined(_ expressions: [LicenseExpression]) -> LicenseExpression {
        var seen: Set<String> = []
        var parts: [LicenseExpression] = []
        for expression in expressions where seen.insert(expression.description).inserted { parts.append(expression) }
        // COPYING and COPYING.LESSER: the LGPL 3 is words on top of the GPL 3.
        if parts.contains(where: { $0.description.hasPrefix("LGPL-3.0-") }) {
            parts.removeAll { $0.description.hasPrefix("GPL-3.0-") && !$0.description.contains(" ") }
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    /// The text of a GNU licence is the same for `only` and `or later`, and an exception may stand elsewhere: then what
    /// is declared tells.
    private static func refined(_ text: LicenseExpression, by declared: LicenseExpression) -> LicenseExpression {
        switch text {
        case .license(let license):
            guard license.id.hasSuffix("-only") else { return text }
            let later = String(license.id.dropLast("-only".count)) + "-or-later"
            return declared.licenses.contains { $0.id == later } ? .license(License.normalize(later)) : text
        case .with: return text
        case .all(let parts): return .all(parts.map { refined($0, by: declared) })
        case .any(let parts): return .any(parts.map { refined($0, by: declared) })
        }
    }

    private static func comparison(_ text: LicenseExpression, _ declared: LicenseExpression) -> Comparison {
        let texts = Set(text.licenses.map(\.id))
        let names = Set(declared.licenses.map(\.id))
        if texts.isSubset(of: names) { return .same }
        if declared.licenses.allSatisfy({ $0.recognition == .noInformation }) { return .more }
        let families = declared.licenses.filter { $0.recognition == .family }
        if !families.isEmpty, families.count == declared.licenses.count {
            return text.licenses.allSatisfy { license in families.contains { isMember(license.id, of: $0.id) } }
                ? .more : .different
        }
        // Notices of parts taken over from others, which ask for no more than credit.
        let others = text.licenses.filter { !names.contains($0.id) }
        if names.isSubset(of: texts), others.allSatisfy({ $0.flags.isSubset(of: [.attribution]) }) { return .more }
        return .different
    }

    private static func isMember(_ id: String, of family: String) -> Bool {
        switch family {
        case "openrail": id.lowercased().contains("rail")
        default: id.lowercased().hasPrefix(family)
        }
    }

    private static func kind(
        _ text: LicenseExpression, _ declared: LicenseExpression, isModified: Bool
    ) -> LicenseConflict.Kind {
        if isModified { return .modifiedText }
        let copyleft: Set<LicenseFlag> = [.strongCopyleft, .networkCopyleft]
        return !text.flags.isDisjoint(with: copyleft) && declared.flags.isDisjoint(with: copyleft)
            ? .copyleftText : .textMismatch
    }

    /// Files that give the licence itself, and not a policy beside it.
    private static func isLicenseFile(_ path: String) -> Bool {
        let name = path.lowercased()
        return ["licen", "copying"].contains { name.contains($0) }
    }

    /// Files with the licences of what others wrote.
    private static func isAboutOthers(_ path: String) -> Bool {
        let name = path.lowercased()
        return ["notice", "third", "authors", "patents"].contains { name.hasPrefix($0) }
    }

    /// Vendors' texts are not compared word by word; a text that is none of the SPDX licence that is named is a fact.
    private static func hasKnownText(_ license: License) -> Bool { license.recognition == .spdx }
}

extension LicenseSource {
    /// What it is called in a sentence.
    var noun: String {
        switch self {
        case .text: "text"
        case .card: "card"
        case .tag: "tag"
        case .api: "upstream"
        case .none: "card"
        }
    }
}
