import CGit2
import Foundation
import Synchronization

extension GitStore {
    /// Above these, syncing the files costs no more than writing their bytes twice.
    private static let journalObjects = 64
    private static let journalBytes = 64 << 10

    /// What was written to a repository and is not durable yet, for the journal to keep; nil when that is too much for
    /// it, and `makeDurable` is the way.
    /// - Throws: `.storageCorrupt`, to be tried again, for a file that a power cut damaged before it was named by anything:
    ///   writing the same content kept it, and the next writing makes it anew.
    func objectsForJournal(in key: Int64) async throws -> [JournaledObject]? {
        let ids = unsynced.withLock { $0[key] ?? [] }
        guard ids.count <= Self.journalObjects else { return nil }
        return try await withRepository(key) { repository in
            let folder = repository.directory + "/objects"
            var rest = Self.journalBytes
            var objects: [JournaledObject] = []
            for id in ids {
                switch LooseObjects.read(id, in: folder, limit: rest) {
                // In a pack: that was durable before it was put in place.
                case .absent: continue
                case .tooLarge: return nil
                case .damaged:
                    try? FileManager.default.removeItem(atPath: LooseObjects.path(of: id, in: folder))
                    try repository.refresh()
                    throw HubError(
                        .storageCorrupt, "The object \(id) was damaged on disk, and was removed.",
                        remedy: "Send it again.", status: 503, retryAfter: 1)
                case .object(let object):
                    rest -= object.bytes.count
                    objects.append(object)
                }
            }
            return objects
        }
    }

    /// Notes that the journal holds objects, so that their files need not be synced before a ref names them.
    func noteJournaled(_ objects: [JournaledObject], in key: Int64) {
        forget(Set(objects.map(\.id)), of: key)
    }

    /// Puts back what a power cut took: files that are gone or cut off.
    /// - Returns: how many had to be written again.
    func restore(_ objects: [JournaledObject], in key: Int64) async throws -> Int {
        try await withRepository(key) { repository in
            let folder = repository.directory + "/objects"
            var restored = 0
            for object in objects {
                let id = object.id
                switch LooseObjects.read(id, in: folder, limit: object.bytes.count) {
                case .object: continue
                case .absent:
                    if repository.contains(id) { continue }
                case .damaged, .tooLarge:
                    // libgit2 keeps a file that is there, whatever is in it.
                    try? FileManager.default.removeItem(atPath: LooseObjects.path(of: id, in: folder))
                    try repository.refresh()
                }
                guard try repository.write(object.bytes, type: object.kind.type) == id else {
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
            let present = folders.filter { FileManager.default.fileExists(atPath: $0.folder) }
            let count = present.reduce(0) { $0 + $1.ids.count }
            if count > LooseObjects.settlingThreshold, try DurableFiles.syncFileSystem(of: self.root) { return }
            for (folder, ids) in present { try LooseObjects.sync(ids, in: folder) }
        }
    }
}

extension JournaledObject.Kind {
    var type: git_object_t {
        switch self {
        case .blob: GIT_OBJECT_BLOB
        case .tree: GIT_OBJECT_TREE
        case .commit: GIT_OBJECT_COMMIT
        case .tag: GIT_OBJECT_TAG
        }
    }
}
