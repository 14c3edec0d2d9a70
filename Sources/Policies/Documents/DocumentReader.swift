/// Reads typed values out of document nodes; whatever is wrong goes to the collector, with the place and a remedy.
///
/// A function that cannot read its value reports it and answers nil, and reading goes on: people see every error.
struct DocumentReader {
    let diagnostics: DiagnosticCollector
    /// Source text of the file by line, to point into expressions.
    let lines: [Substring]

    init(diagnostics: DiagnosticCollector, text: String) {
        self.diagnostics = diagnostics
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    func error(_ node: DocumentNode, _ message: String, remedy: String) {
        diagnostics.add(.error, at: node.location, pointer: node.pointer, message, remedy: remedy)
    }

    func warning(_ node: DocumentNode, _ message: String, remedy: String) {
        diagnostics.add(.warning, at: node.location, pointer: node.pointer, message, remedy: remedy)
    }

    /// Says that something is understood but has no effect in this release.
    func notEnforced(_ what: String, at location: SourceLocation, pointer: String) {
        diagnostics.add(.notice, at: location, pointer: pointer, "'\(what)' is parsed but not enforced yet")
    }

    /// The fields of a mapping that may hold only these keys.
    func fields(_ node: DocumentNode, _ what: String, keys: [String]) -> MappingFields? {
        guard case .mapping(let entries) = node.content else {
            wrongType(node, what, "a mapping", remedy: "write \(keys.prefix(3).joined(separator: ", ")) … as its keys")
            return nil
        }
        for entry in entries where !keys.contains(entry.key) {
            diagnostics.add(
                .error, at: entry.keyLocation, pointer: node.pointer, "unknown key '\(entry.key)'",
                remedy: Spelling.remedy(for: entry.key, among: keys, noun: "keys"))
        }
        return MappingFields(node: node, entries: entries)
    }

    /// A field that must be there.
    func required(_ key: String, of fields: MappingFields, example: String) -> DocumentNode? {
        if let node = fields[key] { return node }
        error(fields.node, "'\(key)' is missing", remedy: "add \(key): \(example)")
        return nil
    }

    func items(_ node: DocumentNode, _ what: String, example: String) -> [DocumentNode]? {
        guard case .sequence(let items) = node.content else {
            wrongType(node, what, "a list", remedy: "write \(example)")
            return nil
        }
        return items
    }

    func text(_ node: DocumentNode, _ what: String) -> String? {
        guard case .scalar(let text, let isPlain) = node.content, !node.isNothing else {
            wrongType(node, what, "text", remedy: "write one value")
            return nil
        }
        if isPlain, text == "true" || text == "false" {
            wrongType(node, what, "text", remedy: "quote it if '\(text)' is meant as a word")
            return nil
        }
        guard !text.isEmpty else {
            error(node, "'\(what)' is empty", remedy: "write a value or remove the key")
            return nil
        }
        return text
    }

    func texts(_ node: DocumentNode, _ what: String) -> [String]? {
        items(node, what, example: "\(what): [value, …]").map { items in items.compactMap { text($0, what) } }
    }

    func boolean(_ node: DocumentNode, _ what: String) -> Bool? {
        if case .scalar(let text, isPlain: true) = node.content, let value = Bool(text) { return value }
        wrongType(node, what, "true or false", remedy: "write \(what): true or \(what): false, without quotes")
        return nil
    }

    func integer(_ node: DocumentNode, _ what: String, in range: ClosedRange<Int>) -> Int? {
        guard case .scalar(let text, isPlain: true) = node.content, let value = Int(text) else {
            wrongType(
                node, what, "a whole number", remedy: "write a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        guard range.contains(value) else {
            let problem = value < 0 ? "is negative" : "is out of range"
            error(
                node, "'\(what)' is \(value), which \(problem)",
                remedy: "write a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func fraction(_ node: DocumentNode, _ what: String) -> Double? {
        guard case .scalar(let text, isPlain: true) = node.content, let value = Double(text), value.isFinite else {
            wrongType(node, what, "a number", remedy: "write a number from 0 to 1")
            return nil
        }
        guard (0...1).contains(value) else {
            error(node, "'\(what)' is \(text), which is out of range", remedy: "write a number from 0 to 1")
            return nil
        }
        return value
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ node: DocumentNode, _ what: String, as type: Choice.Type = Choice.self
    ) -> Choice? {
        guard let text = text(node, what) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        error(
            node, "'\(text)' is not a value of '\(what)'",
            remedy: Spelling.remedy(for: text, among: Choice.allCases.map(\.rawValue), noun: "values"))
        return nil
    }

    func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ node: DocumentNode, _ what: String, as type: Choice.Type = Choice.self
    ) -> [Choice] {
        let example = "\(what): [\(Choice.allCases.prefix(2).map(\.rawValue).joined(separator: ", "))]"
        return items(node, what, example: example)?.compactMap { choice($0, what, as: type) } ?? []
    }

    func duration(_ node: DocumentNode, _ what: String, allowsZero: Bool = true) -> Duration? {
        guard let text = text(node, what) else { return nil }
        return duration(text, node, what, allowsZero: allowsZero)
    }

    func durationRange(_ node: DocumentNode, _ what: String) -> DurationRange? {
        guard let text = text(node, what) else { return nil }
        guard let dots = text.firstRange(of: "..") else {
            error(node, "'\(text)' is not a range of durations", remedy: "write shortest..longest, such as 1s..60s")
            return nil
        }
        guard let shortest = duration(String(text[..<dots.lowerBound]), node, what, allowsZero: false),
            let longest = duration(String(text[dots.upperBound...]), node, what, allowsZero: false)
        else { return nil }
        guard shortest <= longest else {
            error(node, "the range '\(text)' of '\(what)' is the wrong way round", remedy: "write shortest..longest")
            return nil
        }
        return DurationRange(shortest: shortest, longest: longest)
    }

    /// A size in bytes.
    func bytes(_ node: DocumentNode, _ what: String) -> Int64? {
        quantity(
            node, what, noun: "size", units: Quantity.bytes,
            example: "200GiB; units: B, KiB, MiB, GiB, TiB, PiB, KB, MB, GB, TB")
    }

    /// Bytes per second.
    func bandwidth(_ node: DocumentNode, _ what: String) -> Int64? {
        quantity(node, what, noun: "bandwidth", units: Quantity.bytesPerSecond, example: "80MiB/s")
    }

    /// A number of model parameters.
    func parameters(_ node: DocumentNode, _ what: String) -> Int64? {
        quantity(
            node, what, noun: "number of parameters", units: Quantity.parameters, example: "80B; units: K, M, B, T")
    }

    func cron(_ node: DocumentNode, _ what: String) -> CronExpression? {
        guard let text = text(node, what) else { return nil }
        do {
            return try CronExpression(text)
        } catch {
            self.error(node, "cron \"\(text)\" \(error.message)", remedy: error.remedy)
            return nil
        }
    }

    func url(_ node: DocumentNode, _ what: String, schemes: [String] = ["https", "http"]) -> EndpointURL? {
        guard let text = text(node, what) else { return nil }
        do {
            return try EndpointURL(text, schemes: schemes)
        } catch {
            // The text itself may hold credentials and is not repeated.
            self.error(node, "the URL of '\(what)' \(error.message)", remedy: error.remedy)
            return nil
        }
    }

    func absolutePath(_ node: DocumentNode, _ what: String) -> String? {
        guard let text = text(node, what) else { return nil }
        guard text.hasPrefix("/"), !text.unicodeScalars.contains("\0") else {
            error(
                node, "'\(what)' is not an absolute path",
                remedy: "write a path that starts with /, such as /run/secrets/token")
            return nil
        }
        return text
    }

    func globs(_ node: DocumentNode, _ what: String, for subject: Glob.Subject) -> [Glob] {
        items(node, what, example: "\(what): [\"pattern\", …]")?.compactMap { glob($0, what, for: subject) } ?? []
    }

    func glob(_ node: DocumentNode, _ what: String, for subject: Glob.Subject) -> Glob? {
        guard let text = text(node, what) else { return nil }
        do {
            let glob = try Glob(text, for: subject)
            if subject == .repository, !text.contains("/"), text != "*", text != "**" {
                error(
                    node, "the pattern '\(text)' of '\(what)' names no repository",
                    remedy: "a repository is owner/name: write '\(text)/*' or '*/\(text)'")
                return nil
            }
            return glob
        } catch {
            self.error(
                node, "the pattern '\(text)' \(error.message) at character \(error.offset + 1)", remedy: error.remedy)
            return nil
        }
    }

    func wrongType(_ node: DocumentNode, _ what: String, _ expected: String, remedy: String) {
        error(node, "'\(what)' is \(node.kindOfValue) where \(expected) is expected", remedy: remedy)
    }

    private func duration(_ text: String, _ node: DocumentNode, _ what: String, allowsZero: Bool) -> Duration? {
        guard let milliseconds = Quantity.parse(text, units: Quantity.durations) else {
            let units = "units: ms, s, m, h, d, w, y"
            let suggestion = Quantity.suggestion(for: text, units: Quantity.durations)
            error(
                node, "'\(text)' is not a duration for '\(what)'",
                remedy: suggestion.map { "did you mean '\($0)'? \(units)" }
                    ?? "write a number and a unit, such as 10m; \(units)")
            return nil
        }
        guard allowsZero || milliseconds > 0 else {
            error(node, "'\(what)' is zero", remedy: "write a duration longer than 0s")
            return nil
        }
        return .milliseconds(milliseconds)
    }

    private func quantity(
        _ node: DocumentNode, _ what: String, noun: String, units: [Quantity.Unit], example: String
    ) -> Int64? {
        guard let text = text(node, what) else { return nil }
        if let value = Quantity.parse(text, units: units) { return value }
        let problem =
            if text.hasPrefix("-") {
                "is negative"
            } else if Quantity.isTooLarge(text, units: units) {
                "is too large"
            } else {
                "is not a \(noun)"
            }
        let suggestion = text.hasPrefix("-") ? nil : Quantity.suggestion(for: text, units: units)
        error(
            node, "'\(text)' \(problem) for '\(what)'",
            remedy: suggestion.map { "did you mean '\($0)'?" } ?? "write a number and a unit, such as \(example)")
        return nil
    }
}
