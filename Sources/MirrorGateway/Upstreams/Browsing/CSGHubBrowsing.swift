import HubCore

/// Looks through a CSGHub by its REST.
///
/// - SeeAlso: wire/csghub.md §2.2 and §4.8.
struct CSGHubBrowsing: Sendable {
    let parts: UpstreamParts

    init(_ parts: UpstreamParts) { self.parts = parts }

    private static let pageSize = 100
    private static let treePageSize = "1000"
    /// Files that `all_files` gives at most, whatever there is.
    private static let allFilesLimit = 100

    private var failures: UpstreamFailures { parts.failures }
    private var api: EgressURL { parts.addresses.base.appending(segments: ["api", "v1"]) }

    func repositories(_ kind: RepositoryKind, after text: String?) async throws -> RemotePage {
        let question = "the list of \(kind.plural)"
        let cursor = try ListCursor(text)
        let url = api.appending(segments: [kind.plural]).appending(query: [
            ("page", String(cursor.page)), ("per", String(Self.pageSize)), ("sort", "recently_update"),
        ])
        let answer = try await parts.metadata.get(url)
        // Older ones do not have every kind.
        if answer.status == 404, cursor.page == 1 { return RemotePage(repositories: [], next: nil) }
        guard answer.status == 200 else { throw failures.error(answer, asking: question) }
        guard let document = answer.json, case .object = document else {
            throw failures.unreadable(answer, question: question, expected: "a list of repositories")
        }
        // An empty list is left out, or null.
        var entries: [JSONValue] = []
        if case .array(let values)? = document["data"] { entries = values }
        guard entries.count <= BrowseBounds.entriesOfPage else { throw failures.corrupt(question, "too many at once") }
        let found = entries.compactMap { CSGHubDescription.description($0, kind: kind) }
        let isLast =
            document["total"]?.whole.map { Int64(cursor.page) * Int64(Self.pageSize) >= $0 }
            ?? (entries.count < Self.pageSize)
        guard !isLast, !entries.isEmpty else { return RemotePage(repositories: found, next: nil) }
        let names = entries.map { $0["path"]?.string ?? "" }
        let following = try cursor.following(names, rest: "", failures: failures, question: question)
        return RemotePage(repositories: found, next: following.text)
    }

    func describe(_ repository: UpstreamPath) async throws -> RemoteDescription? {
        let question = "the \(repository)"
        let names = Self.names(repository)
        let kind = repository.kind == .prompt ? "prompts_info" : repository.kind.plural
        let url = api.appending(segments: [kind] + names).appending(query: [("need_multi_sync", "true")])
        var answer = try await parts.metadata.get(url)
        if repository.kind == .prompt, answer.status == 404, let plain = parts.addresses.metadata(of: repository) {
            answer = try await parts.metadata.get(plain)
        }
        guard answer.status == 200 else {
            if case .refused(let error) = try CSGHubUpstream(parts: parts).missing(answer, question: question) {
                throw error
            }
            return nil
        }
        guard let data = answer.json?["data"], case .object = data else {
            throw failures.unreadable(answer, question: question, expected: "repository metadata")
        }
        guard var found = CSGHubDescription.description(data, kind: repository.kind) else {
            throw failures.corrupt(question, "a repository name that cannot be one")
        }
        // What it calls the commit of a dataset is the name of a branch: only `last_commit` is believed.
        if let branch = found.defaultBranch { found.commit = try await lastCommit(of: repository, at: branch).commit }
        return found
    }

