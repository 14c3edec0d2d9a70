/// One line of what Ctrl K opens.
package struct PaletteItem: Sendable, Hashable {
    package let title: String
    package let note: String
    package let address: String

    package init(title: String, note: String, address: String) {
        self.title = title
        self.note = note
        self.address = address
    }

    /// The pages that somebody can go to.
    package static func pages(_ context: PageContext) -> [PaletteItem] {
        let t = context.t
        var pages = CatalogueKind.allCases.prefix(4).map {
            PaletteItem(title: t.kindsName($0), note: t.palettePage, address: "/\($0.plural)")
        }
        if context.visitor != nil {
            pages.append(PaletteItem(title: t.sync, note: t.palettePage, address: "/console/sync"))
        }
        pages.append(PaletteItem(title: t.console, note: t.palettePage, address: "/console"))
        pages.append(PaletteItem(title: t.home, note: t.palettePage, address: "/"))
        if let visitor = context.visitor {
            pages.append(PaletteItem(title: t.new, note: t.paletteAction, address: "/new"))
            pages.append(PaletteItem(title: t.settings, note: t.palettePage, address: "/settings"))
            pages.append(
                PaletteItem(
                    title: t.profile, note: visitor.name, address: "/\(URLText.component(visitor.name))"))
        } else {
            pages.append(PaletteItem(title: t.signIn, note: t.paletteAction, address: "/login"))
        }
        return pages
    }
}
