import HubCore

/// Looks through a hub by Hugging Face's API.
///
/// - SeeAlso: wire/huggingface.md §2, "Pagination".
struct HuggingFaceBrowsing: Sendable {
    let parts: UpstreamParts
    private let lookup: HuggingFaceLookup

    init(_ parts: UpstreamParts) {
        self.parts = parts
        lookup = HuggingFaceLookup(parts: parts)
    }

    static let kinds: [RepositoryKind] = [.model, .dataset, .space]
    private static let pageSize = "1000"

    private var failures: UpstreamFailures { parts.failures }

    /// A page, newest first: the one order in which nothing moves while one goes through it.
    /// - Parameter filter: what the list is narrowed to, in the words of its query.
    func repositories(
        _ kind: RepositoryKind, after text: String?, filter: [(String, String)] = [], order: String = "createdAt"
    ) async throws -> RemotePage {
        let question = "the list of \(kind.plural)"
        let list = parts.addresses.base.appending(segments: ["api", kind.plural])
        let cursor = try ListCursor(text)
        var url =
            cursor.rest.isEmpty ? Self.firstPage(of: list, kind, filter, order) : try list.with(query: cursor.rest)
        var answer = try await parts.metadata.get(url)
        if answer.status == 400, cursor.rest.isEmpty {
            // A property that this hub does not know ends the whole question.
            url = list.appending(query: [("limit", Self.pageSize), ("full", "true"), ("sort", order)] + filter)
            answer = try await parts.metadata.get(url)
        }
        guard answer.status == 200 else { throw failures.error(answer, asking: question) }
        guard case .array(let entries)? = answer.json, entries.count <= BrowseBounds.entriesOfPage else {
            throw failures.unreadable(answer, question: question, expected: "a list of repositories")
        }
        let names = entries.map { $0["id"]?.string ?? $0["modelId"]?.string ?? "" }
        let found = zip(entries, names).compactMap { entry, name in
            HuggingFaceDescription(lookup: lookup).description(entry, kind: kind, path: name)
        }
        let next = try NextLink.query(answer, asked: url, failures: failures, question: question)
        guard let next, !entries.isEmpty else { return RemotePage(repositories: found, next: nil) }
        let following = try cursor.following(names, rest: next, failures: failures, question: question)
        return RemotePage(repositories: found, next: following.text)
    }

    func describe(_ repository: UpstreamPath) async throws -> RemoteDescription? {
        guard let url = parts.addresses.metadata(of: repository) else { return nil }
        let whole: UpstreamAnswer
        do {
            whole = try await parts.metadata.get(url.appending(query: [("blobs", "true")]))
        } catch let error as HubError where error.code == .upstreamCorrupt {
            // So many files that their list is too long: everything but them.
            whole = try await parts.metadata.get(url.appending(query: Self.properties(repository.kind)))
        }
        guard whole.status == 200 else {
            if case .refused(let error) = try lookup.read(whole, of: repository) { throw error }
            return nil
        }
        guard let document = whole.json, let path = document["id"]?.string else {
            throw failures.unreadable(whole, question: "the \(repository)", expected: "repository metadata")
        }
        guard
            let description = HuggingFaceDescription(lookup: lookup).description(
                document, kind: repository.kind, path: path)
        else { throw failures.corrupt("the \(repository)", "a repository name that cannot be one") }
        return description
    }

