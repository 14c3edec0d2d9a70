import CZlib
import Foundation

/// Loose object files of a repository.
enum LooseObjects {
    /// Above this many files, one sync of the whole file system is cheaper than one for each.
    static let wholeFileSystemThreshold = 512

    /// The file of a loose object.
    static func path(of id: ObjectID, in objects: String) -> String {
        let hex = id.hex
        return "\(objects)/\(hex.prefix(2))/\(hex.dropFirst(2))"
    }

    /// What lies in the place of a loose object.
    enum Reading {
        /// No file; the object may be in a pack.
        case absent
        case tooLarge
        /// A file that cannot be opened or read at the moment: nothing is known of it.
        case unreadable
        /// Not what its name says: a power cut left it so.
        case damaged
        case object(JournaledObject)
    }

    /// Reads a loose object of at most `limit` bytes.
    ///
    /// Not by libgit2: 1.5 reads a file that was cut off for ever.
    static func read(_ id: ObjectID, in objects: String, limit: Int) -> Reading {
        let path = path(of: id, in: objects)
        guard access(path, F_OK) == 0 else { return .absent }
        // What does not compress grows by a few bytes.
        guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)),
            let bytes = try? file.read(upToCount: limit + limit / 1_000 + 1_024) ?? Data()
        else { return .unreadable }
        try? file.close()
        guard bytes.count < limit + limit / 1_000 + 1_024 else { return .tooLarge }
        var size = uLongf(limit + 32)
        var code = Z_OK
        let inflated = [UInt8](unsafeUninitializedCapacity: limit + 32) { target, count in
            code = bytes.withUnsafeBytes { source in
                uncompress(
                    target.baseAddress, &size, source.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    uLong(source.count))
            }
            count = code == Z_OK ? Int(size) : 0
        }
        if code == Z_BUF_ERROR { return .tooLarge }
        guard code == Z_OK, let found = JournaledObject.parse(inflated), found.count == 1, found[0].id == id else {
            return .damaged
        }
        return found[0].bytes.count > limit ? .tooLarge : .object(found[0])
    }

    /// Removes the file of a loose object of so many bytes if it is not what its name says.
    static func removeDamaged(_ id: ObjectID, size: Int, in objects: String) {
        let path = path(of: id, in: objects)
        guard access(path, F_OK) == 0 else { return }
        switch read(id, in: objects, limit: size) {
        case .absent, .unreadable, .object: return
        // Its name says how large it is, so one that is larger is not it.
        case .tooLarge, .damaged: unlink(path)
        }
    }

    /// Makes loose objects durable; those that are in a pack already are skipped.
    static func sync(_ ids: Set<ObjectID>, in objects: String) throws {
        if ids.count > wholeFileSystemThreshold, try DurableFiles.syncFileSystem(of: objects) { return }
        var folders: Set<String> = []
        for id in ids {
            let path = path(of: id, in: objects)
            guard access(path, F_OK) == 0 else { continue }
            try DurableFiles.sync(path)
            folders.insert((path as NSString).deletingLastPathComponent)
        }
        for folder in folders { try DurableFiles.sync(folder) }
        try DurableFiles.sync(objects)
    }
}
