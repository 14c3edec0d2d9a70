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
        func time(_ moment: Int64?) -> HTML { moment.map { TimeText.view($0, context) } ?? HTML(text: t.adminNotYet) }
        let about = FactList.view([
            (t.adminVersion, CopyText.digest(facts.version, shown: 60, context)),
            (t.adminUptime, facts.startedAt.map { TimeText.view($0, context) } ?? HTML(text: t.adminDiskUnknown)),
            (t.adminMode, HTML(text: facts.isOffline ? t.adminOffline : t.adminOnline)),
            (t.adminDirectory, "<code class=\"break\">\(facts.directory)</code>"),
            (t.adminDisk, disk(t)),
            (
                t.adminDatabase,
                "<code>\(facts.database)</code>\(facts.databaseBytes.map { bytes -> HTML in " <span class=\"hint\">\(t.bytes(bytes))</span>" })"
            ),
        ])
        let checks = facts.checks.map { check -> [HTML] in
            let chip =
                check.problem == nil
                ? StateChip(.ok, icon: "check", text: t.adminWell)
                : StateChip(.bad, icon: "circle-alert", text: t.adminFailing)
            return [
                HTML(text: check.name),
                "\(chip.view)\(check.problem.map { problem -> HTML in "<p class=\"problem\">\(problem)</p>" })",
            ]
        }
        let figures = facts.jobs.map { job in
            KPIStrip.Number(
                t.adminJobState(job.state), t.number(job.count),
                tone: job.state == "failed" && job.count > 0 ? .bad : .neutral)
        }
        let upkeep = FactList.view([
            (t.adminLastScrub, time(facts.lastScrub)), (t.adminLastCollection, time(facts.lastCollection)),
            (t.adminLastBackup, "<span class=\"hint\">\(t.adminBackupNote)</span>"),
        ])
        let links: [(String, String)] = [
            (t.adminMetrics, "/metrics"), (t.adminReady, "/readyz"), (t.adminAPI, "/api/gateway/v1/openapi.json"),
        ]
        let items = links.map { label, address -> HTML in
            "<li><a href=\(url: address)>\(label)</a> <code>\(address)</code></li>"
        }
        return ConsoleFrame.page(
            .system, t.adminSystem, note: t.adminSystemNote,
            """
            \(about)\(Panel.view(t.adminChecks, DataTable.view(
                t.adminChecks, columns: [.init(t.adminCheck), .init(t.adminState)], rows: checks, order: t.orderOfChecks)))\
            \(Panel.view(t.adminQueue, KPIStrip.view(figures)))\(Panel.view(t.adminUpkeep, upkeep))\
            \(Panel.view(t.adminLinks, "<ul class=\"plain-list\">\(each: items)</ul>"))
            """, context)
    }

    private func disk(_ t: L10n) -> HTML {
        guard let free = facts.diskFree, let total = facts.diskTotal, total > 0 else {
            return HTML(text: t.adminDiskUnknown)
        }
        return Meter.view(
            used: total - free, limit: total, label: t.adminDisk,
            note: t.adminDiskFree(t.bytes(free), t.bytes(total)))
    }
}
