extension GitRepository {
    /// Commits reachable from one, youngest first. Parents cut off by the shallow boundary, or not stored, are where
    /// history ends.
    ///
    /// libgit2 1.5 knows nothing of shallow repositories and fails at the first missing parent, hence our own walk.
    /// - Throws: `revision-not-found`.
    func history(from start: CommitID, boundary: Set<ObjectID>, skip: Int, limit: Int) throws -> [CommitInfo] {
        guard limit > 0 else { return [] }
        var queue = CommitQueue()
        queue.push(try requireCommit(start))
        var seen: Set<ObjectID> = [start]
        var toSkip = max(0, skip)
        var found: [CommitInfo] = []
        while let next = queue.pop() {
            if toSkip > 0 {
                toSkip -= 1
            } else {
                found.append(next)
                guard found.count < limit else { break }
            }
            guard !boundary.contains(next.id) else { continue }
            for parent in next.parents where seen.insert(parent).inserted {
                if let commit = try commit(parent) { queue.push(commit) }
            }
        }
        return found
    }
}
