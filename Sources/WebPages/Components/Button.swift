/// Buttons, and links that look like them.
package enum Button {
    package enum Style: String, Sendable {
        case plain, primary, danger, quiet

        var name: String { self == .plain ? "button" : "button \(rawValue)" }
    }

    package static func submit(
        _ label: String, style: Style = .plain, icon: String? = nil, name: String? = nil, value: String? = nil
    ) -> HTML {
        """
        <button class="\(style.name)" type="submit"\(attribute: "name", name)\(attribute: "value", value)>\
        \(icon.map(Icon.view))<span>\(label)</span></button>
        """
    }

    package static func link(_ label: String, to address: String, style: Style = .plain, icon: String? = nil) -> HTML {
        "<a class=\"\(style.name)\" href=\(url: address)>\(icon.map(Icon.view))<span>\(label)</span></a>"
    }
}
