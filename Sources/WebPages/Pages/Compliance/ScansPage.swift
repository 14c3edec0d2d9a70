/// What scanners found.
package struct ScansPage: Sendable {
    package struct Record: Sendable {
        let digest: String
        let scanner: String
        let format: String
        let verdict: String
        let size: Int64
        let scannedAt: Int64
        let findings: [String]

        package init(
            digest: String, scanner: String, format: String, verdict: String, size: Int64, scannedAt: Int64,
            findings: [String]
        ) {
            self.digest = digest
            self.scanner = scanner
            self.format = format
            self.verdict = verdict
            self.size = size
            self.scannedAt = scannedAt
            self.findings = findings
        }
    }

    package struct Wait: Sendable {
        let digest: String
        let since: Int64
        let attempts: Int64
        let failure: String?
        let isRunning: Bool

        package init(digest: String, since: Int64, attempts: Int64, failure: String?, isRunning: Bool) {
            self.digest = digest
            self.since = since
            self.attempts = attempts
            self.failure = failure
            self.isRunning = isRunning
        }
    }

    package static let verdicts = ["dangerous", "suspicious", "unknown", "clean"]

    package struct Content: Sendable {
        package var counts: [String: Int64] = [:]
        package var waiting: Int64 = 0
        package var running: Int64 = 0
        package var failing: Int64 = 0
        /// The virus scanner's version; nil where there is none.
        package var malware: String?
        package var malwareProblem: String?
        package var verdict = "dangerous"
        package var records: [Record] = []
        package var next: String?
        package var isFirst = true
        package var queue: [Wait] = []
        package var canRescan = false
        package var asked = ""
        package var notice: String?
        package var problem: String?

        package init() {}
    }

    let content: Content

    package init(_ content: Content) { self.content = content }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        var figures = Self.verdicts.map { verdict -> KPIStrip.Number in
            let count = content.counts[verdict] ?? 0
            let tone: StateChip.Tone =
                verdict == "clean" ? .ok : count == 0 ? .neutral : verdict == "dangerous" ? .bad : .warn
            return KPIStrip.Number(t.complianceScanVerdict(verdict), t.number(count), tone: tone)
        }
        let note =
            content.failing > 0
            ? t.complianceFailing(content.failing)
            : content.running > 0 ? t.complianceRunning(content.running) : nil
        figures.append(.init(t.complianceWaiting, t.number(content.waiting), note: note, address: "#queue"))
        figures.append(
            .init(
                t.complianceMalware, content.malware ?? t.complianceMalwareNone, note: content.malwareProblem,
                tone: content.malwareProblem == nil ? .neutral : .bad))
        let tabs = Self.verdicts.map { verdict in
            Tabs.Tab(
                t.complianceScanVerdict(verdict), "/console/scans?verdict=\(verdict)",
                note: t.number(content.counts[verdict] ?? 0), isCurrent: verdict == content.verdict)
        }
        let list =
            content.records.isEmpty
            ? Empty.view(title: t.complianceNoFindings, text: t.complianceNoFindingsText, context)
            : Self.table(content.records, t.complianceFindings, isLinked: true, context)
        return ConsoleFrame.page(
            .scans, t.complianceScans, note: t.complianceScansNote, notice: content.notice,
            status: content.problem == nil ? 200 : 400,
            """
            \(KPIStrip.view(figures))\(Tabs.view(t.complianceFindings, tabs))\(list)\
            \(Pager.view(
                previous: content.isFirst ? nil : "/console/scans?verdict=\(content.verdict)",
                next: content.next.map { "/console/scans?verdict=\(content.verdict)&before=\(URLText.component($0))" },
                context))\
            \(if: content.canRescan, Panel.view(t.complianceRescan, id: "rescan", rescan(context)))\
            \(if: !content.queue.isEmpty, Panel.view(t.complianceQueue, id: "queue", queue(context)))
            """, context)
    }

    static func chip(_ verdict: String, _ t: L10n) -> StateChip {
        let text = t.complianceScanVerdict(verdict)
        return switch verdict {
        case "clean": StateChip(.ok, icon: "shield-check", text: text)
        case "suspicious": StateChip(.warn, icon: "triangle-alert", text: text)
        case "dangerous": StateChip(.bad, icon: "shield-alert", text: text)
        default: StateChip(.neutral, icon: "circle-help", text: text)
        }
    }

    static func table(_ records: [Record], _ label: String, isLinked: Bool, _ context: PageContext) -> HTML {
        let t = context.t
        let rows = records.sorted { $0.scannedAt > $1.scannedAt }.map { record -> [HTML] in
            let findings = record.findings.prefix(20).map { finding -> HTML in
                "<li lang=\"en\"><code class=\"break\">\(finding)</code></li>"
            }
            let digest = CopyText.digest(record.digest, shown: 12, context)
            return [
                isLinked
                    ? """
                    \(digest) <a href=\(url: "/console/scans?sha256=\(record.digest)")>\(t.complianceShow)\
                    <span class="hidden"> \(record.digest.prefix(12))</span></a>
                    """ : digest,
                chip(record.verdict, t).view,
                findings.isEmpty ? HTML(text: t.none) : "<ul class=\"plain-list\">\(each: findings)</ul>",
                HTML(text: record.format.isEmpty ? "–" : record.format), HTML(text: t.bytes(record.size)),
                HTML(text: record.scanner), TimeText.view(record.scannedAt, context),
            ]
        }
        return DataTable.view(
            label,
            columns: [
                .init(t.complianceDigest), .init(t.complianceState), .init(t.complianceFindings),
                .init(t.complianceFormat), .init(t.complianceSize, isNumber: true), .init(t.complianceScanner),
                .init(t.complianceScannedAt, sorted: "descending"),
            ], rows: rows)
    }

    private func rescan(_ context: PageContext) -> HTML {
        let t = context.t
        return Form.post(
            "/console/scans", context, class: "form-row",
            """
            \(Form.field(t.complianceRescanWhat, for: "what", hint: t.complianceRescanHint, problem: content.problem,
                Form.input("what", id: "what", value: content.asked, required: true, autocomplete: "off", maximum: 250,
                    describedBy: content.problem == nil ? "what-hint" : "what-problem", isWrong: content.problem != nil)))\
            \(Button.submit(t.complianceRescan))
            """)
    }

    private func queue(_ context: PageContext) -> HTML {
        let t = context.t
        let rows = content.queue.map { wait -> [HTML] in
            [
                CopyText.digest(wait.digest, shown: 12, context), TimeText.view(wait.since, context),
                HTML(text: t.number(wait.attempts)),
                wait.isRunning
                    ? StateChip(.info, icon: "refresh-cw", text: t.adminJobState("running")).view
                    : wait.failure.map { failure -> HTML in "<span lang=\"en\" class=\"problem\">\(failure)</span>" }
                        ?? HTML(text: t.complianceWaiting),
            ]
        }
        return DataTable.view(
            t.complianceQueue,
            columns: [
                .init(t.complianceDigest), .init(t.complianceSince), .init(t.complianceTries, isNumber: true),
                .init(t.complianceState),
            ], rows: rows)
    }
}

