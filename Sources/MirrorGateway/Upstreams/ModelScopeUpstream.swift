import HubCore

/// modelscope.cn, or anything that speaks its REST: the `{"Code", "Success", "Data"}` envelope, git with LFS beside it.
///
/// - SeeAlso: docs/modelscope.md, which says what is known of it and from where.
struct ModelScopeUpstream: ComposedUpstream {
    let parts: UpstreamParts

    func lookUp(_ id: RepositoryID) async throws -> UpstreamLookup {
        let repository = UpstreamPath(id)
        guard let url = parts.addresses.metadata(of: repository) else { return .absent }
        let rest = ModelScopeREST(parts)
        let question = "the \(repository)"
        // Its numbers for visibility say less than what a stranger is shown.
        switch try await rest.data(at: url, via: parts.access.anonymous, question: question) {
        case .data(let data): return .found(try found(data, repository, isHidden: false))
        case .absent where parts.access.isSignedIn: break
        case .absent: return .absent
        }
        switch try await rest.data(at: url, via: parts.access.api, question: question) {
        case .data(let data): return .found(try found(data, repository, isHidden: true))
        case .absent: return .absent
        }
    }

    private func found(_ data: JSONValue, _ repository: UpstreamPath, isHidden: Bool) throws -> UpstreamRepository {
        guard let told = ModelScopeDescription.description(data, kind: repository.kind, asked: repository.path) else {
            throw parts.failures.corrupt("the \(repository)", "a repository name that cannot be one")
        }
        var found = UpstreamRepository(path: told.path)
        found.isPrivate = isHidden || told.isPrivate
        found.isGated = told.isGated
        found.defaultBranch = told.defaultBranch
        found.licenses = told.licenses
        found.tags = told.tags
        found.downloads = told.downloads
        found.likes = told.likes
        found.storage = data["StorageSize"]?.whole
        return found
    }
}

/// Asks ModelScope's REST and takes the answers out of their envelopes.
struct ModelScopeREST: Sendable {
    enum Answer: Sendable {
        case data(JSONValue)
        /// Not there, or not for us: it tells both as 404.
        case absent
    }

    let parts: UpstreamParts

    init(_ parts: UpstreamParts) { self.parts = parts }

    /// `Code` of an envelope whose record is not there.
    static let notFound: Int64 = 10_010_205_001
    /// `Code` where the record is not for us: private, or behind terms that were not accepted.
    static let noAccess: Int64 = 10_010_200_001
    /// `Code` of a revision that has no files.
    static let noTree: Int64 = 10_990_101_004

    func data(at url: EgressURL, via connection: UpstreamConnection? = nil, question: String) async throws -> Answer {
        let client = MetadataClient(
            transport: parts.metadata.transport, connection: connection ?? parts.access.api, failures: parts.failures)
        return try read(try await client.get(url), question: question)
    }

    func read(_ answer: UpstreamAnswer, question: String) throws -> Answer {
        let code = answer.json?["Code"]?.whole
        if [401, 403, 404, 410].contains(answer.status) || code == Self.notFound || code == Self.noAccess
            || code == Self.noTree || code == 404
        {
            // An overloaded database of theirs answers 404 as well, and says so.
            if let said = answer.json?["Message"]?.string, said.contains("Error 1461") || said.contains("timeout") {
                throw HubError(
                    .upstreamUnavailable,
                    "Upstream \(parts.configuration.name) could not answer \(question): \u{201C}\(parts.failures.quoted(said))\u{201D}.",
                    remedy: "Try again later.")
            }
            return .absent
        }
        guard answer.status == 200 else { throw parts.failures.error(answer, asking: question) }
        guard let document = answer.json, case .object = document else {
            throw parts.failures.unreadable(answer, question: question, expected: "ModelScope's JSON")
        }
        if document["Success"] == .boolean(false) || (code ?? 200) != 200 {
            let said = document["Message"]?.string.map { ": \u{201C}\(parts.failures.quoted($0))\u{201D}" } ?? ""
            throw HubError(
                .upstreamRefused,
                "Upstream \(parts.configuration.name) answered \(question) with its code \(code ?? 0)\(said).")
        }
        return .data(document["Data"] ?? .null)
    }
}
