import HubCore

/// huggingface.co, or anything that speaks its API.
///
/// - SeeAlso: Hub API, "GET /api/models/{repo_id}".
struct HuggingFaceUpstream: ComposedUpstream {
    let parts: UpstreamParts

    func lookUp(_ id: RepositoryID) async throws -> UpstreamLookup {
        let repository = UpstreamPath(id)
        guard let url = parts.addresses.metadata(of: repository) else { return .absent }
        let answer = try await parts.metadata.get(url)
        return try HuggingFaceLookup(parts: parts).read(answer, of: repository)
    }
}

/// Reads the answer to a look-up in Hugging Face's dialect.
struct HuggingFaceLookup: Sendable {
    let parts: UpstreamParts

    func read(_ answer: UpstreamAnswer, of repository: UpstreamPath) throws -> UpstreamLookup {
        let question = "the \(repository)"
        guard answer.status == 200 else { return try missing(answer, question: question) }
        guard let document = answer.json, let path = document["id"]?.string else {
            throw parts.failures.unreadable(answer, question: question, expected: "repository metadata")
        }
        guard RepositoryID(kind: repository.kind, path: path) != nil else {
            throw parts.failures.corrupt(question, "a repository name that cannot be one")
        }
        var found = UpstreamRepository(path: path)
        found.isPrivate = document["private"]?.isTrue ?? false
        // `false`, `true`, `"auto"` or `"manual"`.
        found.isGated = document["gated"].map { $0.isTrue || $0.string != nil } ?? false
        found.head = document["sha"]?.string.flatMap { CommitID($0) }
        found.defaultBranch = document["default_branch"]?.string
        found.tags = document["tags"]?.strings ?? []
        found.licenses = licenses(document, tags: found.tags)
        found.downloads = document["downloads"]?.whole
        found.likes = document["likes"]?.whole
        found.storage = document["usedStorage"]?.whole
        return .found(found)
    }

    /// 401 to a stranger and 404 to a friend both mean "not there, or not for you".
    private func missing(_ answer: UpstreamAnswer, question: String) throws -> UpstreamLookup {
        let code = answer.headers["x-error-code"]
        let error = parts.failures.error(answer, asking: question)
        switch answer.status {
        case 404, 410: return .absent
        case 401 where code == "RepoNotFound": return .absent
        case 401, 403:
            return code == "GatedRepo" || parts.access.isSignedIn ? .refused(error) : .absent
        case 451: return .refused(error)
        default: throw error
        }
    }

    func licenses(_ document: JSONValue, tags: [String]) -> [String] {
        let card = document["cardData"]?["license"]?.strings ?? []
        return card.isEmpty
            ? tags.filter { $0.hasPrefix("license:") }.map { String($0.dropFirst("license:".count)) } : card
    }
}

extension JSONValue {
    /// Whether it is the value `true`.
    var isTrue: Bool { self == .boolean(true) }

    /// A count; nil for anything but a whole number that is not negative.
    var whole: Int64? {
        switch self {
        case .integer(let value): value < 0 ? nil : value
        case .number(let value): value < 0 ? nil : Int64(exactly: value)
        default: nil
        }
    }
}
