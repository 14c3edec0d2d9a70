import Synchronization

/// The recursive listings and cards of recently read commits. Commits never change, so an entry never expires;
/// memory is bounded by the number of files kept.
final class CommitContentsCache: Sendable {
    struct Key: Hashable {
        let repository: Int64
        let commit: CommitID
    }

    private struct State {
        var contents: [Key: CommitContents] = [:]
        var order: [Key] = []
        var files = 0
    }

    private let state = Mutex(State())
    private let maximumFiles: Int

    init(maximumFiles: Int = 200_000) { self.maximumFiles = maximumFiles }

    subscript(key: Key) -> CommitContents? {
        state.withLock { $0.contents[key] }
    }

    func insert(_ contents: CommitContents, for key: Key) {
        state.withLock { state in
            guard state.contents[key] == nil, contents.files.count <= maximumFiles else { return }
            state.contents[key] = contents
            state.order.append(key)
            state.files += contents.files.count + 1
            while state.files > maximumFiles, state.order.count > 1 {
                let oldest = state.order.removeFirst()
                state.files -= (state.contents.removeValue(forKey: oldest)?.files.count ?? 0) + 1
            }
        }
    }
}
