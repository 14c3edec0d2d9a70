extension Schema {
    /// What scrubs found and healed.
    static let scrubbing = ""
}
