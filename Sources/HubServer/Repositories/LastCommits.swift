import HubCore

/// Which commit touched an entry last, for the entries of one answer.
struct LastCommits: Sendable {
    private let byPath: [String: CommitInfo]

    /// Reads nothing.
    static let unasked = LastCommits(byPath: [:])

    private init(byPath: [String: CommitInfo]) { self.byPath = byPath }

    /// Looks at the history behind each folder the entries are in, once.
    ///
    /// Where an upstream's history cannot be had, there are none: a listing is worth more than its dates.
    init(of entries: some Sequence<TreeEntry>, in snapshot: Snapshot, by repositories: RepositoryService) async throws {
        var found: [String: CommitInfo] = [:]
        for folder in Set(entries.map(Self.folder)) {
            do {
                let commits = try await repositories.lastCommits(of: folder.isEmpty ? nil : folder, in: snapshot)
                found.merge(commits) { first, _ in first }
            } catch let error as HubError where error.code == .upstreamUnavailable || error.code == .offline {
                break
            }
        }
        byPath = found
    }

    subscript(entry: TreeEntry) -> CommitInfo? { byPath[entry.path] }

    private static func folder(of entry: TreeEntry) -> String {
        String(entry.path.dropLast(entry.name.count).dropLast())
    }
}