    func files(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing {
        var commit = CommitID(revision)
        if commit == nil {
            let last = try await lastCommit(of: repository, at: revision)
            if last.status == 404 || last.status == 410 {
                guard try await exists(repository) else {
                    throw HubError(
                        .repositoryNotFound, "Upstream \(parts.configuration.name) does not have the \(repository).")
                }
            }
            commit = last.commit
        }
        let asked = commit?.hex ?? revision
        if let files = try await tree(of: repository, at: asked) { return RemoteListing(commit: commit, files: files) }
        if let files = try await flatTree(of: repository, at: asked) {
            return RemoteListing(commit: commit, files: files)
        }
        if let listing = try await siblings(of: repository, at: asked) { return listing }
        if let files = try await allFiles(of: repository, at: asked) {
            return RemoteListing(commit: commit, files: files)
        }
        if try await !exists(repository) {
            throw HubError(
                .repositoryNotFound, "Upstream \(parts.configuration.name) does not have the \(repository).")
        }
        throw HubError(
            .revisionNotFound, "Upstream \(parts.configuration.name) lists no files of \(repository) at \(revision).")
    }

    /// Folder by folder; nil when this CSGHub does not answer so.
    private func tree(of repository: UpstreamPath, at revision: String) async throws -> [RemoteFile]? {
        let question = "the files of \(repository) at \(revision)"
        let root = base(repository).appending(segments: ["refs", revision, "tree"])
        var gathering = FileGathering(failures, question: question)
        var folders: [String] = [""]
        var isFirst = true
        while let folder = folders.popLast() {
            var cursor = ""
            var cursors: Set<String> = [""]
            repeat {
                try Task.checkCancellation()
                let place = folder.isEmpty ? root.appending(path: "/") : root.appending(path: folder)
                let query = [("limit", Self.treePageSize)] + (cursor.isEmpty ? [] : [("cursor", cursor)])
                let answer = try await parts.metadata.get(place.appending(query: query))
                try gathering.count(answer)
                if isFirst, Self.isUnanswered(answer.status) { return nil }
                guard answer.status == 200 else { throw refusal(answer, question: question) }
                guard let data = answer.json?["data"], case .object = data else {
                    throw failures.unreadable(answer, question: question, expected: "a list of files")
                }
                isFirst = false
                var entries: [JSONValue] = []
                if case .array(let values)? = data["Files"] ?? data["files"] { entries = values }
                for entry in entries {
                    if entry["type"]?.string == "dir" {
                        guard let path = entry["path"]?.string, FileGathering.isPath(path),
                            path.hasPrefix(folder.isEmpty ? "" : folder + "/"), path != folder,
                            folders.count < BrowseBounds.fileRequests
                        else { throw failures.corrupt(question, "a folder that cannot be there") }
                        folders.append(path)
                    } else {
                        try Self.gather(entry, into: &gathering)
                    }
                }
                cursor = (data["Cursor"] ?? data["cursor"])?.string ?? ""
                guard cursor.isEmpty || cursors.insert(cursor).inserted, cursor.utf8.count <= BrowseBounds.cursor else {
                    throw failures.corrupt(question, "a list without an end")
                }
            } while !cursor.isEmpty
        }
        return gathering.files
    }

    /// Everything at once by the API in Hugging Face's dialect, which the newest ones have for models and datasets.
    private func flatTree(of repository: UpstreamPath, at revision: String) async throws -> [RemoteFile]? {
        guard repository.kind == .model || repository.kind == .dataset else { return nil }
        let question = "the files of \(repository) at \(revision)"
        var gathering = FileGathering(failures, question: question)
        let root = mount(repository).appending(segments: ["tree", revision])
        var url = root.appending(query: [("recursive", "true"), ("expand", "false")])
        var asked: Set<String> = []
        while true {
            try Task.checkCancellation()
            let answer = try await parts.metadata.get(url)
            try gathering.count(answer)
            if asked.isEmpty, Self.isUnanswered(answer.status) { return nil }
            guard answer.status == 200 else { throw refusal(answer, question: question) }
            guard case .array(let entries)? = answer.json else { return nil }
            try HuggingFaceBrowsing.gather(entries, into: &gathering)
            guard let next = try NextLink.query(answer, asked: url, failures: failures, question: question) else {
                return gathering.files
            }
            guard asked.insert(next).inserted, !entries.isEmpty else {
                throw failures.corrupt(question, "a list without an end")
            }
            url = try root.with(query: next)
        }
    }

    /// The files of a model with sizes and digests beside its metadata.
    private func siblings(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing? {
        guard repository.kind == .model else { return nil }
        let question = "the files of \(repository) at \(revision)"
        let answer = try await parts.metadata.get(
            mount(repository).appending(segments: ["revision", revision]).appending(query: [("blobs", "true")]))
        guard answer.status == 200, let document = answer.json, case .array(let siblings)? = document["siblings"] else {
            return nil
        }
        var gathering = FileGathering(failures, question: question)
        for sibling in siblings {
            let lfs = sibling["lfs"].flatMap { $0 == .null ? nil : $0 }
            guard let size = (lfs?["size"] ?? sibling["size"])?.whole else { return nil }
            try gathering.add(
                path: sibling["rfilename"]?.string, size: size,
                digest: (lfs?["sha256"] ?? lfs?["oid"])?.string.flatMap { BlobID($0) })
        }
        let commit = document["sha"]?.string.flatMap { CommitID($0) } ?? CommitID(revision)
        return RemoteListing(commit: commit, files: gathering.files)
    }

    /// The last resort: a list that ends at a hundred files. A full one may be cut, and is no list then, unless the
    /// header says where it goes on, as another Weir's does.
    private func allFiles(of repository: UpstreamPath, at revision: String) async throws -> [RemoteFile]? {
        let question = "the files of \(repository) at \(revision)"
        var gathering = FileGathering(failures, question: question)
        let root = base(repository).appending(segments: ["all_files"])
        var url = root.appending(query: [("ref", revision)])
        var asked: Set<String> = []
        while true {
            try Task.checkCancellation()
            let answer = try await parts.metadata.get(url)
            try gathering.count(answer)
            if asked.isEmpty, Self.isUnanswered(answer.status) { return nil }
            guard answer.status == 200 else { throw refusal(answer, question: question) }
            var entries: [JSONValue] = []
            if case .array(let values)? = answer.json?["data"] { entries = values }
            for entry in entries where entry["type"]?.string != "dir" { try Self.gather(entry, into: &gathering) }
            guard let next = try NextLink.query(answer, asked: url, failures: failures, question: question) else {
                guard entries.count < Self.allFilesLimit || !asked.isEmpty else {
                    throw failures.corrupt(question, "the first \(entries.count) files and no way to the rest")
                }
                return gathering.files
            }
            guard asked.insert(next).inserted, !entries.isEmpty else {
                throw failures.corrupt(question, "a list without an end")
            }
            url = try root.with(query: next)
        }
    }

    private static func gather(_ entry: JSONValue, into gathering: inout FileGathering) throws {
        // A submodule is no file here.
        guard entry["mode"]?.string != "160000" else { return }
        let digest = entry["lfs_sha256"]?.string.flatMap { BlobID($0) }
        try gathering.add(
            path: entry["path"]?.string, size: entry["size"]?.whole,
            digest: entry["lfs"]?.isTrue == false ? nil : digest)
    }

    private func lastCommit(of repository: UpstreamPath, at revision: String) async throws
        -> (commit: CommitID?, status: Int)
    {
        let answer = try await parts.metadata.get(
            base(repository).appending(segments: ["last_commit"]).appending(query: [("ref", revision)]))
        if answer.status >= 500 || answer.status == 429 {
            throw failures.error(answer, asking: "the last commit of \(repository)")
        }
        guard answer.status == 200 else { return (nil, answer.status) }
        return (answer.json?["data"]?["id"]?.string.flatMap { CommitID($0) }, answer.status)
    }

    private func exists(_ repository: UpstreamPath) async throws -> Bool {
        let answer = try await parts.metadata.get(base(repository))
        if answer.status == 200 { return true }
        if case .refused(let error) = try CSGHubUpstream(parts: parts).missing(answer, question: "the \(repository)") {
            throw error
        }
        return false
    }

    /// Statuses of a route that is not there or wants more rights than another one.
    private static func isUnanswered(_ status: Int) -> Bool { [400, 401, 403, 404, 405, 410, 501].contains(status) }

    private func refusal(_ answer: UpstreamAnswer, question: String) -> HubError {
        // What it has not fetched itself yet: it will.
        guard answer.status == 202 else { return failures.error(answer, asking: question, absence: .revisionNotFound) }
        return HubError(
            .upstreamUnavailable, "Upstream \(parts.configuration.name) is still fetching \(question) itself.",
            remedy: "Try again later.", retryAfter: 60)
    }

    private func base(_ repository: UpstreamPath) -> EgressURL {
        api.appending(segments: [repository.kind.plural] + Self.names(repository))
    }

    private func mount(_ repository: UpstreamPath) -> EgressURL {
        parts.addresses.base.appending(segments: ["csg", "api", repository.kind.plural] + Self.names(repository))
    }

    private static func names(_ repository: UpstreamPath) -> [String] {
        repository.path.split(separator: "/").map(String.init)
    }
}

extension CSGHubUpstream: BrowsableUpstream {
    var listedKinds: [RepositoryKind] { RepositoryKind.allCases }

    func repositories(_ kind: RepositoryKind, after cursor: String?) async throws -> RemotePage {
        try await CSGHubBrowsing(parts).repositories(kind, after: cursor)
    }

    func describe(_ repository: UpstreamPath) async throws -> RemoteDescription? {
        try await CSGHubBrowsing(parts).describe(repository)
    }

    func files(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing {
        try await CSGHubBrowsing(parts).files(of: repository, at: revision)
    }
}

extension WeirUpstream: BrowsableUpstream {
    var listedKinds: [RepositoryKind] { RepositoryKind.allCases }

    /// Hugging Face's API tells more of the kinds it has; the others are in CSGHub's.
    private func isHuggingFace(_ kind: RepositoryKind) -> Bool { HuggingFaceBrowsing.kinds.contains(kind) }

    func repositories(_ kind: RepositoryKind, after cursor: String?) async throws -> RemotePage {
        isHuggingFace(kind)
            ? try await HuggingFaceBrowsing(parts).repositories(kind, after: cursor)
            : try await CSGHubBrowsing(parts).repositories(kind, after: cursor)
    }

    func describe(_ repository: UpstreamPath) async throws -> RemoteDescription? {
        isHuggingFace(repository.kind)
            ? try await HuggingFaceBrowsing(parts).describe(repository)
            : try await CSGHubBrowsing(parts).describe(repository)
    }

    func files(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing {
        isHuggingFace(repository.kind)
            ? try await HuggingFaceBrowsing(parts).files(of: repository, at: revision)
            : try await CSGHubBrowsing(parts).files(of: repository, at: revision)
    }
}
