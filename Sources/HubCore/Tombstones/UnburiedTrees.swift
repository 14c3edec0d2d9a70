import Synchronization

/// Commits whose trees hold nothing buried, and by which state of the tombstones that was seen.
final class UnburiedTrees: Sendable {
    private let trees = Mutex<[CommitContentsCache.Key: Int64]>([:])
    private static let limit = 20_000

    subscript(key: CommitContentsCache.Key) -> Int64? { trees.withLock { $0[key] } }

    func insert(_ version: Int64, for key: CommitContentsCache.Key) {
        trees.withLock { trees in
            if trees.count >= Self.limit { trees.removeAll() }
            trees[key] = version
        }
    }
}
