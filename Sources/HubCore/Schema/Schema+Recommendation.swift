extension Schema {
    /// What recommendations are made from.
    static let recommendation = ""
}
