/// Makes what lists and searches are answered from, out of the repositories themselves: rows of facets and the full-text
/// index.
///
/// Each commit keeps both up to date in its own transaction. This is for what an older release left behind, and for an
/// operator who wants it made anew; it may run beside a hub that serves and takes commits, and be cut off anywhere.
package struct IndexRebuild: Sendable {
    private static let batch = 100

    private let store: RepositoryStore
    private let git: GitStore

    package init(store: RepositoryStore, git: GitStore) {
        self.store = store
        self.git = git
    }

    /// Indexes what is missing or was made by another release.
    /// - Parameter failed: told of each repository that cannot be read; the others are indexed all the same.
    /// - Returns: how many repositories were indexed.
    @discardableResult
    package func run(failed: (Int64, any Error) -> Void = { _, _ in }) async throws -> Int {
        var indexed = 0
        var last: Int64 = .min
        while true {
            let batch = try await store.unindexed(after: last, limit: Self.batch)
            guard let end = batch.last else { return indexed }
            for repository in batch {
                try Task.checkCancellation()
                do {
                    try await index(repository.key, repository.head, repository.kind)
                    indexed += 1
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    failed(repository.key, error)
                }
            }
            last = end.key
        }
    }

    /// Makes all of it anew.
    /// - Returns: how many repositories were indexed.
    @discardableResult
    package func all(failed: (Int64, any Error) -> Void = { _, _ in }) async throws -> Int {
        try await store.forgetIndex()
        return try await run(failed: failed)
    }

    private func index(_ key: Int64, _ head: CommitID?, _ kind: RepositoryKind) async throws {
        guard let head, try await git.contains(head, in: key) else {
            return try await store.indexAgain(nil, of: key, head: head)
        }
        try await store.indexAgain(try await git.headFacts(of: head, in: key, kind: kind), of: key, head: head)
    }
}
