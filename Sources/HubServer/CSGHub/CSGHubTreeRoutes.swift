import HubCore

/// The listings: `…/tree`, `…/refs/{ref}/tree/{path}`, `remote_tree`, `logs_tree`, and `…/all_files`.
struct CSGHubTreeRoutes: CSGHubRouteFamily {
    private static let usualPage = 500
    private static let largestPage = 1_000
    /// The real service gives this many files and no way to the rest; the header `Link` is ours.
    private static let allFilesPage = 100

    let context: CSGHubContext

    var routes: [Route] {
        [
            context.repositoryRoute("/tree", .metaRead, handler: folder),
            context.repositoryRoute("/refs/{ref}/tree/{path...}", .metaRead, handler: pagedFolder),
            // What is known of an upstream's files; here a mirror's own tree is as good.
            context.repositoryRoute("/refs/{ref}/remote_tree/{path...}", .metaRead, handler: pagedFolder),
            context.repositoryRoute("/refs/{ref}/logs_tree/{path...}", .metaRead, handler: lastCommits),
            context.repositoryRoute("/all_files", .metaRead, handler: allFiles),
        ]
    }

    private func folder(_ request: HubRequest) async throws -> HubResponse {
        let path = Self.trimmed(request.query.first("path") ?? "")
        return try await context.answer(request, .metaRead) { snapshot in
            let entries = try await entries(path, in: snapshot)
            let commits = try await commits(of: entries, in: snapshot)
            return .enveloped { json in
                json.array { json in
                    for entry in entries { json.csghubFile(CSGHubFile(entry: entry, lastCommit: commits[entry.path])) }
                }
            }
        }
    }

    private func pagedFolder(_ request: HubRequest) async throws -> HubResponse {
        let path = Self.trimmed(try request.parameter("path"))
        let limit = try request.query.csghubInteger("limit", in: 1...Self.largestPage) ?? Self.usualPage
        let cursor = try Self.cursor(of: request)
        return try await context.answer(request, .metaRead, at: cursor?.commit.hex ?? request.parameter("ref")) {
            snapshot in
            let page = try await context.access.repositories.page(
                path, in: snapshot, recursive: false, offset: cursor?.offset ?? 0, limit: limit)
            let next = page.next.map { TreeCursor(commit: snapshot.commit, offset: $0) }
            let commits = try await commits(of: page.entries, in: snapshot)
            return .enveloped { json in
                json.object { json in
                    json.array("Files") { json in
                        for entry in page.entries {
                            json.csghubFile(CSGHubFile(entry: entry, lastCommit: commits[entry.path]))
                        }
                    }
                    json.member("Cursor", next?.text ?? "")
                }
            }
        }
    }

    private func lastCommits(_ request: HubRequest) async throws -> HubResponse {
        let path = Self.trimmed(try request.parameter("path"))
        let limit = try request.query.csghubInteger("limit", in: 1...Self.largestPage) ?? Self.usualPage
        let offset = try request.query.csghubInteger("offset", in: 0...Int(Int32.max)) ?? 0
        return try await context.answer(request, .metaRead) { snapshot in
            let page = try await entries(path, in: snapshot).dropFirst(offset).prefix(limit)
            let commits = try await LastCommits(of: page, in: snapshot, by: context.access.repositories)
            return .enveloped { json in
                json.object { json in
                    json.array("Commits") { json in
                        for entry in page {
                            guard let commit = commits[entry] else { continue }
                            json.object { json in
                                json.member("name", entry.name)
                                json.member("path", entry.path)
                                json.csghubMembers(of: commit)
                            }
                        }
                    }
                }
            }
        }
    }

    private func allFiles(_ request: HubRequest) async throws -> HubResponse {
        let cursor = try Self.cursor(of: request)
        let asked = cursor?.commit.hex ?? request.query.first("ref")
        return try await context.answer(request, .metaRead, at: asked) { snapshot in
            let files = try await context.access.repositories.contents(of: snapshot).files
            let page = FilePage(files, after: cursor, limit: Self.allFilesPage, in: snapshot)
            let commits = try await commits(of: page.entries, in: snapshot)
            let response = HubResponse.enveloped { json in
                json.array { json in
                    for entry in page.entries {
                        json.csghubFile(CSGHubFile(entry: entry, lastCommit: commits[entry.path]))
                    }
                }
            }
            return page.next.map { response.linkingNext(request, "cursor", $0.text) } ?? response
        }
    }

    /// Nothing here can be asked about a submodule, and clients know files and folders only.
    private func entries(_ path: String, in snapshot: Snapshot) async throws -> [TreeEntry] {
        try await context.access.repositories.list(path, in: snapshot, recursive: false)
            .filter { $0.kind != .submodule }
    }

    /// From what is stored: a listing does not make a mirror fetch all of history.
    private func commits(of entries: [TreeEntry], in snapshot: Snapshot) async throws -> [String: CommitInfo] {
        var found: [String: CommitInfo] = [:]
        for folder in Set(entries.map { String($0.path.dropLast($0.name.count).dropLast()) }) {
            let commits = try await context.access.repositories.storedLastCommits(
                of: folder.isEmpty ? nil : folder, in: snapshot)
            found.merge(commits) { first, _ in first }
        }
        return found
    }

    private static func cursor(of request: HubRequest) throws -> TreeCursor? {
        guard let text = request.query.first("cursor"), !text.isEmpty else { return nil }
        return try TreeCursor(parsing: text)
    }

    /// Clients write the root as `/` and folders with a slash at either end.
    private static func trimmed(_ path: String) -> String {
        path.split(separator: "/").joined(separator: "/")
    }
}

/// The part of a listing that one answer shows.
private struct FilePage {
    let entries: [TreeEntry]
    /// Where the next answer begins; nil at the end.
    let next: TreeCursor?

    init(_ all: [TreeEntry], after cursor: TreeCursor?, limit: Int, in snapshot: Snapshot) {
        let start = min(cursor?.offset ?? 0, all.count)
        entries = Array(all.dropFirst(start).prefix(limit))
        let end = start + entries.count
        next = end < all.count ? TreeCursor(commit: snapshot.commit, offset: end) : nil
    }
}
