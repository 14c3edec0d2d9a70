import HubCore

/// OpenCSG's hub or any other CSGHub: its REST in the `{"msg", "data"}` envelope, names compared without case.
struct CSGHubUpstream: ComposedUpstream {
    let parts: UpstreamParts

    func lookUp(_ id: RepositoryID) async throws -> UpstreamLookup {
        let repository = UpstreamPath(id)
        guard let url = parts.addresses.metadata(of: repository) else { return .absent }
        return try read(try await parts.metadata.get(url), of: repository)
    }

    private func read(_ answer: UpstreamAnswer, of repository: UpstreamPath) throws -> UpstreamLookup {
        let question = "the \(repository)"
        guard answer.status == 200 else { return try missing(answer, question: question) }
        guard let data = answer.json?["data"], let path = data["path"]?.string else {
            throw parts.failures.unreadable(answer, question: question, expected: "repository metadata")
        }
        guard RepositoryID(kind: repository.kind, path: path) != nil else {
            throw parts.failures.corrupt(question, "a repository name that cannot be one")
        }
        var found = UpstreamRepository(path: path)
        found.isPrivate = data["private"]?.isTrue ?? false
        found.defaultBranch = data["default_branch"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let tags = Self.tags(data)
        found.tags = tags.map(\.name)
        found.licenses = data["license"]?.strings.filter { !$0.isEmpty } ?? []
        if found.licenses.isEmpty { found.licenses = tags.filter { $0.category == "license" }.map(\.name) }
        found.downloads = data["downloads"]?.whole
        found.likes = data["likes"]?.whole
        return .found(found)
    }

    func missing(_ answer: UpstreamAnswer, question: String) throws -> UpstreamLookup {
        if answer.status == 403, let code = Self.policyCode(answer) {
            throw HubError(
                code,
                "Upstream \(parts.failures.upstream) holds back \(question): "
                    + "\u{201C}\(parts.failures.quoted(answer.explanation ?? ""))\u{201D}.")
        }
        let error = parts.failures.error(answer, asking: question)
        switch answer.status {
        case 404, 410: return .absent
        case 401, 403: return parts.access.isSignedIn ? .refused(error) : .absent
        // A row that is not there comes out of some versions as a failure of the database.
        case 500 where answer.explanation?.contains("no rows in result set") == true: return .absent
        default: throw error
        }
    }

    /// Another gateway's policy, which it tells to everybody alike: the reason is passed on to whoever asks here.
    private static func policyCode(_ answer: UpstreamAnswer) -> HubError.Code? {
        switch answer.json?["code"]?.string {
        case "POLICY-ERR-0": .policyDenied
        case "POLICY-ERR-1": .policyReview
        default: nil
        }
    }

    private static func tags(_ data: JSONValue) -> [(name: String, category: String)] {
        guard case .array(let tags)? = data["tags"] else { return [] }
        return tags.compactMap { tag in
            tag["name"]?.string.map { ($0, tag["category"]?.string ?? "") }
        }
    }
}
