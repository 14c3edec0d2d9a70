/// A part of a page with a heading.
package enum Panel {
    package static func view(_ title: String, id: String? = nil, actions: HTML? = nil, _ content: HTML) -> HTML {
        """
        <section class="panel"\(attribute: "id", id)><div class="panel-head"><h2>\(title)</h2>\(actions)</div>\
        \(content)</section>
        """
    }
}

/// The heading of a page.
package enum PageHead {
    package static func view(_ title: String, note: HTML? = nil, actions: HTML? = nil) -> HTML {
        """
        <div class="page-head"><div><h1>\(title)</h1>\
        \(note.map { note -> HTML in "<p class=\"page-note\">\(note)</p>" })</div>\
        \(actions.map { actions -> HTML in "<div class=\"actions\">\(actions)</div>" })</div>
        """
    }
}

/// Facts by name.
package enum FactList {
    package static func view(_ facts: [(name: String, value: HTML)]) -> HTML {
        let lines = facts.map { fact -> HTML in "<div><dt>\(fact.name)</dt><dd>\(fact.value)</dd></div>" }
        return "<dl class=\"facts\">\(each: lines)</dl>"
    }
}

/// Views of one thing, of which one is shown.
package enum Tabs {
    package struct Tab: Sendable {
        package let label: String
        package let address: String
        package let note: String?
        package let isCurrent: Bool

        package init(_ label: String, _ address: String, note: String? = nil, isCurrent: Bool) {
            self.label = label
            self.address = address
            self.note = note
            self.isCurrent = isCurrent
        }
    }

    package static func view(_ label: String, _ tabs: [Tab]) -> HTML {
        let links = tabs.map { tab -> HTML in
            """
            <a href=\(url: tab.address)\(attribute: "aria-current", tab.isCurrent ? "page" : nil)>\(tab.label)\
            \(tab.note.map { note -> HTML in " <span class=\"tab-note\">\(note)</span>" })</a>
            """
        }
        return "<nav class=\"tabs\" aria-label=\"\(label)\">\(each: links)</nav>"
    }
}
