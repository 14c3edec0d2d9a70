extension Schema {
    /// The transparency log.
    static let transparency = ""
}
