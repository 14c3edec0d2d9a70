import Testing

@testable import WebPages

@Suite("Lists of repositories")
struct CataloguePagesTests {
    private let context = PageContext(t: L10n(.english), now: 1_700_000_000_000)

    @Test("an address says what the list is, and each condition can be taken away")
    func address() {
        let address = ListAddress(
            path: "/models",
            parts: [
                .init("task", "text-generation"), .init("license", "mit"), .init("license", "a&b"),
                .init("cursor", "1.2"), .init("from", "30"), .init("q", ""),
            ])
        #expect(address.text.hasSuffix("license=a%26b&cursor=1.2&from=30"))
        #expect(address.removing("license", "mit").text == "/models?task=text-generation&license=a%26b")
        #expect(address.setting("sort", to: "likes").first("cursor") == nil)
        #expect(address.dropping(["task", "license"]).text == "/models")
        #expect(address.page(at: "9.9", from: 60).text.hasSuffix("cursor=9.9&from=60"))
    }

    @Test("words that were searched for are marked whatever their case, and nothing is markup")
    func highlight() {
        #expect(Highlight.view("Blue-Whale", ["whale"]).string == "Blue-<mark>Whale</mark>")
        #expect(Highlight.view("<b>ab</b>", ["b>"]).string == "&lt;<mark>b&gt;</mark>ab&lt;/<mark>b&gt;</mark>")
        #expect(Highlight.view("aaa", ["aa", "a"]).string == "<mark>aaa</mark>")
        #expect(Highlight.view("深海鲸鱼", ["鲸"]).string == "深海<mark>鲸</mark>鱼")
        #expect(Highlight.view("whale", []).string == "whale")
    }

    @Test("what policy keeps back says why and leads to the explanation, and offers no mirroring")
    func blocked() {
        var row = RepositoryRow(kind: .model, namespace: "acme", name: "a<b", state: .blocked)
        row.reason = "licence \"x\" is <denied>"
        let html = row.view(context).string
        #expect(html.contains("/console/explain?repo=model%3Aacme%2Fa%3Cb"))
        #expect(html.contains("licence &quot;x&quot; is &lt;denied&gt;"))
        #expect(!html.contains("/console/sync/start"))
        row.canMirror = true
        #expect(row.view(context).string.contains("value=\"model:acme/a&lt;b\""))
    }

    @Test("what is chosen in a facet is shown though many others are said more often")
    func chosen() {
        let choices = (0..<40).map {
            Facet.Choice(value: "v\($0)", label: "v\($0)", count: 40 - $0, isChosen: $0 == 39)
        }
        let address = ListAddress(path: "/models", parts: [.init("tag", "v39"), .init("sort", "likes")])
        let html = FacetPanel.view([Facet(name: "tag", title: "Tags", choices: choices)], address, context).string
        let first = html.firstRange(of: "value=\"v39\" checked")
        let rest = html.firstRange(of: "class=\"facet-more\"")
        #expect(
            first != nil && rest != nil && (first?.lowerBound ?? html.endIndex) < (rest?.lowerBound ?? html.startIndex))
        // The order is kept by the form, the conditions by their boxes.
        #expect(html.contains("name=\"sort\" value=\"likes\""))
        #expect(!html.contains("type=\"hidden\" name=\"tag\""))
    }

    @Test("every task and licence that has a name is described, in both languages")
    func names() {
        #expect(TaskNames.all.count > 40)
        for task in TaskNames.all {
            #expect(TaskNames.definition(task, L10n(.english))?.hasSuffix(".") == true, "\(task)")
            #expect(TaskNames.definition(task, L10n(.chinese))?.hasSuffix("。") == true, "\(task)")
            #expect(TaskNames.name(task, L10n(.chinese)) != TaskNames.name(task, L10n(.english)), "\(task)")
        }
        #expect(TaskNames.name("odd-task", L10n(.english)) == "odd-task")
        #expect(LicenseNames.definition("MIT", L10n(.chinese)) != nil)
    }

    @Test("an upstream that is late can be asked again, and its part has an id that selectors can name")
    func upstreams() {
        let part = UpstreamPart(name: "hf.hub", title: "hub", state: .late, address: "/models?upstream=hf.hub")
        #expect(part.id == "upstream-hf-hub")
        let html = part.view(context).string
        #expect(html.contains("hx-target=\"#upstream-hf-hub\""))
        #expect(!html.contains("hx-trigger=\"load\""))
        let pending = UpstreamPart(name: "a", title: "a", state: .pending, address: "/models?upstream=a")
        #expect(pending.view(context).string.contains("hx-trigger=\"load\""))
    }
}
