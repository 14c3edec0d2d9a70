/// Which files of a repository one new pack replaces, and what is left out of it. All calls block.
struct PackRewriting: Sendable {
    let folder: ObjectFolder
    /// Objects that go for good.
    let due: Set<ObjectID>
    /// Packs whose objects all go into the new one.
    private(set) var merged: [ObjectFolder.Pack] = []
    /// Packs whose objects go into the new one but for those that are due.
    private(set) var shrunk: [ObjectFolder.Pack] = []
    /// Loose objects that go into the new one.
    private(set) var loose: [ObjectID] = []

    init(folder: ObjectFolder, due: Set<ObjectID>) {
        self.folder = folder
        self.due = due
    }

    var isEmpty: Bool { merged.isEmpty && shrunk.isEmpty && loose.isEmpty }
    var hasDue: Bool { !shrunk.isEmpty }

    /// Chooses the packs that hold what is due, and what is to be put together.
    /// - Parameters:
    ///   - small: packs that are to be put together.
    ///   - limit: how many loose objects are let be.
    ///   - unreachable: objects that no ref reaches: loose ones stay loose, where each has a time of its own.
    func choosing(_ small: [ObjectFolder.Pack], looseFrom limit: Int, leaving unreachable: Set<ObjectID>) throws -> Self
    {
        var chosen = self
        if !due.isEmpty {
            chosen.shrunk = try folder.packs.filter { pack in
                try !pack.isKept && folder.objects(of: pack).contains(where: due.contains)
            }
        }
        chosen.merged = small.filter { !chosen.shrunk.contains($0) }
        let reachable = folder.loose.map(\.id).filter { !unreachable.contains($0) && !due.contains($0) }
        if reachable.count >= limit || !chosen.merged.isEmpty { chosen.loose = reachable }
        return chosen
    }

    /// What goes into the new pack.
    func objects() throws -> [ObjectID] {
        var objects = Set(loose)
        for pack in merged + shrunk { objects.formUnion(try folder.objects(of: pack)) }
        return Array(objects.subtracting(due))
    }

    /// Removes loose objects that are due, unless one of them was touched.
    /// - Parameter ordered: what is due, what names others before what it names.
    /// - Returns: whether they went.
    func removeLoose(_ ordered: [ObjectID], of repository: String) throws -> Bool {
        let known = Dictionary(folder.loose.map { ($0.id, $0.stamp) }, uniquingKeysWith: { first, _ in first })
        for id in ordered {
            guard let stamp = known[id] else { continue }
            // Another process of the same minute may have removed it: that is no touch.
            if let now = try PosixFile.stamp(of: folder.file(of: id))?.written, now != stamp { return false }
        }
        for pack in shrunk {
            guard try PosixFile.stamp(of: "\(folder.path)/pack/pack-\(pack.name).pack")?.written == pack.stamp else {
                return false
            }
        }
        // It may name commits that go; it is made anew afterwards.
        try PosixFile.remove("\(folder.path)/info/commit-graph")
        for id in ordered where known[id] != nil { try PosixFile.remove(folder.file(of: id)) }
        _ = try PosixFile.touch("\(folder.path)/pack")
        return true
    }

    /// Removes what lies in the new pack as well. Nobody can miss it, so no lock is needed.
    func removeReplaced(by name: ObjectID?, holding objects: Set<ObjectID>) throws {
        for id in loose where objects.contains(id) { try PosixFile.remove(folder.file(of: id)) }
        for pack in merged where pack.name != name {
            // The same pack may just have been pushed again, and wait for its ref.
            if try PosixFile.stamp(of: "\(folder.path)/pack/pack-\(pack.name).keep") == nil { try folder.remove(pack) }
        }
    }

    /// Removes packs of which something is left out, unless one of them was touched.
    /// - Returns: whether they went.
    func removeShrunk() throws -> Bool {
        for pack in shrunk {
            guard try PosixFile.stamp(of: "\(folder.path)/pack/pack-\(pack.name).pack")?.written == pack.stamp else {
                return false
            }
        }
        for pack in shrunk { try folder.remove(pack) }
        return true
    }
}
