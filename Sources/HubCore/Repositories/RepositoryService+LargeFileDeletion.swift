import SQL

extension RepositoryService {
    /// Takes large files from a repository for good. Their blobs stay until a collector finds that nobody links them.
    /// - Parameters:
    ///   - rewritingHistory: whether commits are made anew without them; otherwise old commits name what is not there.
    ///   - repository: opened for `.contentWrite`.
    /// - Throws: `.preconditionFailed` when a ref moves meanwhile: nothing is changed then.
    package func deleteLargeFiles(_ blobs: [BlobID], rewritingHistory: Bool, in repository: Repository) async throws {
        try requireWrite(repository)
        try requireWhole(repository)
        let links = try await store.links(to: blobs, of: repository.key).values.map(\.pointer)
        guard !links.isEmpty else { return }
        if rewritingHistory { try await rewriteRefs(of: repository, without: links) }
        try await store.removeLinks(to: links.map(\.oid), of: repository)
    }

    private func rewriteRefs(of repository: Repository, without pointers: [LFSPointer]) async throws {
        let refs = try await store.refs(of: repository.key)
        guard !refs.isEmpty else { return }
        let targets = try await git.rewriteHistories(
            of: refs.map(\.target), without: pointers, in: repository.key)
        var updates: [RefUpdate] = []
        var head: HeadFacts?
        for (ref, target) in zip(refs, targets) where ref.target != target {
            try await requireUnprotected(ref.name, isDeleted: true, of: repository)
            let peeled = try await git.peelTag(target, in: repository.key)
            updates.append(RefUpdate(ref.name, from: ref.target, to: target, peeled: peeled))
            if ref.name == RefName.branch(repository.defaultBranch) {
                head = try await headFacts(of: target, in: repository)
            }
        }
        guard !updates.isEmpty else { return }
        try await store.updateRefs(
            updates, of: repository, action: "repository.rewrite", changeLog: "Delete large files", head: head,
            links: [])
    }
}

extension RepositoryStore {
    /// Forgets that a repository contains some blobs: from now on it does not give them out.
    func removeLinks(to blobs: [BlobID], of repository: Repository) async throws {
        let now = clock.now()
        try await database.write { connection in
            for blob in blobs {
                try Self.releaseLink(to: blob, of: repository.key, in: connection)
                try connection.execute(
                    "DELETE FROM links WHERE repository_id = ? AND sha256 = ?",
                    [.integer(repository.key), .text(blob.hex)])
            }
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "repository.lfs.delete", repository.id.description,
                    detail: .object([.init(key: "blobs", value: .array(blobs.map { .string($0.hex) }))])), at: now,
                in: connection)
        }
    }
}
