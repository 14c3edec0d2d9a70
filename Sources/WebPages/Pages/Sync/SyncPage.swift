/// What is being fetched, what waits, and why.
package struct SyncPage: Sendable {
    /// How an upstream stands, in a line.
    package struct Upstream: Sendable, Hashable {
        package let name: String
        package let health: UpstreamHealth

        package init(name: String, health: UpstreamHealth) {
            self.name = name
            self.health = health
        }
    }

    /// Jobs by how they stand, each list with how many there are in all.
    package struct List: Sendable {
        package let state: JobView.State
        package let jobs: [JobView]
        package let count: Int

        package init(_ state: JobView.State, _ jobs: [JobView], count: Int) {
            self.state = state
            self.jobs = jobs
            self.count = count
        }
    }

    package var lists: [List]
    /// Bytes of each minute of the last hour, the oldest first.
    package var throughput: [Double]
    package var upstreams: [Upstream]
    package var maySteer: Bool
    /// Whether only one's own are shown.
    package var isPartial: Bool
    /// The number of the last event that the page knows.
    package var lastEvent: Int64
    /// What was just done.
    package var done: String?
    /// Where the one list that is shown goes on.
    package var next: String?

    package init(
        lists: [List], throughput: [Double], upstreams: [Upstream], maySteer: Bool, isPartial: Bool, lastEvent: Int64,
        done: String? = nil, next: String? = nil
    ) {
        self.lists = lists
        self.throughput = throughput
        self.upstreams = upstreams
        self.maySteer = maySteer
        self.isPartial = isPartial
        self.lastEvent = lastEvent
        self.done = done
        self.next = next
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let live: HTML = """
            <div id="sync-live">\(Self.summary(self, context))\(upstreamLine(t))\(sections(context))</div>
            """
        let content: HTML = """
            \(PageHead.view(t.syncTitle, note: HTML(text: isPartial ? t.syncOwnOnly : t.syncNote), actions: actions(context)))\
            \(done.flatMap(t.syncDone).map { Alert.view(.ok, title: $0) })\
            \(island(live, context))
            """
        let body = ConsoleShell.view(current: .sync, context: context, content: content)
        return Page(
            title: t.syncTitle, section: .sync, body: body, fragments: ["sync-live": live], refresh: 10)
    }

    /// The part that changes by itself; a list of one state stays as it was asked for.
    private func island(_ live: HTML, _ context: PageContext) -> HTML {
        guard lists.count > 1 else { return live }
        return """
            <div data-island=\(url: context.assets.own("live.mjs")) data-topics="jobs" data-after="\(lastEvent)" \
            data-reload="sync-live">\(live)</div>
            """
    }

    private func actions(_ context: PageContext) -> HTML? {
        let t = context.t
        guard maySteer else { return nil }
        let isPaused = count(.running) + count(.queued) == 0 && count(.paused) > 0
        let all =
            isPaused
            ? Form.button(t.syncResumeAll, to: "/console/sync/resume", icon: "play", context)
            : Form.button(t.syncPauseAll, to: "/console/sync/pause", icon: "pause", context)
        return "\(Button.link(t.syncNew, to: "/console/sync/new", style: .primary, icon: "plus"))\(all)"
    }

    private func count(_ state: JobView.State) -> Int { lists.first { $0.state == state }?.count ?? 0 }

    /// The numbers on top.
    private static func summary(_ page: SyncPage, _ context: PageContext) -> HTML {
        let t = context.t
        let running = page.lists.first { $0.state == .running }?.jobs ?? []
        let rate = running.reduce(Int64(0)) { $0 + ($1.bytesPerSecond ?? 0) }
        let failed = page.count(.failed)
        let figures: [Figures.Figure] = [
            .init(
                t.syncRunning, t.number(page.count(.running)),
                note: rate > 0 ? t.rate(bytesPerSecond: Double(rate)) : nil,
                address: "/console/sync?state=running"),
            .init(
                t.syncWaiting, t.number(page.count(.queued)),
                note: page.count(.paused) > 0 ? t.syncPausedToo(page.count(.paused)) : nil,
                address: "/console/sync?state=queued"),
            .init(
                t.syncFailed, t.number(failed), address: "/console/sync?state=failed", tone: failed > 0 ? .bad : nil),
        ]
        return """
            <div class="sync-summary">\(Figures.view(t.syncFigures, figures, id: "sync-figures"))\
            \(hour(page.throughput, t))</div>
            """
    }

    private static func hour(_ values: [Double], _ t: L10n) -> HTML {
        let total = values.reduce(0, +)
        let label = t.syncThroughputLabel(
            t.bytes(Int64(total)), t.rate(bytesPerSecond: (values.max() ?? 0) / 60))
        return """
            <div class="hour"><span class="figure-label">\(t.syncThroughput)</span>\
            \(MinuteBars.view(values, label: label))<span class="figure-note">\(label)</span></div>
            """
    }

    private func upstreamLine(_ t: L10n) -> HTML {
        guard !upstreams.isEmpty else { return HTML() }
        let items = upstreams.map { upstream -> HTML in
            """
            <li><a href=\(url: "/console/upstreams/\(URLText.component(upstream.name))")>\(upstream.name)</a> \
            \(upstream.health.view(t))</li>
            """
        }
        return "<ul class=\"upstream-line\" aria-label=\"\(t.syncUpstreams)\">\(each: items)</ul>"
    }

    private func sections(_ context: PageContext) -> HTML {
        let t = context.t
        let shown = lists.filter { !$0.jobs.isEmpty }
        guard !shown.isEmpty else {
            return Empty.view(
                title: t.syncNothingTitle, text: t.syncNothing,
                action: maySteer
                    ? Button.link(t.syncNew, to: "/console/sync/new", style: .primary, icon: "plus") : nil,
                command: "weir sync start model:acme/demo", context)
        }
        return "\(each: shown.map { section($0, context) })\(Pager.view(previous: nil, next: next, context))"
    }

    private func section(_ list: List, _ context: PageContext) -> HTML {
        let t = context.t
        let title = list.state == .succeeded ? t.syncEnded : t.jobState(list.state)
        let more: HTML? =
            list.count > list.jobs.count && lists.count > 1
            ? "<a href=\(url: "/console/sync?state=\(list.state.rawValue)")>\(t.syncMore)</a>" : nil
        return """
            <section class="job-section"><div class="panel-head"><h2>\(title) \
            <span class="count">\(t.number(list.count))</span></h2>\(more)</div>\
            \(JobRow.list(list.jobs, label: title, maySteer: maySteer, context))</section>
            """
    }
}

/// How an upstream stands: a dot, a word and a colour.
package enum UpstreamHealth: Sendable, Hashable {
    case answers(milliseconds: Int64)
    /// Nobody asked it since the start.
    case unasked
    /// Asks are let through one by one, to see whether it answers again.
    case trying
    /// It failed too often, and rests for so many seconds.
    case resting(Int64)
    /// It asked to be left alone for so many seconds.
    case limited(Int64)

    package func view(_ t: L10n) -> HTML {
        let (tone, icon, text): (StateChip.Tone, String, String) =
            switch self {
            case .answers(let time): (.ok, "check", t.upstreamAnswers(t.milliseconds(time)))
            case .unasked: (.neutral, "minus", t.upstreamUnasked)
            case .trying: (.warn, "refresh-cw", t.upstreamTrying)
            case .resting(let seconds): (.bad, "x", t.upstreamResting(t.clock(seconds: seconds)))
            case .limited(let seconds): (.warn, "clock", t.upstreamLimited(t.clock(seconds: seconds)))
            }
        return StateChip(tone, icon: icon, text: text).view
    }
}
