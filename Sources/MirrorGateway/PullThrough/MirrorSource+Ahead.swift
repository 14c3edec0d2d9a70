import HubCore

/// What fetching ahead asks beyond what readers do.
extension MirrorSource {
    /// Registers a repository of one mirror's upstreams.
    /// - Returns: whether an upstream has it.
    /// - Throws: why none can be asked.
    func adopt(_ id: RepositoryID, from mirror: ConnectedMirror) async throws -> Bool {
        try await adoption.adopt(id, from: mirror)
    }

    /// Asks for the refs whatever their age.
    /// - Returns: why the last known ones have to do; nil when they are new.
    func renew(_ repository: Repository) async throws -> String? {
        freshness.expire(repository.key)
        guard case .stale(_, let reason) = try await refresh(repository, for: nil) else { return nil }
        return reason
    }

    /// Has blobs that others brought count as this repository's too, where its upstream gives them out (S13, S17): all
    /// in batches, where readers ask one by one.
    /// - Returns: those that are the repository's now.
    func prove(_ pointers: [LFSPointer], of repository: Repository) async throws -> Set<BlobID> {
        var proved: Set<BlobID> = []
        var unproved: [LFSPointer] = []
        for pointer in pointers {
            if try await store.isProved(pointer.oid, for: repository) {
                proved.insert(pointer.oid)
            } else {
                unproved.append(pointer)
            }
        }
        guard !unproved.isEmpty else { return proved }
        let granted = try await grants(unproved, of: repository)
        let linked = unproved.filter { granted.contains($0.oid) }
        try await store.linkGranted(linked, to: repository.key)
        return proved.union(granted)
    }
}
