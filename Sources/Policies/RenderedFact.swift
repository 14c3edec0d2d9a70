/// A fact as people read it: `size` `1.5 GiB`.
package struct RenderedFact: Sendable, Hashable {
    package let name: String
    package let value: String
}
