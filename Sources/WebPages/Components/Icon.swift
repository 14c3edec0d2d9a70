/// A picture from the sprite, beside a word that says the same.
package enum Icon {
    /// - Parameter name: of Lucide's, if the sprite has it; without a sprite nothing is drawn.
    package static func view(_ name: String) -> HTML {
        // Relative to no page: the sprite stands under an address without a digest and is revalidated.
        "<svg class=\"icon\" width=\"16\" height=\"16\" aria-hidden=\"true\" focusable=\"false\"><use href=\"/assets/icons.svg#\(name)\"/></svg>"
    }
}
