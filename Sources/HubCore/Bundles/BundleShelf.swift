import Foundation

/// Where the blobs of one bundle lie while it is imported: whole and verified, and seen by nobody.
///
/// `bundles/<bundle id>/<hex>` below the blob store, so that publishing them is a rename. What lies there survives a kill:
/// the next import of the same bundle goes on with it.
package final class BundleShelf: Sendable {
    private let store: FileBlobStore
    private let path: String
    /// Keeps a second import of the same bundle away.
    private let lock: BlobFile

    /// Bytes that one job copies at most, so that other writers get their turn.
    private static let slice: Int64 = 64 << 20
    /// Bytes of one read.
    private static let chunk = 1 << 20

    fileprivate init(store: FileBlobStore, path: String, lock: BlobFile) {
        self.store = store
        self.path = path
        self.lock = lock
    }

    /// Whether a blob lies here whole.
    package func holds(_ id: BlobID, size: Int64) async throws -> Bool {
        let file = "\(path)/\(id.hex)"
        return try await store.workers.run { try PosixFile.size(of: file) == size }
    }

    /// Reads bytes of a blob that lies here.
    /// - Throws: `.notFound` when it does not.
    package func open(_ id: BlobID) async throws -> OpenFile {
        let file = "\(path)/\(id.hex)"
        return try await store.workers.run { try OpenFile(path: file) }
    }

    /// Copies a blob here and compares its digest; afterwards it is durable.
    /// - Parameter read: gives bytes at an offset, at least one and at most as many as were asked for. It blocks.
    /// - Throws: `.unprocessable` when the bytes are not those of its name; what `read` throws. Nothing of it stays.
    package func take(
        _ id: BlobID, size: Int64, read: @escaping @Sendable (_ offset: Int64, _ count: Int) throws -> [UInt8]
    ) async throws {
        let (whole, part) = ("\(path)/\(id.hex)", "\(path)/\(id.hex).part")
        let file = try await store.workers.run {
            try PosixFile.remove(part)
            return try BlobFile.create(at: part)
        }
        do {
            while file.count < size {
                try Task.checkCancellation()
                try await store.workers.run { try Self.copy(to: file, size: size, read) }
            }
            try await store.workers.run { [path] in
                guard file.digest == id else { throw Self.wrong(id, file.digest) }
                try file.seal()
                try PosixFile.rename(part, to: whole)
                try PosixFile.sync(directory: path)
            }
        } catch {
            try? await store.workers.run { file.discard() }
            throw error
        }
    }

    private static func copy(
        to file: BlobFile, size: Int64, _ read: (_ offset: Int64, _ count: Int) throws -> [UInt8]
    ) throws {
        let end = min(size, file.count + slice)
        while file.count < end {
            let bytes = try read(file.count, Int(min(Int64(chunk), end - file.count)))
            guard !bytes.isEmpty else { throw HubError(.unprocessable, "The bundle ends in the middle of a blob.") }
            try file.append(bytes)
        }
    }

    fileprivate static func wrong(_ id: BlobID, _ digest: BlobID) -> HubError {
        HubError(.unprocessable, "The bytes of the blob \(id) have the SHA-256 \(digest).")
    }

    /// Makes these blobs stored ones. Nothing links to them yet, so nobody sees them.
    package func publish(_ ids: some Sequence<BlobID> & Sendable) async throws {
        for id in ids {
            let file = "\(path)/\(id.hex)"
            let directory = store.directory
            try await store.workers.run {
                guard let size = try PosixFile.size(of: file) else {
                    // An import that was killed here had published it.
                    guard try directory.size(of: id) != nil else {
                        throw HubError(.storageCorrupt, "The blob \(id) of the bundle is gone from the disk.")
                    }
                    return
                }
                try directory.publish(shelved: file, size: size, as: id)
            }
        }
    }

    /// Removes all that lies here.
    package func clear() async {
        _ = try? await store.workers.run { [path, lock] in
            for name in try PosixFile.names(in: path) { try PosixFile.remove("\(path)/\(name)") }
            _ = rmdir(path)
            // The folder of all shelves goes when this was the last.
            _ = rmdir((path as NSString).deletingLastPathComponent)
            lock.unlock()
        }
    }
}

extension FileBlobStore {
    /// A shelf of an import that was never finished is removed after this, in seconds.
    private static let shelfLifetime: TimeInterval = 30 * 86_400

    /// Begins or goes on with the import of a bundle.
    /// - Parameter name: its id, 64 hexadecimal digits.
    /// - Throws: `.conflict` when somebody else imports it now.
    package func shelf(for name: BlobID) async throws -> BundleShelf {
        let root = directory.shelves
        let path = "\(root)/\(name.hex)"
        let lock = try await workers.run { [directory] in
            try directory.checkWritable()
            try PosixFile.makeDirectory(root)
            try Self.removeOldShelves(in: root, except: name.hex)
            try PosixFile.makeDirectory(path)
            return try BlobFile.openOrCreate(at: "\(path)/lock")
        }
        guard let lock else {
            throw HubError(
                .conflict, "The bundle \(name) is being imported already.", remedy: "Wait until that has ended.")
        }
        return BundleShelf(store: self, path: path, lock: lock)
    }

    private static func removeOldShelves(in root: String, except name: String) throws {
        let limit = Date().addingTimeInterval(-shelfLifetime)
        for other in try PosixFile.names(in: root) where other != name {
            let path = "\(root)/\(other)"
            guard let written = try PosixFile.modificationTime(of: path), written < limit,
                let lock = try BlobFile.openOrCreate(at: "\(path)/lock")
            else { continue }
            for file in try PosixFile.names(in: path) { try PosixFile.remove("\(path)/\(file)") }
            _ = rmdir(path)
            lock.unlock()
        }
    }

    /// Reads bytes that are stored already, or come along once more, and compares their digest.
    /// - Throws: `.unprocessable` when they are not those of the blob's name; what `read` throws.
    package func check(
        _ id: BlobID, size: Int64, read: @escaping @Sendable (_ offset: Int64, _ count: Int) throws -> [UInt8]
    ) async throws {
        let hashing = SourceHashing(size: size, read: read)
        while try await workers.run({ try hashing.next(64 << 20) }) { try Task.checkCancellation() }
        guard hashing.digest == id else { throw BundleShelf.wrong(id, hashing.digest) }
    }

    /// Runs a short blocking job where blobs are read and written.
    package func blocking<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        try await workers.run(job)
    }
}
