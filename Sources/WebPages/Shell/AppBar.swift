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
            <kbd class="key" aria-hidden="true">/</kbd>
            </form>
            <nav class="bar-links" aria-label="\(t.mainNavigation)">
            \(each: links(context).map { link($0, section) })
            </nav>
            <div class="bar-side">\(preferences(context))\(person(context))</div>
            \(folded(section, context))
            </header>
            """
    }

    /// Everything of the bar that a narrow window has no room for.
    private static func folded(_ section: Page.Section?, _ context: PageContext) -> HTML {
        let t = context.t
        let own: HTML =
            if let visitor = context.visitor {
                personLinks(visitor, context)
            } else {
                signInLink(context, class: nil)
            }
        return """
            <details class="menu bar-fold"><summary class="quiet">\(Icon.view("menu"))<span class="hidden">\(t.menu)</span>\
            </summary><div class="menu-list">
            <nav aria-label="\(t.mainNavigation)">\(each: links(context).map { link($0, section) })</nav>
            <hr>\(preferences(context))<hr>\(own)
            </div></details>
            """
    }

    private struct Link {
        let section: Page.Section
        let address: String
        let text: String
    }

    private static func links(_ context: PageContext) -> [Link] {
        let t = context.t
        // Jobs are shown to people with accounts; nobody else is sent there only to be turned away.
        let sync = context.visitor.map { _ in Link(section: .sync, address: "/console/sync", text: t.sync) }
        return [
            Link(section: .models, address: "/models", text: t.models),
            Link(section: .datasets, address: "/datasets", text: t.datasets),
            Link(section: .spaces, address: "/spaces", text: t.spaces),
            Link(section: .codes, address: "/codes", text: t.codes),
            sync,
            Link(section: .console, address: "/console", text: t.console),
        ].compactMap { $0 }
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
        let t = context.t
        let other: Language = t.language == .chinese ? .english : .chinese
        let theme: PageContext.Theme = context.theme == .dark ? .light : context.theme == .light ? .automatic : .dark
        let label =
            switch theme {
            case .light: t.switchToLight
            case .dark: t.switchToDark
            case .automatic: t.switchToAutomatic
            }
        return """
            <a class="quiet" href=\(url: context.address(setting: "theme", to: theme.rawValue)) \
            data-theme-toggle data-light="\(t.switchToLight)" data-dark="\(t.switchToDark)" \
            data-auto="\(t.switchToAutomatic)" title="\(label)" rel="nofollow">\(Icon.view("contrast"))\
            <span class="hidden">\(label)</span></a>
            <a class="quiet" href=\(url: context.address(setting: "lang", to: other.rawValue)) lang="\(other.tag)" \
            hreflang="\(other.tag)" rel="nofollow">\(other.ownName)</a>
            """
    }

    private static func person(_ context: PageContext) -> HTML {
        guard let visitor = context.visitor else { return signInLink(context, class: "button") }
        return """
            \(news(visitor, context))<details class="menu"><summary class="quiet">\(Icon.view("user"))<span class="truncate">\(visitor.name)</span>\
            </summary><div class="menu-list">\(personLinks(visitor, context))</div></details>
            """
    }

    /// The way to what somebody is told, with a mark while something is unread.
    private static func news(_ visitor: PageContext.Visitor, _ context: PageContext) -> HTML? {
        guard visitor.unread > 0 else { return nil }
        let label = context.t.notificationsCount(visitor.unread)
        return """
            <a class="quiet" href="/notifications" title="\(label)">\(Icon.view("message-square"))\
            <span aria-hidden="true">\(visitor.unread > 99 ? "99+" : String(visitor.unread))</span>\
            <span class="hidden">\(label)</span></a>
            """
    }

    private static func signInLink(_ context: PageContext, class name: String?) -> HTML {
        // Who signs in comes back to the page he was on, but never to the form he signed in with.
        let next = context.path == "/login" ? nil : URLText.component(context.address)
        let address = next.map { "/login?next=\($0)" } ?? "/login"
        return "<a\(attribute: "class", name) href=\(url: address)>\(context.t.signIn)</a>"
    }

    private static func personLinks(_ visitor: PageContext.Visitor, _ context: PageContext) -> HTML {
        let t = context.t
        return """
            <a href=\(url: "/\(URLText.component(visitor.name))")>\(Icon.view("user"))<span>\(t.profile)</span></a>
            <a href="/new">\(Icon.view("plus"))<span>\(t.new)</span></a>
            <a href="/notifications">\(Icon.view("message-square"))<span>\(visitor.unread > 0 ? t.notificationsCount(visitor.unread) : t.notifications)</span></a>
            <a href="/settings">\(Icon.view("settings"))<span>\(t.settings)</span></a>
            <hr><form method="post" action="/logout">\(Form.guardField(context))\
            <button>\(Icon.view("log-out"))<span>\(t.signOut)</span></button></form>
            """
    }
}
