extension DocumentReader {
    static let ruleKeys = ["id", "match", "when", "action", "enforcement", "message"]
    static let matchKeys = [
        "kind", "repo", "notRepo", "revision", "files", "notFiles", "tags", "task", "library", "language", "author",
        "minDownloads", "minSize", "maxSize", "maxParams", "updatedWithin",
    ]

    func rules(_ node: DocumentNode) -> [Rule] {
        guard let items = items(node, "rules", example: "rules: [{id: …, match: {…}, action: …}]") else { return [] }
        var ids: [String: SourceLocation] = [:]
        var rules: [Rule] = []
        for item in items {
            guard let rule = rule(item, ids: &ids) else { continue }
            rules.append(rule)
        }
        warnAboutShadows(rules)
        return rules
    }

    /// A condition with its place in the source.
    func expression(_ node: DocumentNode, _ what: String) -> Expression? {
        guard let text = text(node, what) else { return nil }
        do {
            return try ExpressionParser.parse(text)
        } catch {
            let precise = location(of: error.offset, in: text, node)
            let place = precise == nil ? " at character \(error.offset + 1)" : ""
            diagnostics.add(
                .error, at: precise ?? node.location, pointer: node.pointer,
                "the expression of '\(what)' \(error.message)\(place)", remedy: error.remedy)
            return nil
        }
    }

    /// Where a character of a scalar stands in the file; nil when quoting or folding moved it.
    private func location(of offset: Int, in text: String, _ node: DocumentNode) -> SourceLocation? {
        guard lines.indices.contains(node.location.line - 1) else { return nil }
        let source = lines[node.location.line - 1].unicodeScalars.dropFirst(node.location.column - 1)
        let quote = source.first.map { $0 == "'" || $0 == "\"" } == true ? 1 : 0
        let start = source.dropFirst(quote)
        guard start.prefix(offset).elementsEqual(text.unicodeScalars.prefix(offset)) else { return nil }
        return SourceLocation(
            file: node.location.file, line: node.location.line, column: node.location.column + quote + offset)
    }

    private func rule(_ node: DocumentNode, ids: inout [String: SourceLocation]) -> Rule? {
        guard let fields = fields(node, "rule", keys: Self.ruleKeys) else { return nil }
        let id = required("id", of: fields, example: "no-pickle").flatMap { ruleID($0, ids: &ids) }
        let action = required("action", of: fields, example: "deny").flatMap {
            choice($0, "action", as: RuleAction.self)
        }
        let selector = fields["match"].flatMap(selector) ?? RuleSelector()
        let condition = fields["when"].flatMap { expression($0, "when") }
        let enforcement = fields["enforcement"].flatMap { choice($0, "enforcement", as: Enforcement.self) } ?? .enforce
        let message = fields["message"].flatMap { text($0, "message") }.map(Self.singleLine)
        guard let id, let action else { return nil }
        return Rule(
            id: id, action: action, enforcement: enforcement, message: message, location: node.location,
            selector: selector, condition: condition)
    }

    private func ruleID(_ node: DocumentNode, ids: inout [String: SourceLocation]) -> String? {
        guard let text = text(node, "id") else { return nil }
        let isID =
            text.utf8.count <= 63
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
        guard isID else {
            error(node, "'\(text)' is not a rule id", remedy: "use 1 to 63 letters, digits, '-', '_' and '.'")
            return nil
        }
        guard !Rule.reservedIDs.contains(text) else {
            error(
                node, "the rule id '\(text)' is reserved", remedy: "decisions use it for spec.\(text); choose another")
            return nil
        }
        if let first = ids[text] {
            error(
                node, "the rule id '\(text)' is taken, first at line \(first.line)", remedy: "give each rule its own id"
            )
        } else {
            ids[text] = node.location
        }
        return text
    }

    /// Messages travel in HTTP headers and in git's sideband, where a line break would end them.
    private static func singleLine(_ text: String) -> String {
        text.split { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
            .joined(separator: " ").trimmingSpaces()
    }

    private func selector(_ node: DocumentNode) -> RuleSelector? {
        guard let fields = fields(node, "match", keys: Self.matchKeys) else { return nil }
        func list(_ key: String, _ subject: Glob.Subject) -> [Glob] {
            fields[key].map { globs($0, key, for: subject) } ?? []
        }
        var selector = RuleSelector()
        selector.kinds = fields["kind"].map { choices($0, "kind") } ?? []
        selector.repositories = list("repo", .repository)
        selector.excludedRepositories = list("notRepo", .repository)
        selector.revisions = list("revision", .revision)
        selector.files = list("files", .file)
        selector.excludedFiles = list("notFiles", .file)
        selector.tags = list("tags", .text)
        selector.tasks = list("task", .text)
        selector.libraries = list("library", .text)
        selector.languages = list("language", .text)
        selector.authors = list("author", .text)
        selector.minimumDownloads = fields["minDownloads"].flatMap {
            integer($0, "minDownloads", in: 0...Int(Int64.max))
        }
        .map(Int64.init)
        selector.minimumSize = fields["minSize"].flatMap { bytes($0, "minSize") }
        selector.maximumSize = fields["maxSize"].flatMap { bytes($0, "maxSize") }
        selector.maximumParameters = fields["maxParams"].flatMap { parameters($0, "maxParams") }
        selector.updatedWithin = fields["updatedWithin"].flatMap { duration($0, "updatedWithin", allowsZero: false) }
        if let low = selector.minimumSize, let high = selector.maximumSize, low > high {
            error(node, "'minSize' is larger than 'maxSize', so nothing matches", remedy: "swap the two")
        }
        return selector
    }

    private func warnAboutShadows(_ rules: [Rule]) {
        guard
            let wall = rules.first(where: { $0.action == .deny && $0.enforcement == .enforce && $0.isUnconditional })
        else { return }
        for rule in rules where rule.id != wall.id {
            diagnostics.add(
                .warning, at: rule.location, pointer: "/spec/rules",
                "rule '\(rule.id)' never decides: rule '\(wall.id)' denies everything",
                remedy: "narrow '\(wall.id)' with match or when, or use spec.default: deny")
        }
    }
}
