/// The start: what is here, what is new, how the mirrors are, and what might be of use.
package struct HomePage: Sendable {
    package struct Mirror: Sendable {
        package let name: String
        package let title: String
        package let chip: StateChip
        package let entries: Int64

        package init(name: String, title: String, chip: StateChip, entries: Int64) {
            self.name = name
            self.title = title
            self.chip = chip
            self.entries = entries
        }
    }

    package var counts: [(kind: CatalogueKind, count: Int)] = []
    package var recent: [RepositoryRow] = []
    package var trending: [RepositoryRow] = []
    package var own: [RepositoryRow] = []
    package var recommended: [RepositoryRow] = []
    package var mirrors: [Mirror] = []
    package var isOffline = false

    package init() {}

    private var isFresh: Bool { counts.allSatisfy { $0.count == 0 } }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            <div class="home">\(hero(context))\
            \(if: isFresh, welcome(context))\
            \(if: !isFresh || !mirrors.isEmpty, columns(context))</div>
            """
        return Page(title: t.home, body: body)
    }

    private func hero(_ context: PageContext) -> HTML {
        let t = context.t
        let numbers = counts.filter { $0.count > 0 || $0.kind == .model || $0.kind == .dataset }.map {
            kind, count -> HTML in
            """
            <li><a href=\(url: "/\(kind.plural)")>\(kind.glyph(t))<strong>\(t.number(count))</strong> \
            <span>\(t.kindsName(kind))</span></a></li>
            """
        }
        return """
            <div class="hero"><h1>\(t.tagline)</h1>\
            <form class="search-form" action="/search" method="get" role="search" aria-label="\(t.homeSearch)">\
            <label class="hidden" for="home-search">\(t.searchHint)</label>\
            <input id="home-search" type="search" name="q" maxlength="200" autocomplete="off" placeholder="\(t.searchHint)">\
            \(Button.submit(t.search, style: .primary, icon: "search"))</form>\
            <ul class="home-counts" aria-label="\(t.homeHere)">\(each: numbers)</ul></div>
            """
    }

    private func columns(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            <div class="home-columns"><div class="home-main">\
            \(list(t.homeOwn, own, all: nil, context))\
            \(list(t.homeRecommended, recommended, all: nil, context))\
            \(list(t.homeTrending, trending, all: "/models?sort=downloads", context))\
            \(list(t.homeRecent, recent, all: "/models", context))</div>\
            <div class="home-side">\(mirrorPanel(context))\(commands(context))</div></div>
            """
    }

    private func list(_ title: String, _ rows: [RepositoryRow], all: String?, _ context: PageContext) -> HTML? {
        guard !rows.isEmpty else { return nil }
        let more = all.map { address -> HTML in "<a href=\(url: address)>\(context.t.homeAll)</a>" }
        return Panel.view(title, actions: more, RepositoryList.view(rows, level: 3, context))
    }

    private func mirrorPanel(_ context: PageContext) -> HTML {
        let t = context.t
        guard !mirrors.isEmpty else {
            return Panel.view(t.homeMirrors, "<p class=\"hint\">\(t.homeNoMirrors)</p>")
        }
        let sync: HTML? = context.visitor.map { _ in "<a href=\"/console/sync\">\(t.sync)</a>" }
        let lines = mirrors.map { mirror -> HTML in
            """
            <li><a href=\(url: "/models?source=upstream&upstream=\(URLText.component(mirror.name))")>\(mirror.title)</a>\
            \(mirror.chip.view)<span class="mirror-entries">\(t.homeEntries(t.compact(mirror.entries)))</span></li>
            """
        }
        return Panel.view(
            t.homeMirrors, actions: sync,
            "<ul class=\"mirror-list\">\(each: lines)</ul>")
    }

    private func commands(_ context: PageContext) -> HTML {
        let t = context.t
        return Panel.view(
            t.homeUse,
            """
            <p class="hint">\(t.homeUseText)</p>\
            \(CopyText.snippet("export HF_ENDPOINT=\(context.siteURL)\nhf download Qwen/Qwen3-0.6B", language: "sh", context))
            """)
    }

    /// What to do first on a hub that is empty.
    private func welcome(_ context: PageContext) -> HTML {
        let t = context.t
        let site = context.siteURL
        let steps: [(title: String, text: String, command: String, action: HTML?)] = [
            (
                t.homeStepAccount, t.homeStepAccountText,
                "weir user create alice --admin\nweir user password alice\nweir token create --user alice --scope write",
                context.visitor == nil ? Button.link(t.signIn, to: "/login", style: .primary) : nil
            ),
            (
                t.homeStepUpload, t.homeStepUploadText,
                "export HF_ENDPOINT=\(site)\nhf upload alice/my-model ./my-model",
                context.visitor == nil
                    ? nil : Button.link(t.homeNewRepository, to: "/new", style: .primary, icon: "plus")
            ),
            (
                t.homeStepMirror, t.homeStepMirrorText,
                "HF_ENDPOINT=\(site) hf download Qwen/Qwen3-0.6B",
                context.visitor.map { _ in Button.link(t.homeUpstreams, to: "/console/upstreams") }
            ),
        ]
        let cards = steps.map { step -> HTML in
            """
            <li class="step"><h2>\(step.title)</h2><p>\(step.text)</p>\
            \(CopyText.snippet(step.command, language: "sh", context))\(step.action)</li>
            """
        }
        return """
            <section class="welcome" aria-label="\(t.homeWelcome)"><p class="welcome-title">\(t.homeWelcome)</p>\
            <ol class="welcome-steps">\(each: cards)</ol></section>
            """
    }
}
