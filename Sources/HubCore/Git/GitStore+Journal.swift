import Foundation
import SQL
import Synchronization

extension GitStore {
    /// Makes every object written so far as durable as the transaction that names it: law 2, objects before refs or with
    /// them.
    ///
    /// A few small objects go into the journal by that transaction; more, or those of a full journal, have their files
    /// synced before it.
    /// - Parameters:
    ///   - entry: the id of the journal's row.
    ///   - transaction: runs what it is given as part of its transaction.
    /// - Throws: what syncing and `transaction` throw.
    func makeDurable(
        _ key: Int64, entry: Int64,
        with transaction: (_ journal: @escaping @Sendable (any Connection) throws -> Void) async throws -> Void
    ) async throws {
        let written = unsynced.withLock { $0[key] }
        guard let objects = written?.forJournal.map({ Array($0.values) }), let claim = journalRoom.claim(for: objects)
        else {
            try await makeDurable(key)
            return try await transaction { _ in }
        }
        do {
            try await transaction { try ObjectJournal.append(objects, of: key, id: entry, in: $0) }
        } catch {
            journalRoom.giveBack(claim)
            throw error
        }
        if let written { forget(written.ids, of: key) }
    }

    /// Puts back what a power cut took: files that are gone or cut off.
    /// - Returns: how many had to be written again.
    func restore(_ objects: [JournaledObject], in key: Int64) async throws -> Int {
        try await withRepository(key) { repository in
            let folder = repository.directory + "/objects"
            var restored = 0
            for object in objects {
                let id = object.id
                if case .object = LooseObjects.read(id, in: folder, limit: object.bytes.count) { continue }
                LooseObjects.removeDamaged(id, size: object.bytes.count, in: folder)
                if repository.contains(id) { continue }
                guard try repository.write(object.bytes, as: object.kind) == id else {
                    throw HubError(.storageCorrupt, "The journaled object \(id) of repository \(key) cannot be stored.")
                }
                restored += 1
            }
            return restored
        }
    }

    /// Makes the files of journaled objects durable.
    func settle(_ ids: [Int64: Set<ObjectID>]) async throws {
        let folders = ids.map { (folder: directory(of: $0.key) + "/objects", ids: $0.value) }
        try await onThread {
            // A repository that was deleted meanwhile needs nothing.
            for (folder, ids) in folders where FileManager.default.fileExists(atPath: folder) {
                try LooseObjects.sync(ids, in: folder)
            }
        }
    }

    /// Makes all files of all repositories durable at once; false where the system cannot.
    func settleEverything() async throws -> Bool {
        let root = root
        return try await onThread { try DurableFiles.syncFileSystem(of: root) }
    }
}
