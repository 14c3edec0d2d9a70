extension Schema {
    /// What scans found, by blob and scanner version.
    static let scans = ""
}
