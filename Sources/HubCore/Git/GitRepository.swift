import CGit2

/// One open bare repository: libgit2's handle and its object database.
///
/// `@unchecked Sendable`: libgit2 forbids two threads on one handle at once, and `OpenRepositories` lends each handle to
/// one caller at a time.
final class GitRepository: @unchecked Sendable {
    let repository: OpaquePointer
    let objects: OpaquePointer
    let directory: String
    /// Loose objects written through this handle and not yet handed to `takeWritten()`.
    private var written = WrittenObjects()

    /// Opens the bare repository in a directory.
    /// - Throws: `storage-corrupt` when there is none.
    init(opening directory: String) throws {
        GitLibrary.start()
        var handle: OpaquePointer?
        try GitLibrary.check(git_repository_open_bare(&handle, directory), "open the repository \(directory)")
        guard let handle else { throw HubError(.internalError, "Could not open the repository \(directory).") }
        var database: OpaquePointer?
        let code = git_repository_odb(&database, handle)
        guard code == 0, let database else {
            git_repository_free(handle)
            throw HubError(.storageCorrupt, "The object database of \(directory) cannot be opened.")
        }
        repository = handle
        objects = database
        self.directory = directory
    }

    deinit {
        git_odb_free(objects)
        git_repository_free(repository)
    }

    /// The objects written since the last call.
    func takeWritten() -> WrittenObjects {
        defer { written = WrittenObjects() }
        return written
    }

    /// Whether an object is stored.
    func contains(_ id: ObjectID) -> Bool {
        var name = id.gitID
        return git_odb_exists(objects, &name) == 1
    }

    /// An object's type and size in bytes; nil when it is not stored.
    func header(of id: ObjectID) throws -> (type: git_object_t, size: Int)? {
        var name = id.gitID
        var size = 0
        var type = GIT_OBJECT_INVALID
        let code = git_odb_read_header(&size, &type, objects, &name)
        guard code != GIT_ENOTFOUND.rawValue else { return nil }
        try GitLibrary.check(code, "read the header of object \(id)")
        return (type, size)
    }

    /// An object's bytes; nil when it is not stored.
    func read(_ id: ObjectID) throws -> (type: git_object_t, bytes: [UInt8])? {
        var name = id.gitID
        var object: OpaquePointer?
        let code = git_odb_read(&object, objects, &name)
        guard code != GIT_ENOTFOUND.rawValue else { return nil }
        try GitLibrary.check(code, "read object \(id)")
        defer { git_odb_object_free(object) }
        let bytes = UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))
        return (git_odb_object_type(object), Array(bytes))
    }

    /// Stores an object, which must be durable before a ref names it.
    @discardableResult
    func write(_ bytes: [UInt8], as kind: JournaledObject.Kind) throws -> ObjectID {
        var name = git_oid()
        let object = JournaledObject(kind: kind, bytes: bytes)
        try bytes.withUnsafeBytes { buffer in
            try GitLibrary.check(
                git_odb_hash(&name, buffer.baseAddress, buffer.count, kind.type), "name an object")
            // libgit2 keeps a file that is there, whatever is in it, and a power cut may have left it empty.
            LooseObjects.removeDamaged(ObjectID(name), size: buffer.count, in: directory + "/objects")
            try GitLibrary.check(
                git_odb_write(&name, objects, buffer.baseAddress, buffer.count, kind.type),
                "store an object of \(buffer.count) bytes")
        }
        let id = ObjectID(name)
        written.insert(id, object)
        return id
    }

    /// Stores the folder that a builder holds.
    func write(_ builder: OpaquePointer) throws -> ObjectID {
        try write(TreeEncoding.bytes(of: builder), as: .tree)
    }

    /// Looks at the files again: what libgit2 remembers of objects may be gone.
    func refresh() throws {
        try GitLibrary.check(git_odb_refresh(objects), "look at the objects of \(directory) again")
    }

    /// A commit; nil when no such commit is stored.
    func commit(_ id: CommitID) throws -> CommitInfo? {
        guard let object = try read(id), object.type == GIT_OBJECT_COMMIT else { return nil }
        guard let commit = CommitInfo(id: id, parsing: object.bytes) else {
            throw HubError(.storageCorrupt, "The commit \(id) names no tree.")
        }
        return commit
    }

    /// A commit that must be there.
    /// - Throws: `revision-not-found`.
    func requireCommit(_ id: CommitID) throws -> CommitInfo {
        guard let commit = try commit(id) else {
            throw HubError(.revisionNotFound, "The commit \(id) is not stored here.")
        }
        return commit
    }

    /// The commit an id names through any number of annotated tags; nil when it names something else or nothing.
    func peelToCommit(_ id: ObjectID) throws -> CommitID? {
        var current = id
        // A tag of a tag is legal; a chain longer than this is an attack.
        for _ in 0..<32 {
            guard let header = try header(of: current) else { return nil }
            if header.type == GIT_OBJECT_COMMIT { return current }
            guard header.type == GIT_OBJECT_TAG, let target = try target(ofTag: current) else { return nil }
            current = target
        }
        return nil
    }

    /// What an annotated tag finally points at; nil when the id names no tag object.
    func peelTag(_ id: ObjectID) throws -> ObjectID? {
        var current = id
        for _ in 0..<32 {
            guard let header = try header(of: current), header.type == GIT_OBJECT_TAG else { break }
            guard let target = try target(ofTag: current) else { return nil }
            current = target
        }
        return current == id ? nil : current
    }

    private func target(ofTag id: ObjectID) throws -> ObjectID? {
        guard let object = try read(id) else { return nil }
        let line = object.bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard line.starts(with: "object ".utf8) else { return nil }
        return ObjectID(hexDigits: line.dropFirst("object ".utf8.count))
    }
}
