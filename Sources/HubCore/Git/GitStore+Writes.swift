import CGit2
import Foundation
import Synchronization

extension GitStore {
    /// Stores a blob. It is durable once `makeDurable` or a commit in the same repository has returned.
    package func writeBlob(_ bytes: [UInt8], in key: Int64) async throws -> ObjectID {
        try await withWriter(key) { try $0.write(bytes, type: GIT_OBJECT_BLOB) }
    }

    /// Builds a commit on the first parent's tree and makes it, and every object written before it, durable.
    ///
    /// No ref moves: that is the database's.
    /// - Throws: `revision-not-found` for a parent that is not stored; `entry-not-found` for deleting what is not there;
    ///   `unprocessable` when a file and a folder would have the same path or a blob is not stored.
    /// - Complexity: each folder touched is read and written once, whatever the number of changes.
    package func commit(
        changes: [TreeChange], parents: [CommitID], author: Signature, committer: Signature, message: String,
        in key: Int64
    ) async throws -> CommitID {
        let id = try await withWriter(key) { repository in
            try repository.commit(
                TreeChangePlan(changes), parents: parents, author: author, committer: committer, message: message)
        }
        try await makeDurable(key)
        return id
    }

    /// Makes every object written so far durable: law 2, objects before refs.
    package func makeDurable(_ key: Int64) async throws {
        // Ids leave the set only when they are safe, so a second caller never returns before they are.
        let ids = unsynced.withLock { $0[key] ?? [] }
        guard !ids.isEmpty else { return }
        let objects = directory(of: key) + "/objects"
        try await onThread { try LooseObjects.sync(ids, in: objects) }
        unsynced.withLock { unsynced in
            unsynced[key]?.subtract(ids)
            if unsynced[key]?.isEmpty == true { unsynced[key] = nil }
        }
    }
}

/// Loose object files of a repository.
enum LooseObjects {
    /// Above this many files, one sync of the whole file system is cheaper than one for each.
    static let wholeFileSystemThreshold = 512

    /// Makes loose objects durable; those that are in a pack already are skipped.
    static func sync(_ ids: Set<ObjectID>, in objects: String) throws {
        if ids.count > wholeFileSystemThreshold, try DurableFiles.syncFileSystem(of: objects) { return }
        var folders: Set<String> = []
        for id in ids {
            let hex = id.hex
            let folder = "\(objects)/\(hex.prefix(2))"
            let path = "\(folder)/\(hex.dropFirst(2))"
            guard access(path, F_OK) == 0 else { continue }
            try DurableFiles.sync(path)
            folders.insert(folder)
        }
        for folder in folders { try DurableFiles.sync(folder) }
        try DurableFiles.sync(objects)
    }
}
