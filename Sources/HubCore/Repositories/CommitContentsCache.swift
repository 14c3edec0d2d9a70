import Synchronization

/// The recursive listings and cards of recently read commits. Commits never change, so an entry never expires;
/// memory is bounded by the number of files kept, and by the commits of one repository: who reads a branch that moves
/// on seldom comes back to what it was.
final class CommitContentsCache: Sendable {
    struct Key: Hashable {
        let repository: Int64
        let commit: CommitID
    }

    private struct State {
        var contents: [Key: CommitContents] = [:]
        /// Oldest first; some may be gone.
        var order: [Key] = []
        /// Those of each repository, oldest first.
        var commits: [Int64: [CommitID]] = [:]
        var files = 0

        mutating func put(_ content: CommitContents, _ key: Key) {
            contents[key] = content
            order.append(key)
            commits[key.repository, default: []].append(key.commit)
            files += content.files.count + 1
        }

        mutating func remove(_ key: Key) {
            guard let removed = contents.removeValue(forKey: key) else { return }
            files -= removed.files.count + 1
            commits[key.repository]?.removeAll { $0 == key.commit }
            if commits[key.repository]?.isEmpty == true { commits[key.repository] = nil }
        }

        /// Forgets the oldest until no more files are kept than may be.
        mutating func shrink(to maximumFiles: Int) {
            var place = 0
            while files > maximumFiles, contents.count > 1, place < order.count {
                remove(order[place])
                place += 1
            }
            order.removeFirst(place)
            if order.count > 2 * contents.count + 64 {
                let contents = contents
                order.removeAll { contents[$0] == nil }
            }
        }
    }

    private let state = Mutex(State())
    private let maximumFiles: Int
    private let maximumCommits: Int

    /// - Parameters:
    ///   - maximumFiles: of all commits together.
    ///   - maximumCommits: of one repository.
    init(maximumFiles: Int = 200_000, maximumCommits: Int = 4) {
        self.maximumFiles = maximumFiles
        self.maximumCommits = maximumCommits
    }

    subscript(key: Key) -> CommitContents? {
        state.withLock { $0.contents[key] }
    }

    /// Files that are kept, of all commits together.
    var fileCount: Int { state.withLock { $0.contents.values.reduce(0) { $0 + $1.files.count } } }

    func insert(_ contents: CommitContents, for key: Key) {
        state.withLock { state in
            guard state.contents[key] == nil, contents.files.count <= maximumFiles else { return }
            if let known = state.commits[key.repository], known.count >= maximumCommits {
                state.remove(Key(repository: key.repository, commit: known[0]))
            }
            state.put(contents, key)
            state.shrink(to: maximumFiles)
        }
    }
}
