import CGit2

extension GitStore {
    /// Stores the histories of some refs anew without the pointers to some large files, durably. No ref moves.
    /// - Returns: what each target becomes, in the order given.
    /// - Complexity: every tree of the histories is read once.
    package func rewriteHistories(
        of targets: [ObjectID], without pointers: [LFSPointer], in key: Int64
    ) async throws -> [ObjectID] {
        let boundary = try await Set(shallowBoundary(key))
        let rewritten = try await withWriter(key) { repository in
            let dropped = try Set(pointers.map { try Self.blobID(of: $0.encoded) })
            var rewriting = HistoryRewriting(of: repository, without: dropped, boundary: boundary)
            return try targets.map { try rewriting.rewritten($0) }
        }
        try await makeDurable(key)
        return rewritten
    }

    private static func blobID(of bytes: [UInt8]) throws -> ObjectID {
        var id = git_oid()
        let code = bytes.withUnsafeBytes { git_odb_hash(&id, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
        try GitLibrary.check(code, "hash a pointer")
        return ObjectID(id)
    }
}
