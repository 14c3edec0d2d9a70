/// Commits waiting to be visited, youngest committer date first; of equal dates the one queued first.
struct CommitQueue: Sendable {
    private struct Item: Sendable {
        let commit: CommitInfo
        let order: Int

        func comes(before other: Item) -> Bool {
            commit.committer.seconds == other.commit.committer.seconds
                ? order < other.order : commit.committer.seconds > other.commit.committer.seconds
        }
    }

    private var heap: [Item] = []
    private var pushed = 0

    mutating func push(_ commit: CommitInfo) {
        heap.append(Item(commit: commit, order: pushed))
        pushed += 1
        var child = heap.count - 1
        while child > 0, heap[child].comes(before: heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> CommitInfo? {
        guard let top = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return top.commit }
        heap[0] = last
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].comes(before: heap[first]) {
                first = child
            }
            guard first != parent else { return top.commit }
            heap.swapAt(parent, first)
            parent = first
        }
    }
}
