/// Who keeps what is no longer to be served, so that it travels with bundles to sites that no network reaches.
package protocol BundleTombstones: Sendable {
    /// Everything that is buried here, in an order that does not change. `type` is neither `ref` nor empty.
    func all() async throws -> [BundleStatement.Tombstone]

    /// Whether a bundle's tombstone can be taken here; one that cannot refuses the bundle.
    func takes(_ tombstone: BundleStatement.Tombstone) -> Bool

    /// Buries what a bundle says, before anything of that bundle is seen. What is buried already stays so.
    func bury(_ tombstone: BundleStatement.Tombstone, by bundle: String) async throws
}
