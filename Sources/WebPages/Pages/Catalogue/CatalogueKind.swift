/// The kinds of repositories as pages call them.
package enum CatalogueKind: String, Sendable, Hashable, CaseIterable {
    case model, dataset, space, code, prompt, mcpserver, skill

    /// The word in addresses: `models`, `mcps`.
    package var plural: String { self == .mcpserver ? "mcps" : rawValue + "s" }

    /// The entry of the navigation that stands for it.
    package var section: Page.Section? {
        switch self {
        case .model: .models
        case .dataset: .datasets
        case .space: .spaces
        case .code: .codes
        case .prompt, .mcpserver, .skill: nil
        }
    }

    var icon: String {
        switch self {
        case .model: "box"
        case .dataset: "database"
        case .space: "app-window"
        case .code: "code"
        case .prompt: "message-square"
        case .mcpserver: "plug"
        case .skill: "sparkles"
        }
    }

    /// The picture of the kind, in its colour; beside a word that says the same, or with one for those who hear it.
    package func glyph(_ t: L10n) -> HTML {
        """
        <span class="glyph \(rawValue)" title="\(t.kindName(self))">\(Icon.view(icon))\
        <span class="hidden">\(t.kindName(self))</span></span>
        """
    }
}
