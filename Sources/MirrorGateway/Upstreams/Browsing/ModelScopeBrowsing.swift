import HubCore

/// Looks through ModelScope by its REST.
///
/// - SeeAlso: docs/modelscope.md.
struct ModelScopeBrowsing: Sendable {
    let parts: UpstreamParts
    private let rest: ModelScopeREST

    init(_ parts: UpstreamParts) {
        self.parts = parts
        rest = ModelScopeREST(parts)
    }

    static let kinds: [RepositoryKind] = [.model, .dataset]
    private static let pageSize = 100
    private static let treePageSize = 200
    /// Entries at which `repo/files` cuts a list off without a word (`REPO_FILES_TRUNCATION_LIMIT` of its SDK).
    static let cutAt = 3_000

    private var failures: UpstreamFailures { parts.failures }
    private var api: EgressURL { parts.addresses.base.appending(segments: ["api", "v1"]) }

    // MARK: - The list

    func repositories(_ kind: RepositoryKind, after text: String?, filter: RemoteFilter = RemoteFilter()) async throws
        -> RemotePage
    {
        let question = "the list of \(kind.plural)"
        guard Self.kinds.contains(kind) else { return RemotePage(repositories: [], next: nil) }
        let cursor = try ListCursor(text)
        // How many were listed before: pages may be smaller than what was asked for.
        let seen = Int64(cursor.rest) ?? 0
        let (entries, total) = try await page(cursor.page, of: kind, filter: filter, question: question)
        guard entries.count <= BrowseBounds.entriesOfPage else { throw failures.corrupt(question, "too many at once") }
        let found = entries.compactMap { ModelScopeDescription.description($0, kind: kind) }
        let (listed, overflow) = seen.addingReportingOverflow(Int64(entries.count))
        guard !entries.isEmpty, !overflow, total.map({ listed < $0 }) ?? true else {
            return RemotePage(repositories: found, next: nil)
        }
        let names = entries.map { ($0["Path"]?.string ?? "") + "/" + ($0["Name"]?.string ?? "") }
        let following = try cursor.following(names, rest: String(listed), failures: failures, question: question)
        return RemotePage(repositories: found, next: following.text)
    }

    /// Everybody's by the search of its pages, the one list that does not end at three thousand; an owner's by the SDK's.
    private func page(_ number: Int, of kind: RepositoryKind, filter: RemoteFilter, question: String) async throws
        -> ([JSONValue], Int64?)
    {
        let paging = [("PageNumber", String(number)), ("PageSize", String(Self.pageSize))]
        let answer: UpstreamAnswer
        switch (kind, filter.owner) {
        case (.model, let owner?):
            answer = try await parts.metadata.ask(
                "PUT", api.appending(path: "models/"),
                body: "{\"Path\":\(Self.quoted(owner)),\"PageNumber\":\(number),\"PageSize\":\(Self.pageSize)}")
        case (.model, nil):
            answer = try await parts.metadata.ask(
                "PUT", api.appending(segments: ["dolphin", "models"]),
                body:
                    "{\"PageSize\":\(Self.pageSize),\"PageNumber\":\(number),\"SortBy\":\"GmtModified\",\"Target\":\"\","
                    + "\"Name\":\(Self.quoted(filter.words)),\"SingleCriterion\":[],\"Criterion\":[]}")
        case (_, let owner?):
            answer = try await parts.metadata.get(
                api.appending(segments: ["datasets"]).appending(query: paging + [("owner", owner)]))
        case (_, nil):
            let words = filter.words.isEmpty ? [] : [("Query", filter.words)]
            answer = try await parts.metadata.get(
                api.appending(segments: ["dolphin", "datasets"]).appending(query: paging + words))
        }
        guard case .data(let data) = try rest.read(answer, question: question) else {
            throw failures.error(answer, asking: question)
        }
        var entries: [JSONValue] = []
        if case .array(let values) = data { entries = values }
        if case .array(let values)? = data["Model"]?["Models"] ?? data["Models"] { entries = values }
        let total = data["Model"]?["TotalCount"] ?? data["TotalCount"] ?? answer.json?["TotalCount"]
        return (entries, total?.whole)
    }