    func files(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing {
        guard let metadata = parts.addresses.metadata(of: repository) else {
            throw HubError(
                .repositoryNotFound, "Upstream \(parts.configuration.name) has no \(repository.kind.plural).")
        }
        let commit = try await commit(of: repository, at: revision, metadata: metadata)
        let question = "the files of \(repository) at \(revision)"
        let tree = metadata.appending(segments: ["tree", commit?.hex ?? revision])
        var url = tree.appending(query: [("recursive", "true"), ("expand", "false")])
        var gathering = FileGathering(failures, question: question)
        var asked: Set<String> = []
        while true {
            try Task.checkCancellation()
            let answer = try await parts.metadata.get(url)
            guard answer.status == 200 else { throw refusal(answer, question: question) }
            try gathering.count(answer)
            guard case .array(let entries)? = answer.json else {
                throw failures.unreadable(answer, question: question, expected: "a list of files")
            }
            try Self.gather(entries, into: &gathering)
            guard let next = try NextLink.query(answer, asked: url, failures: failures, question: question) else {
                return RemoteListing(commit: commit, files: gathering.files)
            }
            guard asked.insert(next).inserted, !entries.isEmpty else {
                throw failures.corrupt(question, "a list without an end")
            }
            url = try tree.with(query: next)
        }
    }

    /// Entries of a tree: folders are named beside what is in them, submodules have no content here.
    static func gather(_ entries: [JSONValue], into gathering: inout FileGathering) throws {
        for entry in entries where entry["type"]?.string == "file" {
            let lfs = entry["lfs"].flatMap { $0 == .null ? nil : $0 }
            let digest = (lfs?["oid"] ?? lfs?["sha256"])?.string.flatMap { BlobID($0) }
            try gathering.add(
                path: entry["path"]?.string, size: (lfs?["size"] ?? entry["size"])?.whole, digest: digest)
        }
    }

    /// What a revision is now; nil where the hub says something else than a commit, as CSGHub does for datasets.
    private func commit(of repository: UpstreamPath, at revision: String, metadata: EgressURL) async throws -> CommitID?
    {
        if let commit = CommitID(revision) { return commit }
        let question = "the revision \(revision) of \(repository)"
        let answer = try await parts.metadata.get(
            metadata.appending(segments: ["revision", revision]).appending(query: [("expand", "sha")]))
        guard answer.status == 200 else { throw refusal(answer, question: question) }
        guard let document = answer.json else {
            throw failures.unreadable(answer, question: question, expected: "repository metadata")
        }
        return document["sha"]?.string.flatMap { CommitID($0) }
    }

    private func refusal(_ answer: UpstreamAnswer, question: String) -> HubError {
        switch answer.headers["x-error-code"] {
        case "RevisionNotFound", "EntryNotFound": failures.error(answer, asking: question, absence: .revisionNotFound)
        case "GatedRepo": failures.error(answer, asking: question)
        default:
            // To a stranger, what is private looks like what is not there.
            (answer.status == 401 || answer.status == 403) && !parts.access.isSignedIn
                ? HubError(.repositoryNotFound, "Upstream \(parts.configuration.name) does not show \(question) to us.")
                : failures.error(answer, asking: question)
        }
    }

    private static func firstPage(
        of list: EgressURL, _ kind: RepositoryKind, _ filter: [(String, String)], _ order: String
    ) -> EgressURL {
        list.appending(
            query: [("limit", pageSize), ("sort", order), ("direction", "-1")] + filter + properties(kind))
    }

    private static func properties(_ kind: RepositoryKind) -> [(String, String)] {
        let own: [String] =
            switch kind {
            case .model: ["pipeline_tag", "library_name", "safetensors", "gguf", "downloads", "gated"]
            case .dataset: ["description", "downloads", "gated"]
            default: []
            }
        let all = ["author", "cardData", "createdAt", "lastModified", "likes", "private", "sha", "tags"] + own
        return all.map { ("expand", $0) }
    }
}

extension HuggingFaceUpstream: BrowsableUpstream {
    var listedKinds: [RepositoryKind] { HuggingFaceBrowsing.kinds }

    func repositories(_ kind: RepositoryKind, after cursor: String?) async throws -> RemotePage {
        try await HuggingFaceBrowsing(parts).repositories(kind, after: cursor)
    }

    func describe(_ repository: UpstreamPath) async throws -> RemoteDescription? {
        try await HuggingFaceBrowsing(parts).describe(repository)
    }

    func files(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing {
        try await HuggingFaceBrowsing(parts).files(of: repository, at: revision)
    }
}
