import Testing

@testable import WebPages

@Suite("Components")
struct ComponentTests {
    static func context(_ language: Language, address: String = "/ui/kit", visitor: String? = "ada") -> PageContext {
        PageContext(
            t: L10n(language), visitor: visitor.map { .init(name: $0, isAdministrator: true) }, address: address,
            csrf: "guard",
            now: 1_790_000_000_000, requestID: "r1")
    }

    @Test("the whole of them is well-formed in both languages", arguments: Language.allCases)
    func kit(language: Language) {
        let context = Self.context(language)
        #expect(WellFormed.problems(Layout.document(KitPage().page(context), context).string) == [])
        for status in [400, 401, 403, 404, 405, 409, 410, 413, 429, 451, 500, 503] {
            let page = ErrorPage(status: status, code: "X", message: "<&>", remedy: nil).page(context)
            #expect(WellFormed.problems(Layout.document(page, context).string) == [])
        }
        let stranger = Self.context(language, address: "/login?next=%2Fa", visitor: nil)
        #expect(WellFormed.problems(Layout.document(SignInPage(next: "/a").page(stranger), stranger).string) == [])
    }

    @Test("a strict reader finds what is wrong")
    func control() {
        #expect(WellFormed.problems("<p><b>x</p></b>").count == 2)
        #expect(WellFormed.problems("<p id=\"a\">x</p><p id=\"a\">").count == 2)
        #expect(WellFormed.problems("<input value=a b>") != [])
    }

    @Test("the pages of a screen differ in nothing but their texts between languages")
    func sameMarkup() {
        let shapes = Language.allCases.map { language -> [String] in
            let context = Self.context(language)
            return Layout.document(KitPage().page(context), context).string.matches(of: /<[a-z0-9]+/).map {
                String($0.output)
            }
        }
        #expect(shapes.first == shapes.last)
    }

    @Test("nobody is offered a place that would turn him away")
    func bar() {
        #expect(AppBar.view(nil, Self.context(.english)).string.contains("href=\"/console/sync\""))
        let stranger = AppBar.view(nil, Self.context(.english, visitor: nil)).string
        #expect(!stranger.contains("/console/sync") && !stranger.contains("href=\"/new\""))
        let kit = KitPage().page(Self.context(.english, visitor: nil)).body.string
        #expect(!kit.contains("href=\"/new\""))
        let pages = PaletteItem.pages(Self.context(.english, visitor: nil)).map(\.address)
        #expect(!pages.contains("/new") && !pages.contains("/console/sync") && pages.contains("/login"))
    }

    @Test("an error is told in the reader's language, and its own words are kept")
    func errorInChinese() {
        func text(_ language: Language, code: String) -> String {
            ErrorPage(status: 404, code: code, message: "No <x>.", remedy: "Look.").page(Self.context(language)).body
                .string
        }
        #expect(text(.chinese, code: "repository-not-found").contains("仓库不存在"))
        #expect(text(.chinese, code: "repository-not-found").contains("lang=\"en\">No &lt;x&gt;.<br>Look."))
        #expect(text(.chinese, code: "no-such-code").contains("error-message\">No &lt;x&gt;."))
        #expect(!text(.english, code: "repository-not-found").contains("lang=\"en\""))
    }

    @Test("cells of cards say what they are")
    func cards() {
        func table(asCards: Bool) -> String {
            DataTable.view(
                "x", columns: [.init("Name"), .init("A \"size\"", isNumber: true)], rows: [["a", "1 kB"]],
                asCards: asCards
            ).string
        }
        #expect(
            table(asCards: true).contains("<td>a</td><td class=\"number\" data-label=\"A &quot;size&quot;\">1 kB</td>"))
        #expect(table(asCards: true).contains("class=\"table cards\""))
        #expect(!table(asCards: false).contains("data-label"))
    }

    @Test("what was done is said once, and only what means something")
    func toast() {
        let context = Self.context(.english, address: "/a?x=1&done=saved")
        let toast = Toast.done(context).string
        #expect(toast.contains("Saved.") && toast.contains("href=\"/a?x=1\""))
        for word in ["", "<b>", "nonsense", "saved%20"] {
            #expect(Toast.done(Self.context(.english, address: "/a?done=\(word)")).isEmpty, "\(word)")
        }
        #expect(Toast.done(Self.context(.english, address: "/a")).isEmpty)
    }

    @Test("bars of a column stay in their picture whatever they count")
    func histogram() {
        #expect(!StatHeaderCell.histogram([0, 0]).string.contains("nan"))
        #expect(!StatHeaderCell.histogram([.nan, 1, .infinity]).string.lowercased().contains("nan"))
        #expect(StatHeaderCell.histogram([1e300, 1]).string.contains("height=\"24.0\""))
        #expect(StatHeaderCell.histogram([]).string.contains("<svg"))
    }

    @Test("a quota without a limit has no bar, one that is passed is full")
    func quota() {
        let context = Self.context(.english)
        #expect(!QuotaMeter.view("x", used: 5, hard: nil, context).string.contains("<meter"))
        let full = QuotaMeter.view("x", used: 50, soft: 70, hard: 10, unit: .pieces, context).string
        #expect(full.contains("value=\"10\"") && full.contains("low=\"10\"") && full.contains("high=\"10\""))
    }

    @Test("who signs in comes back, but never to the form itself")
    func signInLink() {
        let away = Self.context(.english, address: "/models?q=a&b=c", visitor: nil)
        #expect(AppBar.view(nil, away).string.contains("/login?next=%2Fmodels%3Fq%3Da%26b%3Dc"))
        let login = Self.context(.english, address: "/login?next=%2Fx", visitor: nil)
        #expect(AppBar.view(nil, login).string.contains("href=\"/login\">"))
    }

    @Test("hostile texts stay text in every component that takes one")
    func hostile() {
        let context = Self.context(.english)
        let evil = "\"><script>alert(1)</script>' onload=x"
        let parts: [HTML] = [
            Button.link(evil, to: evil, icon: evil), Menu.view(evil, [Menu.link(evil, to: evil)]),
            FilterChips.view([.init(evil, without: evil)], cleared: evil, context), KindGlyph.view(evil),
            LicenceChip.view(evil, detail: evil, address: "javascript:\(evil)", context),
            SnippetTabs.view(id: "x", label: evil, [.init(evil, code: evil, language: evil, note: evil)], context),
            TimelineSteps.view(evil, [.init(evil, .now, note: evil)], context),
            KPIStrip.view([.init(evil, evil, note: evil, address: evil)]),
            LogView.view(evil, id: "l", [.init(evil, moment: 0, tone: .bad)], context),
            StatHeaderCell.view(name: evil, type: evil, summary: evil),
            RuleTrace.view(
                evil,
                [
                    .init(
                        evil, evidence: HTML(text: evil), verdict: StateChip(.bad, icon: evil, text: evil, detail: evil)
                    )
                ]),
            Dialog.view(id: "d", title: evil, HTML(text: evil), context), Toast.view(evil, closing: evil, context),
            CopyText.snippet(evil, language: evil, context),
            Empty.view(title: evil, text: evil, command: evil, context),
            SourceSwitch.view(evil, [.init(evil, evil, count: evil, isCurrent: true)]),
            Tabs.view(evil, [.init(evil, evil, note: evil, isCurrent: false)]),
        ]
        for part in parts {
            #expect(!part.string.contains("<script"), "\(part.string)")
            #expect(WellFormed.problems(part.string) == [], "\(part.string)")
        }
    }
}
