import HubCore

/// One change that an upstream tells of.
package struct UpstreamChange: Sendable, Hashable {
    /// Its place in the feed; grows.
    package let version: Int64
    package let repository: UpstreamPath
    /// Milliseconds since 1970, where the feed tells.
    package let modifiedAt: Int64?
}

/// A page of an upstream's feed, oldest change first.
package struct ChangePage: Sendable {
    package let changes: [UpstreamChange]
    /// The cursor to go on from, also past entries that name nothing we know.
    package let lastVersion: Int64
    package let hasMore: Bool
}

/// An upstream that tells what changed, so that nobody has to ask about every repository (wire/csghub.md §4.3).
package protocol ChangeFeed: Upstream {
    /// Whether we may read it: the feed wants a token.
    var isReadable: Bool { get }

    /// The changes after a cursor, at most a hundred.
    /// - Throws: `.upstreamUnavailable`, `.upstreamRefused`, `.upstreamCorrupt`.
    func changes(after version: Int64) async throws -> ChangePage
}

extension CSGHubUpstream: ChangeFeed {}
extension WeirUpstream: ChangeFeed {}

extension ComposedUpstream {
    package var isReadable: Bool { parts.access.isSignedIn }

    package func changes(after version: Int64) async throws -> ChangePage {
        let question = "the feed of changes"
        var query = [("cur", String(version))]
        // Another Weir tells also of what is not there any more.
        if type == .weir { query.append(("removals", "true")) }
        let url = parts.addresses.base.appending(segments: ["api", "v1", "sync", "version", "latest"])
            .appending(query: query)
        let answer = try await parts.metadata.get(url)
        guard answer.status == 200 else { throw parts.failures.error(answer, asking: question) }
        guard let data = answer.json?["data"] else {
            throw parts.failures.unreadable(answer, question: question, expected: "a list of versions")
        }
        let changed = try entries(of: data["versions"], after: version, question)
        // What was removed is asked about like what changed: only the answer says what it is now.
        let removed = try entries(of: data["removed"], after: version, question)
        let all = (changed + removed).sorted { $0.version < $1.version }
        let changes = all.compactMap { entry -> UpstreamChange? in
            guard let kind = entry.value["repo_type"]?.string.flatMap({ RepositoryKind(word: $0) }),
                let id = entry.value["repo_path"]?.string.flatMap({ RepositoryID(kind: kind, path: $0) })
            else { return nil }
            return UpstreamChange(
                version: entry.version, repository: UpstreamPath(id),
                modifiedAt: RemoteTime.milliseconds(entry.value["last_modify_time"]))
        }
        var hasMore = false
        if case .boolean(true)? = data["has_more"] { hasMore = !all.isEmpty }
        return ChangePage(changes: changes, lastVersion: all.last?.version ?? version, hasMore: hasMore)
    }

    private func entries(of list: JSONValue?, after version: Int64, _ question: String) throws
        -> [(version: Int64, value: JSONValue)]
    {
        // An empty page has null where the list would be.
        guard case .array(let entries)? = list else { return [] }
        guard entries.count <= BrowseBounds.entriesOfPage else {
            throw parts.failures.corrupt(question, "too many at once")
        }
        var last = version
        return try entries.map { entry in
            guard let number = entry["version"]?.whole, number > last else {
                throw parts.failures.corrupt(question, "versions that do not grow")
            }
            last = number
            return (number, entry)
        }
    }
}
