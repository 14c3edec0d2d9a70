import HubCore

/// One change that an upstream tells of.
package struct UpstreamChange: Sendable, Hashable {
    /// Its place in the feed; grows.
    package let version: Int64
    package let repository: UpstreamPath
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
        let url = parts.addresses.base.appending(segments: ["api", "v1", "sync", "version", "latest"])
            .appending(query: [("cur", String(version))])
        let answer = try await parts.metadata.get(url)
        guard answer.status == 200 else { throw parts.failures.error(answer, asking: question) }
        guard let data = answer.json?["data"] else {
            throw parts.failures.unreadable(answer, question: question, expected: "a list of versions")
        }
        // An empty page has null where the list would be.
        var entries: [JSONValue] = []
        if case .array(let versions)? = data["versions"] { entries = versions }
        var last = version
        var changes: [UpstreamChange] = []
        for entry in entries {
            guard let number = entry["version"]?.whole, number > last else {
                throw parts.failures.corrupt(question, "versions that do not grow")
            }
            last = number
            guard let kind = entry["repo_type"]?.string.flatMap({ RepositoryKind(word: $0) }),
                let id = entry["repo_path"]?.string.flatMap({ RepositoryID(kind: kind, path: $0) })
            else { continue }
            changes.append(UpstreamChange(version: number, repository: UpstreamPath(id)))
        }
        var hasMore = false
        if case .boolean(true)? = data["has_more"] { hasMore = !entries.isEmpty }
        return ChangePage(changes: changes, lastVersion: last, hasMore: hasMore)
    }
}
