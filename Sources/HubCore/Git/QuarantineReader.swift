import CGit2

/// Reads objects of a push and of the repository it goes to in this process: a few small ones take less time than a
/// child takes to start.
///
/// `@unchecked Sendable`: used by one job after the other.
final class QuarantineReader: @unchecked Sendable {
    private let objects: OpaquePointer
    private let own: OpaquePointer

    /// The longest chain of tags of tags that is followed, as `GitRepository.peelToCommit`.
    private static let longestChain = 32
    /// Bytes of the largest tag that is looked into.
    private static let largestTag = 16 << 20

    /// - Throws: `internal-error`.
    init(_ quarantine: Quarantine) throws {
        GitLibrary.start()
        own = try Self.open(quarantine.path)
        objects = try Self.open(quarantine.path)
        try GitLibrary.check(
            git_odb_add_disk_alternate(objects, quarantine.repository + "/objects"),
            "read \(quarantine.repository) beside a push")
    }

    deinit {
        git_odb_free(objects)
        git_odb_free(own)
    }

    /// What of these is a commit or an annotated tag of one; what is something else, or not here, has no entry.
    func tips(_ ids: Set<ObjectID>) throws -> [ObjectID: PushedObjects.Tip] {
        var tips: [ObjectID: PushedObjects.Tip] = [:]
        for id in ids {
            var target = id
            for _ in 0..<Self.longestChain {
                guard let header = try header(of: target) else { break }
                if header.type == GIT_OBJECT_COMMIT {
                    tips[id] = PushedObjects.Tip(peeled: target == id ? nil : target)
                    break
                }
                guard header.type == GIT_OBJECT_TAG, header.size <= Self.largestTag, let tag = try read(target),
                    let line = tag.split(separator: UInt8(ascii: "\n"), maxSplits: 1).first,
                    line.starts(with: "object ".utf8), let next = ObjectID(hexDigits: line.dropFirst(7))
                else { break }
                target = next
            }
        }
        return tips
    }

    /// What `git cat-file --batch-check` says of a list `<id> SP <path>`.
    func facts(of listing: [UInt8]) throws -> [UInt8] {
        var facts: [UInt8] = []
        for line in listing.split(separator: UInt8(ascii: "\n")) {
            guard let id = ObjectID(hexDigits: line.prefix(40)), let header = try header(of: id),
                let kind = JournaledObject.Kind(header.type)
            else { continue }
            facts += "\(kind.rawValue) \(id) \(header.size)".utf8
            facts += line.dropFirst(40)
            facts.append(UInt8(ascii: "\n"))
        }
        return facts
    }

    /// The bytes of a blob, as `git cat-file --batch` gives them.
    func text(of blob: ObjectID) throws -> [UInt8] {
        let bytes = try read(blob) ?? []
        return Array("\(blob) blob \(bytes.count)\n".utf8) + bytes + [UInt8(ascii: "\n")]
    }

    /// How many entries the whole tree of a commit has, folders included: a tree that names one folder many times over
    /// many levels is small to send and endless to list, but each folder is looked at once.
    /// - Parameter counts: what is known already of trees that were looked at.
    func hasMoreEntries(_ commit: CommitID, than limit: Int, counts: TreeCounts) throws -> Bool {
        guard let bytes = try read(commit), let commit = CommitInfo(id: commit, parsing: bytes) else {
            throw HubError(.storageCorrupt, "The commit \(commit) names no tree.")
        }
        return try count(below: commit.tree, depth: 0, limit: limit, counts: counts) > limit
    }

    /// The objects that came with the push, where there are few and they are small; nil otherwise.
    func arrivals(atMost limit: Int, bytes: Int) throws -> [JournaledObject]? {
        final class Names { var list: [ObjectID] = [] }
        let names = Names()
        try GitLibrary.check(
            git_odb_foreach(
                own,
                { name, payload in
                    guard let name, let payload else { return -1 }
                    Unmanaged<Names>.fromOpaque(payload).takeUnretainedValue().list.append(ObjectID(name.pointee))
                    return 0
                }, Unmanaged.passUnretained(names).toOpaque()), "list what a push brought")
        guard names.list.count <= limit else { return nil }
        var rest = bytes
        var found: [JournaledObject] = []
        for id in names.list {
            guard let header = try header(of: id), let kind = JournaledObject.Kind(header.type), header.size <= rest,
                let bytes = try read(id)
            else { return nil }
            rest -= header.size
            found.append(JournaledObject(kind: kind, bytes: bytes))
        }
        return found
    }

    private func count(below tree: ObjectID, depth: Int, limit: Int, counts: TreeCounts) throws -> Int {
        if let known = counts[tree] { return known }
        guard depth < GitRepository.maximumDepth else { return limit + 1 }
        guard let bytes = try read(tree) else {
            throw HubError(.unprocessable, "missing necessary objects")
        }
        var count = 0
        var rest = bytes[...]
        // `<mode> SP <name> NUL <20 bytes>`, which was checked as the pack came in.
        while let end = rest.firstIndex(of: 0), rest.endIndex - end > 20 {
            count += 1
            let mode = rest[..<end].prefix { $0 != UInt8(ascii: " ") }
            if mode.elementsEqual("40000".utf8), let folder = ObjectID(bytes: Array(rest[(end + 1)..<(end + 21)])) {
                count += try self.count(below: folder, depth: depth + 1, limit: limit, counts: counts)
            }
            guard count <= limit else { return count }
            rest = rest[(end + 21)...]
        }
        counts.remember(count, below: tree)
        return count
    }

    private func header(of id: ObjectID) throws -> (type: git_object_t, size: Int)? {
        var name = id.gitID
        var size = 0
        var type = GIT_OBJECT_INVALID
        let code = git_odb_read_header(&size, &type, objects, &name)
        guard code != GIT_ENOTFOUND.rawValue else { return nil }
        try GitLibrary.check(code, "read the header of object \(id)")
        return (type, size)
    }

    private func read(_ id: ObjectID) throws -> [UInt8]? {
        var name = id.gitID
        var object: OpaquePointer?
        let code = git_odb_read(&object, objects, &name)
        guard code != GIT_ENOTFOUND.rawValue else { return nil }
        try GitLibrary.check(code, "read object \(id)")
        defer { git_odb_object_free(object) }
        return Array(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }

    private static func open(_ path: String) throws -> OpaquePointer {
        var database: OpaquePointer?
        try GitLibrary.check(git_odb_open(&database, path), "open what a push brought")
        guard let database else { throw HubError(.internalError, "Could not open what a push brought.") }
        return database
    }
}
