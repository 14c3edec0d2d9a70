/// A revision and the path behind it, as two captures of a route.
///
/// Some callers leave the slashes of `refs/pr/1` unescaped, which puts two thirds of it into the path.
struct RevisionPath: Equatable, Sendable {
    let revision: String
    let path: String

    init(revision: String, path: String) {
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        if revision == "refs", parts.count >= 2 {
            self.revision = "refs/\(parts[0])/\(parts[1])"
            self.path = parts.count > 2 ? String(parts[2]) : ""
        } else {
            self.revision = revision
            self.path = path
        }
    }

    /// Reads `{revision}` and `{path...}` of the matched path.
    init(_ request: HubRequest) throws {
        self.init(revision: try request.parameter("revision"), path: request.parameters["path"] ?? "")
    }
}
