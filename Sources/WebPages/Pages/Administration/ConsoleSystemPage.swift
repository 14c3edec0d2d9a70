/// How the hub itself stands.
package struct ConsoleSystemPage: Sendable {
    package struct Facts: Sendable {
        package var version = ""
        /// Milliseconds since 1970; nil where nobody knows.
        package var startedAt: Int64?
        package var directory = ""
        package var diskFree: Int64?
        package var diskTotal: Int64?
        package var database = ""
        package var databaseBytes: Int64?
        package var isOffline = false
        /// What must work, and what is wrong with it.
        package var checks: [(name: String, problem: String?)] = []
        /// How many jobs are in which state.
        package var jobs: [(state: String, count: Int64)] = []
        package var lastScrub: Int64?
        package var lastCollection: Int64?

        package init() {}
    }

    let facts: Facts

    package init(_ facts: Facts) { self.facts = facts }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        func time(_ moment: Int64?) -> HTML { moment.map { TimeText.view($0, context) } ?? HTML(text: t.consoleNotYet) }
        let about = FactList.view([
            (t.consoleVersion, CopyText.digest(facts.version, shown: 60, context)),
            (t.consoleUptime, facts.startedAt.map { TimeText.view($0, context) } ?? HTML(text: t.consoleDiskUnknown)),
            (t.consoleMode, HTML(text: facts.isOffline ? t.consoleOffline : t.consoleOnline)),
            (t.consoleDirectory, "<code class=\"break\">\(facts.directory)</code>"),
            (t.consoleDisk, disk(t)),
            (
                t.consoleDatabase,
                "<code>\(facts.database)</code>\(facts.databaseBytes.map { bytes -> HTML in " <span class=\"hint\">\(t.bytes(bytes))</span>" })"
            ),
        ])
        let checks = facts.checks.map { check -> [HTML] in
            let chip =
                check.problem == nil
                ? StateChip(.ok, icon: "check", text: t.consoleWell)
                : StateChip(.bad, icon: "circle-alert", text: t.consoleFailing)
            return [
                HTML(text: check.name),
                "\(chip.view)\(check.problem.map { problem -> HTML in "<p class=\"problem\">\(problem)</p>" })",
            ]
        }
        let figures = facts.jobs.map { job in
            FigureStrip.Figure(
                t.consoleJobState(job.state), t.number(job.count),
                tone: job.state == "failed" && job.count > 0 ? .bad : .neutral)
        }
        let upkeep = FactList.view([
            (t.consoleLastScrub, time(facts.lastScrub)), (t.consoleLastCollection, time(facts.lastCollection)),
            (t.consoleLastBackup, "<span class=\"hint\">\(t.consoleBackupNote)</span>"),
        ])
        let links: [(String, String)] = [
            (t.consoleMetrics, "/metrics"), (t.consoleReady, "/readyz"), (t.consoleAPI, "/api/gateway/v1/openapi.json"),
        ]
        let items = links.map { label, address -> HTML in
            "<li><a href=\(url: address)>\(label)</a> <code>\(address)</code></li>"
        }
        return ConsoleFrame.page(
            "system", t.consoleSystem, note: t.consoleSystemNote,
            """
            \(about)\(Panel.view(t.consoleChecks, DataTable.view(
                t.consoleChecks, columns: [.init(t.consoleCheck), .init(t.consoleState)], rows: checks)))\
            \(Panel.view(t.consoleQueue, FigureStrip.view(figures)))\(Panel.view(t.consoleUpkeep, upkeep))\
            \(Panel.view(t.consoleLinks, "<ul class=\"plain-list\">\(each: items)</ul>"))
            """, context)
    }

    private func disk(_ t: L10n) -> HTML {
        guard let free = facts.diskFree, let total = facts.diskTotal, total > 0 else {
            return HTML(text: t.consoleDiskUnknown)
        }
        return Meter.view(
            used: total - free, limit: total, label: t.consoleDisk,
            note: t.consoleDiskFree(t.bytes(free), t.bytes(total)))
    }
}