    /// A text as JSON; what cannot stand in it is left out.
    private static func quoted(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\"" && $0 != "\\" }
        return "\"\(String(String.UnicodeScalarView(kept)))\""
    }

    // MARK: - One repository

    func describe(_ repository: UpstreamPath) async throws -> RemoteDescription? {
        let question = "the \(repository)"
        guard let url = parts.addresses.metadata(of: repository),
            case .data(let data) = try await rest.data(at: url, question: question)
        else { return nil }
        guard
            var found = ModelScopeDescription.description(data, kind: repository.kind, asked: repository.path)
        else { throw failures.corrupt(question, "a repository name that cannot be one") }
        found.commit = try? await commit(of: repository, at: found.defaultBranch ?? "master")
        return found
    }

    /// Every file of a revision. Its REST names no commit that can be relied on, so git is asked, and the list is that of
    /// the commit.
    func files(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing {
        guard Self.kinds.contains(repository.kind) else {
            throw HubError(
                .repositoryNotFound, "Upstream \(parts.configuration.name) has no \(repository.kind.plural).")
        }
        let commit =
            if let given = CommitID(revision) { given } else { try await self.commit(of: repository, at: revision) }
        var gathering = FileGathering(failures, question: "the files of \(repository) at \(revision)")
        if repository.kind == .dataset {
            try await pages(of: repository, at: commit, into: &gathering)
        } else {
            try await walk(repository, at: commit, into: &gathering)
        }
        return RemoteListing(commit: commit, files: gathering.files)
    }

    private func commit(of repository: UpstreamPath, at revision: String) async throws -> CommitID {
        // Asked for by their beginnings, and compared whole here.
        let refs = try await parts.git.references(
            at: parts.addresses.git(repository), named: repository.description,
            prefixes: ["refs/heads/\(revision)", "refs/tags/\(revision)", revision])
        for name in ["refs/heads/\(revision)", "refs/tags/\(revision)", revision] {
            if let ref = refs.refs.first(where: { $0.name.name == name }) { return ref.peeled ?? ref.target }
        }
        throw HubError(
            .revisionNotFound, "Upstream \(parts.configuration.name) has no revision \(revision) of \(repository).")
    }

    /// A model's files: one list, which is cut off at three thousand entries; then folder by folder.
    private func walk(_ repository: UpstreamPath, at commit: CommitID, into gathering: inout FileGathering) async throws
    {
        let whole = try await list(repository, at: commit, root: nil, recursive: true, into: &gathering)
        guard whole.count >= Self.cutAt else { return try Self.gather(whole, into: &gathering) }
        var folders: [String?] = [nil]
        while let folder = folders.popLast() {
            if let folder {
                let below = try await list(repository, at: commit, root: folder, recursive: true, into: &gathering)
                if below.count < Self.cutAt {
                    try Self.gather(below, into: &gathering)
                    continue
                }
            }
            let direct = try await list(repository, at: commit, root: folder, recursive: false, into: &gathering)
            guard direct.count < Self.cutAt else {
                throw failures.corrupt(
                    "the files of \(repository) at \(commit)",
                    "the first \(direct.count) entries of the folder '\(folder ?? "/")' and no way to the rest")
            }
            try Self.gather(direct, into: &gathering)
            for entry in direct where entry["Type"]?.string == "tree" {
                guard let path = entry["Path"]?.string, FileGathering.isPath(path), path != folder,
                    path.hasPrefix(folder.map { $0 + "/" } ?? ""), folders.count < BrowseBounds.fileRequests
                else {
                    throw failures.corrupt("the files of \(repository) at \(commit)", "a folder that cannot be there")
                }
                folders.append(path)
            }
        }
    }

    private func list(
        _ repository: UpstreamPath, at commit: CommitID, root: String?, recursive: Bool,
        into gathering: inout FileGathering
    ) async throws -> [JSONValue] {
        let query =
            [("Revision", commit.hex), ("Recursive", recursive ? "True" : "False")]
            + (root.map { [("Root", $0)] } ?? [])
        let url = base(repository).appending(segments: ["repo", "files"]).appending(query: query)
        return try await entries(at: url, of: repository, at: commit, into: &gathering)
    }

    /// A dataset's files, by pages.
    private func pages(of repository: UpstreamPath, at commit: CommitID, into gathering: inout FileGathering)
        async throws
    {
        var number = 1
        while true {
            let url = base(repository).appending(segments: ["repo", "tree"]).appending(query: [
                ("Revision", commit.hex), ("Recursive", "True"), ("PageNumber", String(number)),
                ("PageSize", String(Self.treePageSize)),
            ])
            let entries = try await entries(at: url, of: repository, at: commit, into: &gathering)
            // A page that repeats the one before is found out here: no file may be named twice.
            try Self.gather(entries, into: &gathering)
            guard entries.count >= Self.treePageSize else { return }
            number += 1
        }
    }

    private func entries(
        at url: EgressURL, of repository: UpstreamPath, at commit: CommitID, into gathering: inout FileGathering
    ) async throws -> [JSONValue] {
        try Task.checkCancellation()
        let question = "the files of \(repository) at \(commit)"
        let answer = try await parts.metadata.get(url)
        try gathering.count(answer)
        guard case .data(let data) = try rest.read(answer, question: question) else {
            let isTree = answer.json?["Code"]?.whole == ModelScopeREST.noTree
            throw HubError(
                isTree ? .revisionNotFound : .repositoryNotFound,
                "Upstream \(parts.configuration.name) does not have, or does not show us, \(question).")
        }
        if case .array(let values) = data { return values }
        if case .array(let values)? = data["Files"] { return values }
        if data["Files"] == .null || data["Files"] == nil, case .object = data { return [] }
        throw failures.unreadable(answer, question: question, expected: "a list of files")
    }

    /// Every file has a digest; only that of an LFS object names something that can be fetched by it.
    private static func gather(_ entries: [JSONValue], into gathering: inout FileGathering) throws {
        for entry in entries where entry["Type"]?.string != "tree" && entry["Type"]?.string != "commit" {
            let isLFS = (entry["IsLFS"] ?? entry["IsLfs"])?.isTrue ?? false
            let digest = isLFS ? entry["Sha256"]?.string.flatMap { BlobID($0.lowercased()) } : nil
            try gathering.add(path: entry["Path"]?.string, size: entry["Size"]?.whole, digest: digest)
        }
    }

    private func base(_ repository: UpstreamPath) -> EgressURL {
        api.appending(
            segments: [repository.kind.plural] + repository.path.split(separator: "/").map(String.init))
    }
}

