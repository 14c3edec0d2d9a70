extension Schema {
    /// What was found out about licences: texts of commits, and reports.
    static let licenseEvidence = ""
}
