/// What a commit says about the terms it comes under: found out once, for it never changes.
package struct LicenseEvidence: Sendable, Hashable, Codable {
    /// A file that holds a licence, and which one it was recognised as.
    package struct Text: Sendable, Hashable, Codable {
        package let path: String
        /// SHA-256 of what was read, in hex.
        package let sha256: String
        /// Bytes of the file.
        package let size: Int64
        /// The identifier of the licence that it is; nil where none is near enough.
        package let license: String?
        /// How sure that is, from 0 to 1.
        package let confidence: Double
        /// What else is to be said of it, for people.
        package let remark: String?

        package init(
            path: String, sha256: String, size: Int64, license: String?, confidence: Double, remark: String? = nil
        ) {
            self.path = path
            self.sha256 = sha256
            self.size = size
            self.license = license
            self.confidence = confidence
            self.remark = remark
        }
    }

    /// The values of the card's `license` field.
    package var card: [String] = []
    /// The card's `license_name` and `license_link`, for licences that have no identifier of their own.
    package var name: String?
    package var link: String?
    /// Licences that tags name.
    package var tags: [String] = []
    package var texts: [Text] = []
    /// Files that look like licences and were not read, with why.
    package var unread: [String] = []
    package var edges: [LineageEdge] = []
    /// How many more things it says to be made from than were kept.
    package var omittedEdges = 0

    package init() {}
}

/// The evidence of a commit as it was recorded.
package struct RecordedEvidence: Sendable, Hashable {
    package let evidence: LicenseEvidence
    /// Which texts and which way of comparing them it was found with.
    package let classifier: String
    /// Milliseconds since 1970.
    package let foundAt: Int64
}