extension ModelScopeUpstream: SearchableUpstream {
    func repositories(_ kind: RepositoryKind, where filter: RemoteFilter, after cursor: String?) async throws
        -> RemotePage
    {
        let page = try await ModelScopeBrowsing(parts).repositories(kind, after: cursor, filter: filter)
        guard let owner = filter.owner else { return page }
        // Its list of an owner takes no words, and words are not taken for an owner.
        let words = filter.words.lowercased().split(whereSeparator: \.isWhitespace)
        return RemotePage(
            repositories: page.repositories.filter { found in
                let path = found.path.lowercased()
                return path.hasPrefix(owner.lowercased() + "/") && words.allSatisfy { path.contains($0) }
            }, next: page.next)
    }
}

extension ModelScopeUpstream: BrowsableUpstream {
    var listedKinds: [RepositoryKind] { ModelScopeBrowsing.kinds }

    func repositories(_ kind: RepositoryKind, after cursor: String?) async throws -> RemotePage {
        try await ModelScopeBrowsing(parts).repositories(kind, after: cursor)
    }

    func describe(_ repository: UpstreamPath) async throws -> RemoteDescription? {
        try await ModelScopeBrowsing(parts).describe(repository)
    }

    func files(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing {
        try await ModelScopeBrowsing(parts).files(of: repository, at: revision)
    }
}
