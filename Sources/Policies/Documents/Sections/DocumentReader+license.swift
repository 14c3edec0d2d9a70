extension DocumentReader {
    static let licenseKeys = ["allow", "deny", "review", "inherit", "onMismatch"]

    private enum Inheritance: String, CaseIterable {
        case baseModel = "base_model"
        case none
    }

    /// Reads a `license` block.
    func licenseRules(_ node: DocumentNode) -> LicenseRules? {
        guard let fields = fields(node, "license", keys: Self.licenseKeys) else { return nil }
        var inherits = false
        var onMismatch: RuleAction?
        if let inherit = fields["inherit"] {
            inherits = choice(inherit, "inherit", as: Inheritance.self) == .baseModel
        }
        if let mismatch = fields["onMismatch"] {
            onMismatch = choice(mismatch, "onMismatch")
        }
        let rules = LicenseRules(
            allow: fields["allow"].map { patterns($0, "allow") },
            deny: fields["deny"].map { patterns($0, "deny") } ?? [],
            review: fields["review"].map { patterns($0, "review") } ?? [], inheritsFromBaseModel: inherits,
            onMismatch: onMismatch, mismatchLocation: fields.location(of: "onMismatch"),
            location: fields.location(of: "allow") ?? node.location)
        return rules
    }

    private func patterns(_ node: DocumentNode, _ what: String) -> [LicensePattern] {
        items(node, what, example: "\(what): [Apache-2.0, MIT]")?.compactMap(pattern) ?? []
    }

    private func pattern(_ node: DocumentNode) -> LicensePattern? {
        guard let text = text(node, "license entry") else { return nil }
        return meaning(of: text, node).map { LicensePattern(meaning: $0, text: text, location: node.location) }
    }

    private func meaning(of text: String, _ node: DocumentNode) -> LicensePattern.Meaning? {
        if text == "*" { return .everyOther }
        if text.hasPrefix("flag:") {
            let name = String(text.dropFirst("flag:".count))
            if let flag = LicenseFlag(rawValue: name) { return .flag(flag) }
            error(
                node, "unknown licence flag '\(name)'",
                remedy: Spelling.remedy(for: name, among: LicenseFlag.allCases.map(\.rawValue), noun: "flags"))
            return nil
        }
        if text.contains(where: { "*?[{".contains($0) }) { return glob(text, node) }
        return identifier(text, node)
    }

    private func glob(_ text: String, _ node: DocumentNode) -> LicensePattern.Meaning? {
        do {
            let glob = try Glob(text, for: .text)
            let known = LicenseTable.entries.values.contains { glob.matches($0.id) }
            if !known, !LicenseTable.aliases.keys.contains(where: glob.matches),
                !text.lowercased().hasPrefix("licenseref-")
            {
                warning(node, "the pattern '\(text)' matches no licence that is known", remedy: "check its spelling")
            }
            return .glob(glob)
        } catch {
            self.error(
                node, "the pattern '\(text)' \(error.message) at character \(error.offset + 1)", remedy: error.remedy)
            return nil
        }
    }

    private func identifier(_ text: String, _ node: DocumentNode) -> LicensePattern.Meaning? {
        let license = License.normalize(text)
        switch license.recognition {
        case .spdx, .family: return .identifier(license.id)
        case .noInformation: return license.id == "other" ? .other : .identifier(license.id)
        case .reference:
            let isKnown = LicenseTable.entries[license.id.lowercased()] != nil
            if !isKnown, let nearest = Spelling.nearest(to: text, among: LicenseTable.entries.values.map(\.id).sorted())
            {
                warning(node, "'\(text)' is a reference that is not known", remedy: "did you mean '\(nearest)'?")
            }
            return .identifier(license.id)
        case .unrecognised:
            if case .with(let base, let exception) = LicenseExpression(parsing: text), base.recognition == .spdx {
                return .identifier("\(base.id) WITH \(exception)")
            }
            let nearest = Spelling.nearest(to: text, among: LicenseTable.suggestions)
            error(
                node, "unknown licence '\(text)'",
                remedy: nearest.map { "did you mean '\($0)'?" }
                    ?? "use an SPDX identifier, a Hugging Face identifier, LicenseRef-…, flag:…, other, unknown or *")
            return nil
        }
    }
}
