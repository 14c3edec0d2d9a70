import CGit2
import Foundation
import Synchronization

extension GitStore {
    /// Stores a blob. It is durable once `makeDurable` or a commit in the same repository has returned.
    package func writeBlob(_ bytes: [UInt8], in key: Int64) async throws -> ObjectID {
        try await withWriter(key) { try $0.write(bytes, as: .blob) }
    }

    /// Stores a blob in a repository that is made when it has no folder yet.
    func writeFirstBlob(_ bytes: [UInt8], in key: Int64) async throws -> ObjectID {
        do {
            return try await writeBlob(bytes, in: key)
        } catch {
            guard await !exists(key) else { throw error }
            try await create(key)
            return try await writeBlob(bytes, in: key)
        }
    }

    /// Builds a commit on the first parent's tree and makes it, and every object written before it, durable.
    ///
    /// No ref moves: that is the database's.
    /// - Throws: as `writeCommit`.
    package func commit(
        changes: [TreeChange], parents: [CommitID], author: Signature, committer: Signature, message: String,
        in key: Int64
    ) async throws -> CommitID {
        let commit = try await writeCommit(
            changes: changes, parents: parents, author: author, committer: committer, message: message, in: key)
        try await makeDurable(key)
        return commit.id
    }

    /// Builds a commit on the first parent's tree. Before a ref names it, `makeDurable` or the journal has to hold it.
    /// - Throws: `revision-not-found` for a parent that is not stored; `entry-not-found` for deleting what is not there;
    ///   `unprocessable` when a file and a folder would have the same path or a blob is not stored.
    /// - Complexity: each folder touched is read and written once, whatever the number of changes.
    func writeCommit(
        changes: [TreeChange], parents: [CommitID], author: Signature, committer: Signature, message: String,
        in key: Int64
    ) async throws -> WrittenCommit {
        try await withWriter(key) { repository in
            try repository.commit(
                TreeChangePlan(changes), parents: parents, author: author, committer: committer, message: message)
        }
    }

    /// Makes every object written so far durable: law 2, objects before refs.
    package func makeDurable(_ key: Int64) async throws {
        // Ids leave the set only when they are safe, so a second caller never returns before they are.
        let ids = unsynced.withLock { $0[key]?.ids ?? [] }
        guard !ids.isEmpty else { return }
        let objects = directory(of: key) + "/objects"
        try await onThread { try LooseObjects.sync(ids, in: objects) }
        forget(ids, of: key)
    }

    /// Takes objects that are safe off the list of those that are not.
    func forget(_ ids: some Sequence<ObjectID>, of key: Int64) {
        unsynced.withLock { unsynced in
            unsynced[key]?.subtract(ids)
            if unsynced[key]?.isEmpty == true { unsynced[key] = nil }
        }
    }
}
