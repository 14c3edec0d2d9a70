/// Asks for something to be fetched, and shows the plan before it is.
package struct NewSyncPage: Sendable {
    /// What was typed.
    package struct Wish: Sendable, Hashable {
        package var repository = ""
        package var mirror = ""
        package var revision = ""
        package var files = ""
        package var priority = "normal"

        package init() {}
    }

    package struct Plan: Sendable {
        package struct Entry: Sendable {
            package let repository: String
            package let upstream: String
            /// `fetch`, `skip`, `review` or `deny`.
            package let verdict: String
            package let reason: String?
            package let problem: String?
            package let files: [File]
            /// Files beyond those.
            package let more: Int

            package init(
                repository: String, upstream: String, verdict: String, reason: String?, problem: String?, files: [File],
                more: Int
            ) {
                self.repository = repository
                self.upstream = upstream
                self.verdict = verdict
                self.reason = reason
                self.problem = problem
                self.files = files
                self.more = more
            }
        }

        package struct File: Sendable {
            package let path: String
            package let size: Int64
            package let verdict: String
            package let reason: String?
            package let isHere: Bool

            package init(path: String, size: Int64, verdict: String, reason: String?, isHere: Bool) {
                self.path = path
                self.size = size
                self.verdict = verdict
                self.reason = reason
                self.isHere = isHere
            }
        }

        package let entries: [Entry]
        package let files: Int
        package let bytes: Int64
        package let seconds: Int64?

        package init(entries: [Entry], files: Int, bytes: Int64, seconds: Int64?) {
            self.entries = entries
            self.files = files
            self.bytes = bytes
            self.seconds = seconds
        }
    }

    package let wish: Wish
    package let mirrors: [String]
    package let plan: Plan?
    package let problem: String?

    package init(wish: Wish, mirrors: [String], plan: Plan? = nil, problem: String? = nil) {
        self.wish = wish
        self.mirrors = mirrors
        self.plan = plan
        self.problem = problem
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let content: HTML = """
            \(PageHead.view(t.syncNew, note: HTML(text: t.syncNewNote)))\
            \(problem.map { Alert.view(.bad, title: $0) })\
            \(plan.map { planView($0, context) })\(form(context))
            """
        let body = ConsoleShell.view(current: .sync, context: context, content: content)
        return Page(title: t.syncNew, section: .sync, body: body, status: problem == nil ? 200 : 422)
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        let mirrorChoices = [("", t.syncAnyMirror)] + mirrors.map { ($0, $0) }
        let priorities = ["urgent", "high", "normal", "low"].map { ($0, t.jobPriority($0)) }
        let repository = Form.field(
            t.syncRepository, for: "repo", hint: t.syncRepositoryHint,
            Form.input(
                "repo", id: "repo", value: wish.repository, placeholder: "model:acme/demo", maximum: 300,
                describedBy: "repo-hint"))
        let mirror = Form.field(
            t.syncMirror, for: "mirror",
            Form.select("mirror", id: "mirror", options: mirrorChoices, selected: wish.mirror))
        let revision = Form.field(
            t.syncRevision, for: "rev", hint: t.syncRevisionHint,
            Form.input("rev", id: "rev", value: wish.revision, maximum: 300, describedBy: "rev-hint"))
        let files = Form.field(
            t.syncFiles, for: "files", hint: t.syncFilesHint,
            Form.textarea("files", id: "files", value: wish.files, rows: 3, isMono: true))
        let priority = Form.field(
            t.syncPriority, for: "priority",
            Form.select("priority", id: "priority", options: priorities, selected: wish.priority))
        let buttons: HTML = """
            <div class="actions"><button class="button" type="submit" formaction="/console/sync/plan">\
            <span>\(t.syncShowPlan)</span></button>\(Button.submit(t.syncStart, style: .primary, icon: "play"))</div>
            """
        return Panel.view(
            t.syncNew,
            Form.post(
                "/console/sync/start", context, class: "form form-grid",
                "\(repository)\(mirror)\(revision)\(priority)\(files)\(buttons)"))
    }

    private func planView(_ plan: Plan, _ context: PageContext) -> HTML {
        let t = context.t
        let sum = t.syncPlanSum(files: plan.files, size: t.bytes(plan.bytes))
        let time = plan.seconds.map { t.syncPlanTime(t.clock(seconds: $0)) }
        let entries = plan.entries.map { entry($0, t) }
        return Panel.view(
            t.syncPlan,
            """
            <p class="plan-sum"><strong>\(sum)</strong> \
            \(time.map { time -> HTML in "<span class=\"hint\">\(time)</span>" })</p>\(each: entries)
            """)
    }

    private func entry(_ entry: Plan.Entry, _ t: L10n) -> HTML {
        let rows = entry.files.map { file -> [HTML] in
            let state: HTML =
                file.isHere && file.verdict == "fetch"
                ? StateChip(.neutral, icon: "check", text: t.syncHere).view : Self.chip(file.verdict, t)
            return [
                "<span class=\"path\">\(file.path)</span>", HTML(text: t.bytes(file.size)), state,
                HTML(text: file.reason ?? ""),
            ]
        }
        let table: HTML? =
            rows.isEmpty
            ? nil
            : DataTable.view(
                entry.repository,
                columns: [
                    .init(t.syncFileName), .init(t.jobFileSize, isNumber: true), .init(t.syncVerdictName),
                    .init(t.syncWhy),
                ], rows: rows)
        let more: HTML? = entry.more > 0 ? "<p class=\"hint\">\(t.syncPlanFilesMore(entry.more))</p>" : nil
        return """
            <h3 class="plan-name">\(entry.repository) \(Self.chip(entry.verdict, t))</h3>\
            \(entry.reason.map { reason -> HTML in "<p class=\"hint\">\(reason)</p>" })\
            \(entry.problem.map { problem -> HTML in "<p class=\"problem\">\(problem)</p>" })\(table)\(more)
            """
    }

    private static func chip(_ verdict: String, _ t: L10n) -> HTML {
        let text = t.syncVerdict(verdict)
        switch verdict {
        case "fetch": return StateChip(.ok, icon: "download", text: text).view
        case "skip": return StateChip(.neutral, icon: "minus", text: text).view
        case "review": return StateChip(.warn, icon: "clock", text: text).view
        default: return StateChip(.bad, icon: "ban", text: text).view
        }
    }
}