/// Everything that is known of one file's bytes.
package struct ScannedFilePage: Sendable {
    let digest: String
    let verdict: String?
    let records: [ScansPage.Record]
    let waitsSince: Int64?
    let holders: [(repository: String, address: String, path: String?)]
    let canRescan: Bool

    package init(
        digest: String, verdict: String?, records: [ScansPage.Record], waitsSince: Int64?,
        holders: [(repository: String, address: String, path: String?)], canRescan: Bool
    ) {
        self.digest = digest
        self.verdict = verdict
        self.records = records
        self.waitsSince = waitsSince
        self.holders = holders
        self.canRescan = canRescan
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let facts = FactList.view([
            (t.complianceDigest, CopyText.digest(digest, shown: 64, context)),
            (
                t.complianceState,
                waitsSince.map { moment -> HTML in "\(t.complianceWaiting) · \(TimeText.view(moment, context))" }
                    ?? ScansPage.chip(verdict ?? "unknown", t).view
            ),
        ])
        let scans =
            records.isEmpty
            ? Empty.view(title: t.complianceNotScanned, text: t.complianceNotScannedText, context)
            : ScansPage.table(records, t.complianceScans, isLinked: false, context)
        let ordered = holders.sorted { ($0.repository, $0.path ?? "") < ($1.repository, $1.path ?? "") }
        let rows = ordered.map { holder -> [HTML] in
            [
                "<a href=\(url: holder.address)>\(holder.repository)</a>",
                "<code class=\"break\">\(holder.path ?? "–")</code>",
            ]
        }
        let places: HTML =
            rows.isEmpty
            ? "<p class=\"hint\">\(t.complianceHeldByNone)</p>"
            : DataTable.view(
                t.complianceHeldBy,
                columns: [.init(t.complianceRepository, sorted: "ascending"), .init(t.complianceFile)], rows: rows)
        let again = Form.button(
            t.complianceRescan, to: "/console/scans", fields: [("what", digest)], icon: "refresh-cw", context)
        return ConsoleFrame.page(
            .scans, t.complianceFile, actions: canRescan ? again : nil, crumb: (t.complianceScans, "/console/scans"),
            """
            \(facts)\
            \(Panel.view(t.complianceFindings, scans))\(Panel.view(t.complianceHeldBy, places))
            """, context)
    }
}
