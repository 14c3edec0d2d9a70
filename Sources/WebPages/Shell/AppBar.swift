/// The bar on top of every page.
enum AppBar {
    static func view(_ section: Page.Section?, _ context: PageContext) -> HTML {
        let t = context.t
        return """
            <header class="bar">
            <a class="brand" href="/" aria-label="Weir · \(t.home)">\(mark)<span>Weir</span></a>
            <form class="bar-search" action="/search" method="get" role="search">
            <label class="hidden" for="bar-search">\(t.search)</label>
            <input id="bar-search" type="search" name="q" placeholder="\(t.searchHint)" autocomplete="off" maxlength="200">
            </form>
            <nav class="bar-links" aria-label="\(t.mainNavigation)">
            \(each: links(t).map { link($0, section) })
            </nav>
            <div class="bar-side">\(preferences(context))\(person(context))</div>
            </header>
            """
    }

    private struct Link {
        let section: Page.Section
        let address: String
        let text: String
    }

    private static func links(_ t: L10n) -> [Link] {
        [
            Link(section: .models, address: "/models", text: t.models),
            Link(section: .datasets, address: "/datasets", text: t.datasets),
            Link(section: .spaces, address: "/spaces", text: t.spaces),
            Link(section: .codes, address: "/codes", text: t.codes),
            Link(section: .sync, address: "/console/sync", text: t.sync),
            Link(section: .console, address: "/console", text: t.console),
        ]
    }

    private static func link(_ link: Link, _ section: Page.Section?) -> HTML {
        "<a href=\(url: link.address)\(attribute: "aria-current", link.section == section ? "page" : nil)>\(link.text)</a>"
    }

    /// Two streams, mirrored on the line of the weir.
    static let mark: HTML = """
        <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">\
        <path d="M10.5 2.6 3.8 6.5v11l6.7 3.9zM13.5 2.6l6.7 3.9v11l-6.7 3.9z" fill="none" stroke="currentColor" \
        stroke-width="2.4" stroke-linejoin="round"/></svg>
        """

    private static func preferences(_ context: PageContext) -> HTML {
        let other: Language = context.t.language == .chinese ? .english : .chinese
        let theme: PageContext.Theme = context.theme == .dark ? .light : context.theme == .light ? .automatic : .dark
        let label =
            switch theme {
            case .light: context.t.themeLight
            case .dark: context.t.themeDark
            case .automatic: context.t.themeAutomatic
            }
        return """
            <a class="quiet" href=\(url: context.address(setting: "theme", to: theme.rawValue)) \
            data-theme-toggle title="\(context.t.theme): \(label)" rel="nofollow">\(Icon.view("contrast"))\
            <span class="hidden">\(context.t.theme): \(label)</span></a>
            <a class="quiet" href=\(url: context.address(setting: "lang", to: other.rawValue)) lang="\(other.tag)" \
            hreflang="\(other.tag)" rel="nofollow">\(other.ownName)</a>
            """
    }

    private static func person(_ context: PageContext) -> HTML {
        let t = context.t
        guard let visitor = context.visitor else {
            let here = URLText.component(context.address)
            return "<a class=\"button\" href=\(url: "/login?next=\(here)")>\(t.signIn)</a>"
        }
        return """
            <details class="menu"><summary class="quiet">\(Icon.view("user"))<span>\(visitor.name)</span></summary>
            <div class="menu-list">
            <a href=\(url: "/\(URLText.component(visitor.name))")>\(t.profile)</a>
            <a href="/settings">\(t.settings)</a>
            <a href="/new">\(t.new)</a>
            <form method="post" action="/logout">\(Form.guardField(context))<button>\(t.signOut)</button></form>
            </div></details>
            """
    }
}
