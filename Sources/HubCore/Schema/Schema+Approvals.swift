extension Schema {
    /// Requests to let content under review pass, and what was decided.
    static let approvals = ""
}
