import HubCore

/// How bodies say whether a repository is private: `private` until huggingface_hub 1.7, `visibility` since.
struct VisibilityFields: Decodable, Sendable {
    var `private`: Bool?
    var visibility: String?

    /// What is asked for; nil when nothing is.
    /// - Throws: `.badRequest` for a word nobody knows.
    func asked() throws -> Repository.Visibility? {
        guard let visibility else { return self.private.map { $0 ? .private : .public } }
        // A protected space shows its application and hides its content: here the content is what there is.
        if visibility == "protected" { return .private }
        guard let known = Repository.Visibility(rawValue: visibility) else {
            throw HubError(
                .badRequest, "'\(visibility)' is no visibility.", remedy: "Use public, private or internal.")
        }
        return known
    }
}

/// How bodies name a repository: `organization` null means the caller's own namespace, `type` absent a model.
struct RepositoryFields: Decodable, Sendable {
    var name: String
    var organization: String?
    var type: String?

    /// - Throws: `.badRequest` for what can be no repository's name.
    func id(for principal: Principal) throws -> RepositoryID {
        let namespace = organization ?? principal.user?.name ?? ""
        let kind = try Self.kind(type)
        let id =
            name.contains("/") && organization == nil
            ? RepositoryID(kind: kind, path: name) : RepositoryID(kind: kind, namespace: namespace, name: name)
        guard let id else {
            throw HubError(
                .badRequest, "'\(namespace)/\(name)' is no repository name.",
                remedy: "Use letters, digits, '.', '_' and '-', and begin with a letter or digit.")
        }
        return id
    }

    static func kind(_ word: String?) throws -> RepositoryKind {
        guard let word else { return .model }
        guard let kind = RepositoryKind(rawValue: word) else {
            throw HubError(.badRequest, "Repositories of type '\(word)' are not supported.")
        }
        return kind
    }
}

extension HubRequest {
    /// The page of a repository, as the clients' `RepoUrl` reads it: it begins with their own endpoint.
    ///
    /// Behind an endpoint with a path huggingface_hub 0.x takes the path's last word for the repository's type, so the
    /// type is always said there.
    func page(of id: RepositoryID) -> String {
        let hasPath = !mount.isEmpty || baseURL.split(separator: "/").count > 2
        return url("\(mount)\(hasPath ? "/\(id.kind.plural)" : id.kind.downloadPrefix)/\(id.path)")
    }

    /// Who asks, when it is somebody with an account: before a body is read that names what he wants.
    /// - Throws: `.authenticationRequired`.
    func signedIn() async throws -> Principal {
        let principal = try await principal()
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "This needs an account.", remedy: "Send an access token.")
        }
        return principal
    }
}
