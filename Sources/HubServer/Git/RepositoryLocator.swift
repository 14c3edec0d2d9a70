import HubCore

/// Reads which repository a path names, for the surfaces that git and git-lfs speak to:
/// `/models/acme/demo.git`, `/datasets/acme/demo`, and for Hugging Face's clients `/acme/demo`.
enum RepositoryLocator {
    /// The path patterns of a repository, without a slash at the end.
    static let patterns = [
        "/{kinds:models|datasets|spaces|codes|prompts|mcps|mcpservers|skills}/{namespace}/{name}",
        "/{namespace}/{name}",
    ]

    /// - Throws: `.repositoryNotFound` for a name that nobody could have.
    static func id(of request: HubRequest) async throws -> RepositoryID {
        let word = request.parameters["kinds"] ?? "models"
        var name = try request.parameter("name")
        if name.hasSuffix(".git") { name.removeLast(4) }
        let namespace = try request.parameter("namespace")
        guard let kind = RepositoryKind(word: word),
            let id = RepositoryID(kind: kind, namespace: namespace, name: name)
        else {
            let isAnonymous = try await request.principal().isAnonymous
            throw HubError(
                .repositoryNotFound, "The repository \(namespace)/\(name) does not exist, or you may not see it.",
                status: isAnonymous ? 401 : 404)
        }
        return id
    }
}
