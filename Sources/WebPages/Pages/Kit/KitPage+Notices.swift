/// What is said to people, and where.
extension KitPage {
    func notices(_ context: PageContext) -> HTML {
        let t = context.t
        let titles: [(tone: StateChip.Tone, title: String)] = [
            (.ok, t.kitSaved), (.info, t.kitKnow), (.warn, t.kitSlow), (.neutral, t.kitPlain),
        ]
        let alerts = titles.map { notice in Alert.view(notice.tone, title: notice.title, "<p>\(t.kitLongText)</p>") }
        return """
            \(each: alerts)<div class="alert bad"><p class="alert-title">\(t.kitFailed)</p><p>\(t.kitBlockedRemedy)</p></div>
            \(Toast.view(t.kitSaved, closing: "/ui/kit", context))
            """
    }

    func places(_ context: PageContext) -> HTML {
        let t = context.t
        let side: HTML = """
            \(Form.checkbox("task", id: "kit-facet-1", label: "text-generation"))\
            \(Form.checkbox("task", id: "kit-facet-2", label: "image-classification", checked: true))
            """
        let facts = FactList.view([
            (t.kitSize, HTML(text: t.bytes(16_400_000_000))), (t.kitName, HTML(text: Self.longName)),
            (t.kitChanged, TimeText.view(context.now - 86_400_000, context)),
        ])
        let choices: [SourceSwitch.Choice] = [
            .init(t.stateLocal, "/ui/kit?source=local", count: "12,408", isCurrent: true),
            .init(t.stateNotMirrored, "/ui/kit?source=upstream", isCurrent: false),
        ]
        let tabs: [Tabs.Tab] = [
            .init(t.kitDescription, "/ui/kit", isCurrent: true),
            .init(t.kitFiles, "/ui/kit", note: "14", isCurrent: false),
            .init(t.settings, "/ui/kit", isCurrent: false),
        ]
        let main: HTML = """
            <div class="stack tight"><div class="spread"><p class="truncate">\(Self.longName)</p>\
            \(SourceSwitch.view(t.kitState, choices))</div><p>\(t.kitLongText)</p>\(facts)</div>
            """
        return """
            \(Tabs.view(t.kitPlaces, tabs))
            \(SideColumn.view(t.kitSide, side: side, place: .before, folds: true, main: main))
            """
    }

    func errors(_ context: PageContext) -> HTML {
        let t = context.t
        let pages: [(status: Int, code: String)] = [
            (401, "UNAUTHENTICATED"), (403, "FORBIDDEN"), (404, "NOT_FOUND"), (409, "CONFLICT"),
            (429, "TOO_MANY_REQUESTS"),
            (451, "POLICY_LICENSE"), (503, "UNAVAILABLE"), (500, "INTERNAL"),
        ]
        let cards = pages.map { page -> HTML in
            """
            <div class="card"><h3>\(t.errorTitle(status: page.status, code: page.code))</h3>\
            <p class="hint"><code>\(page.status) \(page.code)</code></p></div>
            """
        }
        return """
            <div class="grid">\(each: cards)</div>
            <div class="error-page">\(AppBar.mark)<h3>\(t.errorTitle(status: 451, code: ""))</h3>\
            <p class="error-message">\(t.kitBlockedMessage)</p><p>\(t.kitBlockedRemedy)</p>\
            <p class="hint"><code>451 POLICY_LICENSE</code> · \(t.requestID) \(CopyText.digest("0123456789abcdef", context))</p></div>
            """
    }
}
