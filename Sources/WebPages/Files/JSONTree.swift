/// JSON whose parts fold.
package enum JSONTree {
    /// Nil for text that is not JSON, is too long or goes too deep; it is then shown as text.
    package static func view(_ text: String, _ context: PageContext) -> HTML? { nil }
}
