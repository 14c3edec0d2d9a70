/// A provenance record as it was written: the JSON text and its digest.
package struct ProvenanceRecord: Sendable, Hashable {
    package let json: String
    /// SHA-256 of the UTF-8 bytes of `json`, in hex.
    package let sha256: String
    /// The digest over the commit's files (``ContentsDigest``), for the transparency log; nil when it is not known.
    package let contents: String?

    package init(json: String, sha256: String, contents: String? = nil) {
        self.json = json
        self.sha256 = sha256
        self.contents = contents
    }

    /// The digest over the files that a record names; nil when it names none in the form this release writes.
    static func contents(ofRecord json: String) -> String? {
        guard case .array(let files) = JSONText.decode(json)?["files"] else { return nil }
        var named: [(path: String, sha256: String)] = []
        for file in files {
            guard let path = file["path"]?.string, let digest = file["sha256"]?.string else { return nil }
            named.append((path, digest))
        }
        return ContentsDigest.of(named)
    }
}
