/// What a commit says about the terms it comes under: found out once, for it never changes.
package struct LicenseEvidence: Sendable, Hashable, Codable {
    /// A file that holds a licence, and which one it was recognised as.
    package struct Text: Sendable, Hashable, Codable {
        package let path: String
        /// SHA-256 of the file, in hex; nil where it could not be read.
        package let sha256: String?
        /// Bytes of the file.
        package let size: Int64
        /// What it was recognised as, in the words of whoever compares texts; nil where it is none that is known.
        package let match: JSONValue?
        /// Why it was not read; nil where it was.
        package let unread: String?

        package init(path: String, sha256: String?, size: Int64, match: JSONValue?, unread: String? = nil) {
            self.path = path
            self.sha256 = sha256
            self.size = size
            self.match = match
            self.unread = unread
        }
    }

    /// The values of the card's `license` field.
    package var card: [String] = []
    /// The card's `license_name` and `license_link`, for licences that have no identifier of their own.
    package var name: String?
    package var link: String?
    /// Licences that tags name.
    package var tags: [String] = []
    /// Files that hold licences; nil where there was nothing to compare their words with.
    package var texts: [Text]?
    /// Paths of files with licences and notices, which have to come along with what is made from it.
    package var notices: [String] = []
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
