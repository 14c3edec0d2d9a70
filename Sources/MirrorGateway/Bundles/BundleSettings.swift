/// Where a server may read bundles, and what its site is called.
package struct BundleSettings: Sendable, Hashable {
    /// The one folder from which bundles may be imported by REST; nil for none.
    package var folder: String?
    package var site: String?

    package init(folder: String? = nil, site: String? = nil) {
        self.folder = folder
        self.site = site
    }
}
