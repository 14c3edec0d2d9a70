extension Schema {
    /// What may no longer be served anywhere, and who was given what.
    static let tombstones = ""
}
