/// What shows many things, or how far one of them is.
extension KitPage {
    func tables(_ context: PageContext) -> HTML {
        let t = context.t
        let columns: [DataTable.Column] = [
            .init(html: "<a href=\"/ui/kit?sort=name\">\(t.kitName)</a>", sorted: "ascending"),
            .init(html: "<a href=\"/ui/kit?sort=size\">\(t.kitSize)</a>", isNumber: true), .init(t.kitState),
            .init(t.kitChanged),
        ]
        let rows: [[HTML]] = [
            ("Qwen/Qwen3-8B-Instruct", 16_400_000_000, MirrorState.mirrored, 7_200_000),
            ("BAAI/bge-m3", 2_270_000_000, .behind(3), 86_400_000 * 3),
            ("acme/vision-tower", 950_000, .blocked, 60_000), (Self.longName, 12, .verifying, 5_000),
        ].map { name, size, state, age -> [HTML] in
            [
                "<a href=\"/ui/kit\">\(name)</a>", HTML(text: t.bytes(size)), state.chip(t).view,
                TimeText.view(context.now - age, context),
            ]
        }
        let heads: [DataTable.Column] = [
            .init(
                html: StatHeaderCell.view(name: "id", type: "int64", bars: [3, 3, 3, 3, 3, 3], summary: "1–1,204,331"),
                isNumber: true),
            .init(
                html: StatHeaderCell.view(
                    name: "instruction", type: "string", bars: [2, 9, 7, 4, 1, 0.2], summary: "12–2,048")),
            .init(html: StatHeaderCell.view(name: "lang", type: "string", summary: "zh 52% · en 31%")),
        ]
        let data: [[HTML]] = [["1", HTML(text: t.kitLongText), "zh"], ["2", HTML(text: t.kitBlockedRemedy), "en"]]
        let filters = [
            FilterChips.Filter("text-generation", without: "/ui/kit"), .init("apache-2.0", without: "/ui/kit"),
            .init(Self.longName, without: "/ui/kit"),
        ]
        return """
            \(FilterChips.view(filters, cleared: "/ui/kit", context))
            \(DataTable.view(t.models, columns: columns, rows: rows, asCards: true))
            \(Pager.view(previous: "/ui/kit?page=1", next: "/ui/kit?page=3", note: "31–60 / 12,408", context))
            \(DataTable.view(t.datasets, columns: heads, rows: data, order: t.orderNearest))
            \(Empty.view(title: t.kitEmptyTitle, text: t.kitEmptyText, action: Button.link(t.kitEmptyAction, to: "/ui/kit", style: .primary), command: "hf upload acme/tiny .", context))
            """
    }

    func progress(_ context: PageContext) -> HTML {
        let t = context.t
        let gigabyte: Int64 = 1_000_000_000
        return """
            \(KPIStrip.view([.init(t.models, t.number(12_408), address: "/models"), .init(t.kitSize, t.bytes(41_300_000_000_000), note: t.kitSaved, tone: .ok), .init(t.stateQuarantined, "3", tone: .warn), .init(t.stateBlocked, "9", tone: .bad)]))
            \(ProgressLine.view(done: 101 * gigabyte / 10, of: 164 * gigabyte / 10, label: t.stateSyncing, note: "10.1 / 16.4 GB · 118 MB/s · 00:53"))
            \(ProgressLine.view(done: 0, of: nil, label: t.kitLoading, note: t.kitLoading))
            \(QuotaMeter.view(t.kitUsed, used: 310 * gigabyte, soft: 800 * gigabyte, hard: 1_000 * gigabyte, context))
            \(QuotaMeter.view(t.kitUsed, used: 870 * gigabyte, soft: 800 * gigabyte, hard: 1_000 * gigabyte, context))
            \(QuotaMeter.view(t.kitUsed, used: 1_000 * gigabyte, soft: 800 * gigabyte, hard: 1_000 * gigabyte, context))
            \(QuotaMeter.view(t.models, used: 12, hard: nil, unit: .pieces, context))
            """
    }

    func traces(_ context: PageContext) -> HTML {
        let t = context.t
        let steps: [TimelineSteps.Step] = [
            .init(t.kitStepQueued, .done, note: "2 s"), .init(t.kitStepFetching, .done, note: "41 s"),
            .init(t.kitStepVerifying, .now, note: "18 s"), .init(t.kitStepReady, .waiting),
        ]
        let failed: [TimelineSteps.Step] = [
            .init(t.kitStepQueued, .done), .init(t.kitStepFetching, .failed, note: "41 s"),
        ]
        let rules: [RuleTrace.Rule] = [
            .init(t.kitRuleVisibility, verdict: StateChip(.ok, icon: "check", text: t.kitPass)),
            .init(
                t.kitRuleLicence, evidence: "<code>cc-by-nc-4.0</code> ∈ <code>deny(prod)</code>",
                verdict: StateChip(.bad, icon: "ban", text: t.kitBlock), isDecisive: true),
            .init(t.kitRuleScan, verdict: StateChip(.neutral, icon: "minus", text: t.kitNotAsked), isSkipped: true),
        ]
        let lines: [LogView.Line] = [
            .init("GET /acme/tiny/resolve/main/model.safetensors 200", moment: context.now - 9_000),
            .init("retry 1 of 3: timeout after 5 s", moment: context.now - 4_000, tone: .warn),
            .init("sha256 mismatch: \(Self.digest)", moment: context.now - 1_000, tone: .bad),
        ]
        return """
            \(TimelineSteps.view(t.steps, steps, context))\(TimelineSteps.view(t.steps, failed, context))
            \(RuleTrace.view(t.kitTraces, rules))\(LogView.view(t.log, id: "kit-log", lines, context))
            """
    }
}
