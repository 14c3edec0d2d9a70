extension Schema {
    /// Signed statements and what is attached to a revision.
    static let statements = ""
}
