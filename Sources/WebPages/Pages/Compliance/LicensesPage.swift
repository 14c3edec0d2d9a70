/// What is here under which terms: the report on licences, as people read it.
package struct LicensesPage: Sendable {
    /// What one licence lets be done.
    package struct License: Sendable {
        let name: String
        let repositories: Int
        /// `yes`, `terms`, `no` or `unknown` for each of ``uses``.
        let verdicts: [String]
        let flags: [String]

        package init(name: String, repositories: Int, verdicts: [String], flags: [String]) {
            self.name = name
            self.repositories = repositories
            self.verdicts = verdicts
            self.flags = flags
        }
    }

    package struct Conflict: Sendable {
        let repository: String
        let address: String
        let kind: String
        let text: String
        let path: [String]
        let verdict: String

        package init(
            repository: String, address: String, kind: String, text: String, path: [String], verdict: String
        ) {
            self.repository = repository
            self.address = address
            self.kind = kind
            self.text = text
            self.path = path
            self.verdict = verdict
        }
    }

    package struct Unknown: Sendable {
        let repository: String
        let address: String
        /// Ways to ancestors of which nothing is known; empty where the repository itself says nothing.
        let paths: [[String]]

        package init(repository: String, address: String, paths: [[String]]) {
            self.repository = repository
            self.address = address
            self.paths = paths
        }
    }

    package struct Exception: Sendable {
        let id: Int64
        let repository: String
        let address: String
        let rule: String
        let by: String
        let expiresAt: Int64?

        package init(id: Int64, repository: String, address: String, rule: String, by: String, expiresAt: Int64?) {
            self.id = id
            self.repository = repository
            self.address = address
            self.rule = rule
            self.by = by
            self.expiresAt = expiresAt
        }
    }

    package static let uses = ["internal", "commercial", "redistribute"]

    package struct Content: Sendable {
        /// Nil for all of the hub.
        package var organisation: String?
        /// Scopes that may be chosen; nil stands for all of the hub.
        package var scopes: [String?] = []
        package var assets = 0
        package var refused = 0
        package var isTruncated = false
        package var licenses: [License] = []
        package var conflicts: [Conflict] = []
        package var unknown: [Unknown] = []
        package var exceptions: [Exception] = []

        package init() {}
    }

    let content: Content

    package init(_ content: Content) { self.content = content }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let query = content.organisation.map { "&org=\(URLText.component($0))" } ?? ""
        let exports = [("csv", "CSV"), ("spdx", "SPDX"), ("cyclonedx", "CycloneDX"), ("json", "JSON")].map {
            format, label -> HTML in
            Button.link(label, to: "/api/gateway/v1/licenses/report?format=\(format)\(query)", icon: "download")
        }
        let actions: HTML =
            "<div class=\"actions\" role=\"group\" aria-label=\"\(t.complianceExport)\">\(each: exports)</div>"
        guard content.assets > 0 else {
            return ConsoleFrame.page(
                .licenses, t.complianceLicenses, note: t.complianceLicensesNote, actions: actions,
                "\(scope(context))\(Empty.view(title: t.complianceNothing, text: t.complianceNothingText, command: "weir license report", context))",
                context)
        }
        let soon = content.exceptions.filter { ($0.expiresAt ?? .max) - context.now < 14 * 86_400_000 }.count
        let figures = KPIStrip.view([
            .init(t.complianceAssets, t.number(content.assets)),
            .init(
                t.complianceConflicts, t.number(content.conflicts.count),
                tone: content.conflicts.isEmpty ? .ok : .bad, address: "#conflicts"),
            .init(
                t.complianceUnknown, t.number(content.unknown.count), tone: content.unknown.isEmpty ? .ok : .warn,
                address: "#unknown"),
            .init(
                t.complianceExceptions, t.number(content.exceptions.count),
                note: soon > 0 ? t.complianceEnding(soon) : nil, tone: soon > 0 ? .warn : .neutral,
                address: "#exceptions"),
            .init(t.complianceRefused, t.number(content.refused), tone: content.refused > 0 ? .bad : .neutral),
        ])
        return ConsoleFrame.page(
            .licenses, t.complianceLicenses, note: t.complianceLicensesNote, actions: actions,
            """
            \(scope(context))\
            \(if: content.isTruncated, Alert.view(.warn, title: t.complianceTruncated(content.assets)))\
            \(figures)\(Panel.view(t.complianceMatrix, id: "matrix", matrix(t)))\
            \(Panel.view(t.complianceConflicts, id: "conflicts", conflicts(context)))\
            \(Panel.view(t.complianceUnknown, id: "unknown", unknown(t)))\
            \(Panel.view(t.complianceExceptions, id: "exceptions", exceptions(context)))
            """, context)
    }

    private func scope(_ context: PageContext) -> HTML {
        let t = context.t
        guard content.scopes.count > 1 else { return HTML() }
        let options = content.scopes.map { ($0 ?? "", $0 ?? t.complianceAll) }
        return """
            <form class="form-inline scope-line" method="get" action="/console/licenses">\
            <label for="org">\(t.complianceScope)</label>\
            \(Form.select("org", id: "org", options: options, selected: content.organisation ?? ""))\
            \(Button.submit(t.complianceShow))</form>
            """
    }

    private func matrix(_ t: L10n) -> HTML {
        let columns =
            [DataTable.Column(t.complianceLicense), .init(t.complianceAssets, isNumber: true, sorted: "descending")]
            + Self.uses.map { DataTable.Column(t.complianceUse($0)) } + [.init(t.complianceTerms)]
        let rows = content.licenses.map { license -> [HTML] in
            ["<code>\(license.name)</code>", HTML(text: t.number(license.repositories))]
                + license.verdicts.map { Self.chip($0, t).view }
                + [HTML(text: license.flags.map { t.complianceFlag($0) }.joined(separator: "; "))]
        }
        return """
            <p class="hint">\(t.complianceMatrixNote)</p>\
            \(DataTable.view(t.complianceMatrix, columns: columns, rows: rows, class: "table license-matrix"))
            """
    }

    private static func chip(_ verdict: String, _ t: L10n) -> StateChip {
        let text = t.complianceVerdict(verdict)
        return switch verdict {
        case "yes": StateChip(.ok, icon: "check", text: text)
        case "terms": StateChip(.info, icon: "scroll-text", text: text)
        case "no": StateChip(.bad, icon: "ban", text: text)
        default: StateChip(.warn, icon: "circle-help", text: text)
        }
    }

    static func decision(_ verdict: String, _ t: L10n) -> StateChip {
        let text = t.complianceDecision(verdict)
        return switch verdict {
        case "allow": StateChip(.ok, icon: "check", text: text)
        case "deny": StateChip(.bad, icon: "ban", text: text)
        case "review": StateChip(.warn, icon: "hourglass", text: text)
        default: StateChip(.neutral, icon: "house", text: text)
        }
    }

    /// A way from a repository to what it was made from.
    static func way(_ path: [String]) -> HTML {
        let steps = path.map { step -> HTML in "<li>\(step)</li>" }
        return "<ol class=\"way\">\(each: steps)</ol>"
    }

    private func conflicts(_ context: PageContext) -> HTML {
        let t = context.t
        guard !content.conflicts.isEmpty else { return "<p class=\"hint\">\(t.complianceNoConflicts)</p>" }
        let rows = content.conflicts.sorted { $0.repository < $1.repository }.map { conflict -> [HTML] in
            [
                "<a href=\(url: conflict.address)>\(conflict.repository)</a>",
                """
                <strong>\(t.complianceConflict(conflict.kind))</strong>\
                <details class="words"><summary>\(t.complianceDetail)</summary><p lang="en">\(conflict.text)</p></details>
                """,
                Self.way(conflict.path), Self.decision(conflict.verdict, t).view,
                """
                <a class="button quiet" href=\(url: "/console/explain?repo=\(URLText.component(conflict.repository))")>\
                \(t.complianceExplain)<span class="hidden"> \(conflict.repository)</span></a>
                """,
            ]
        }
        return """
            <p class="hint">\(t.complianceConflictsNote)</p>\
            \(DataTable.view(
                t.complianceConflicts,
                columns: [
                    .init(t.complianceRepository, sorted: "ascending"), .init(t.complianceConflictLabel), .init(t.complianceWay),
                    .init(t.compliancePolicy), .init(t.accountActions),
                ], rows: rows))
            """
    }

    private func unknown(_ t: L10n) -> HTML {
        guard !content.unknown.isEmpty else { return "<p class=\"hint\">\(t.complianceNoUnknown)</p>" }
        let rows = content.unknown.sorted { $0.repository < $1.repository }.map { one -> [HTML] in
            [
                "<a href=\(url: one.address)>\(one.repository)</a>",
                one.paths.isEmpty ? HTML(text: t.complianceNoLicense) : one.paths.map(Self.way).joined(),
            ]
        }
        return """
            <p class="hint">\(t.complianceUnknownNote)</p>\
            \(DataTable.view(
                t.complianceUnknown, columns: [.init(t.complianceRepository, sorted: "ascending"), .init(t.complianceMissing)],
                rows: rows))
            """
    }

    private func exceptions(_ context: PageContext) -> HTML {
        let t = context.t
        guard !content.exceptions.isEmpty else { return "<p class=\"hint\">\(t.complianceNoExceptions)</p>" }
        let rows = content.exceptions.map { one -> [HTML] in
            [
                "<a href=\(url: one.address)>\(one.repository)</a>", "<code>\(one.rule)</code>", HTML(text: one.by),
                one.expiresAt.map { moment -> HTML in
                    let text = TimeText.view(moment, context)
                    return moment - context.now < 14 * 86_400_000 ? "<span class=\"soon\">\(text)</span>" : text
                } ?? HTML(text: t.accountNever),
                """
                <a class="button quiet" href=\(url: "/console/approvals?id=\(one.id)")>\(t.complianceShow)\
                <span class="hidden"> \(one.id)</span></a>
                """,
            ]
        }
        return """
            <p class="hint">\(t.complianceExceptionsNote)</p>\
            \(DataTable.view(
                t.complianceExceptions,
                columns: [
                    .init(t.complianceRepository), .init(t.complianceRule), .init(t.complianceBy),
                    .init(t.accountExpires, sorted: "ascending"), .init(t.accountActions),
                ], rows: rows))
            """
    }
}
