extension Schema {
    /// Air-gap bundles that went out and came in.
    static let bundles = ""
}
