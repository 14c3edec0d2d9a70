/// One job: how far it is, why it waits, its files, and what happened.
package struct JobPage: Sendable {
    package struct File: Sendable, Hashable {
        package let path: String
        package let size: Int64
        package let bytes: Int64
        /// `waiting`, `fetching`, `done` or `failed`.
        package let state: String
        package let failure: String?

        package init(path: String, size: Int64, bytes: Int64, state: String, failure: String?) {
            self.path = path
            self.size = size
            self.bytes = bytes
            self.state = state
            self.failure = failure
        }
    }

    /// Something that happened to it.
    package struct Line: Sendable, Hashable {
        package let sequence: Int64
        /// Milliseconds since 1970.
        package let at: Int64
        /// Such as `started`.
        package let word: String
        package let by: String?
        package let detail: String?

        package init(sequence: Int64, at: Int64, word: String, by: String?, detail: String?) {
            self.sequence = sequence
            self.at = at
            self.word = word
            self.by = by
            self.detail = detail
        }
    }

    package let job: JobView
    package let files: [File]
    /// Whether there are more files than those.
    package let hasMoreFiles: Bool
    package let log: [Line]
    package let maySteer: Bool
    package let lastEvent: Int64
    package let done: String?
    /// Where the repository is shown that it is about.
    package let repository: String?

    package init(
        job: JobView, files: [File], hasMoreFiles: Bool, log: [Line], maySteer: Bool, lastEvent: Int64,
        done: String? = nil, repository: String? = nil
    ) {
        self.job = job
        self.files = files
        self.hasMoreFiles = hasMoreFiles
        self.log = log
        self.maySteer = maySteer
        self.lastEvent = lastEvent
        self.done = done
        self.repository = repository
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let links: HTML = """
            \(repository.map { Button.link(t.openRepository, to: $0) })\(Button.link(t.toSync, to: "/console/sync"))
            """
        let note: HTML = "\(t.jobNumber(job.id)) · \(t.jobKind(job.kind))"
        let content: HTML = """
            \(PageHead.view(job.title, note: note, actions: links))\
            \(done.flatMap(t.syncDone).map { Alert.view(.ok, title: $0) })\
            <div data-island=\(url: context.assets.own("live.mjs")) data-topics="job:\(job.id)" \
            data-after="\(lastEvent)">\(Self.now(job, maySteer: maySteer, context))\
            <div class="job-page"><div>\(Self.files(files, hasMore: hasMoreFiles, job, context))\
            <section class="panel"><div class="panel-head"><h2>\(t.jobLogTitle)</h2></div>\
            <ol class="job-log" id="job-log" data-limit="5000">\(each: log.map { Self.line($0, context) })</ol></section></div>\
            \(Self.facts(job, context))</div></div>
            """
        let body = ConsoleShell.view(current: .sync, context: context, content: content)
        return Page(title: job.windowTitle(t), section: .sync, body: body, refresh: job.state.hasEnded ? nil : 10)
    }

    /// How far it is, as the page shows it and events bring it.
    package static func now(_ job: JobView, maySteer: Bool, _ context: PageContext) -> HTML {
        let t = context.t
        let reason = job.reason(t).map { reason -> HTML in "<p class=\"job-reason\">\(reason)</p>" }
        let buttons = maySteer ? JobButtons.view(job, next: job.address, isSmall: false, context) : HTML()
        let share = job.share.map { share -> HTML in "<span class=\"job-share\">\(t.percent(share))</span>" }
        return """
            <section class="panel job-now" id="job-now" data-state="\(job.state.rawValue)" \
            data-title="\(job.windowTitle(t)) · Weir"><div class="panel-head"><h2>\(t.jobNow)</h2>\
            \(job.chip(t).view)</div><div class="job-bar">\(share)\(job.progress(t))</div>\(reason)\
            <div class="actions">\(buttons)</div></section>
            """
    }

    package static func files(_ files: [File], hasMore: Bool, _ job: JobView, _ context: PageContext) -> HTML {
        let t = context.t
        let rows = files.map { file -> [HTML] in
            let name: HTML = """
                <span class="path">\(file.path)</span>\
                \(file.failure.map { failure -> HTML in "<span class=\"problem\">\(failure)</span>" })
                """
            return [name, HTML(text: size(file, t)), fileChip(file.state, t).view]
        }
        let table: HTML =
            rows.isEmpty
            ? "<p class=\"hint\">\(t.jobFilesEmpty)</p>"
            : DataTable.view(
                t.jobFilesTitle,
                columns: [
                    .init(t.syncFileName, sorted: "ascending"), .init(t.jobFileSize, isNumber: true),
                    .init(t.stateName),
                ], rows: rows)
        let more: HTML? = hasMore ? "<p class=\"hint\">\(t.jobFilesMore(files.count))</p>" : nil
        return """
            <section class="panel" id="job-files"><div class="panel-head"><h2>\(t.jobFilesTitle)</h2>\
            <span class="hint">\(t.jobFiles(job.filesDone, of: job.filesTotal))</span></div>\(table)\(more)</section>
            """
    }

    private static func size(_ file: File, _ t: L10n) -> String {
        file.state == "fetching" ? t.jobAmount(t.bytes(file.bytes), of: t.bytes(file.size)) : t.bytes(file.size)
    }

    private static func fileChip(_ state: String, _ t: L10n) -> StateChip {
        switch state {
        case "done": StateChip(.ok, icon: "check", text: t.jobFileState(state))
        case "fetching": StateChip(.info, icon: "refresh-cw", text: t.jobFileState(state))
        case "waiting": StateChip(.neutral, icon: "clock", text: t.jobFileState(state))
        default: StateChip(.bad, icon: "x", text: t.jobFileState(state))
        }
    }

    /// A line of what happened, with the place where it goes in front of which it is new.
    package static func line(_ line: Line, appending: Bool = false, _ context: PageContext) -> HTML {
        let t = context.t
        let machine = CivilTime(milliseconds: line.at).machine
        return """
            <li id="event-\(line.sequence)"\(attribute: "data-append", appending ? "job-log" : nil)>\
            <time datetime="\(machine)" title="\(t.absolute(line.at))">\(String(CivilTime(milliseconds: line.at).text.suffix(8)))</time> \
            <span class="log-word">\(t.jobEvent(line.word))</span> \
            \(line.by.map { by -> HTML in "<span class=\"log-by\">\(by)</span> " })\(line.detail)</li>
            """
    }

    private static func facts(_ job: JobView, _ context: PageContext) -> HTML {
        let t = context.t
        var facts: [(name: String, value: HTML)] = [(t.jobKindName, HTML(text: t.jobKind(job.kind)))]
        func add(_ name: String, _ text: String?) {
            if let text, !text.isEmpty { facts.append((name, HTML(text: text))) }
        }
        func add(_ name: String, time: Int64?) {
            if let time { facts.append((name, TimeText.view(time, context))) }
        }
        add(t.jobPriorityName, t.jobPriority(job.priority))
        add(t.jobRequestedBy, job.requestedBy)
        add(t.jobAccount, job.account)
        add(t.jobMirror, job.mirror)
        add(t.jobUpstream, job.upstream)
        add(t.jobFetched, t.bytes(job.bytesFetched))
        add(t.jobAttempts, job.attempts > 0 ? t.number(job.attempts) : nil)
        add(t.jobCreated, time: job.createdAt)
        add(t.jobStarted, time: job.startedAt)
        add(t.jobFinished, time: job.finishedAt)
        if let start = job.startedAt, let end = job.finishedAt {
            add(t.jobTook, t.clock(seconds: max(0, (end - start) / 1_000)))
        }
        return """
            <section class="panel job-facts"><div class="panel-head"><h2>\(t.jobFacts)</h2></div>\
            \(FactList.view(facts))</section>
            """
    }
}
