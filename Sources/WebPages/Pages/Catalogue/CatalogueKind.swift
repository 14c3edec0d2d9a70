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

    /// The picture of the kind, in its colour, with its name for those who hear it.
    package func glyph(_ t: L10n) -> HTML {
        "<span class=\"glyph\" title=\"\(t.kindName(self))\">\(KindGlyph.view(plural))<span class=\"hidden\">\(t.kindName(self))</span></span>"
    }
}
