/// Actions behind a button; opens without scripts.
package enum Menu {
    /// - Parameters:
    ///   - label: what the button says; for ears only when it is a picture alone.
    ///   - items: links, buttons of forms, or `<hr>`.
    package static func view(
        _ label: String, icon: String? = nil, isIconOnly: Bool = false, style: Button.Style = .plain,
        startsAtLeft: Bool = false, _ items: [HTML]
    ) -> HTML {
        let text: HTML = isIconOnly ? "<span class=\"hidden\">\(label)</span>" : "<span>\(label)</span>"
        return """
            <details class="\(startsAtLeft ? "menu start" : "menu")"><summary class="\(style.name)">\
            \(icon.map(Icon.view))\(text)\(if: !isIconOnly, Icon.view("chevron-down"))</summary>\
            <div class="menu-list">\(each: items)</div></details>
            """
    }

    /// A link in a menu.
    package static func link(_ label: String, to address: String, icon: String? = nil, isCurrent: Bool = false) -> HTML
    {
        """
        <a href=\(url: address)\(attribute: "aria-current", isCurrent ? "true" : nil)>\(icon.map(Icon.view))\
        <span>\(label)</span></a>
        """
    }
}
