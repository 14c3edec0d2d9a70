import Foundation

/// What lies in a repository's `objects` folder: files, not what is in them.
struct ObjectFolder: Sendable {
    /// An object in a file of its own.
    struct Loose: Sendable, Hashable {
        let id: ObjectID
        let stamp: Int64
        let bytes: Int64
    }

    /// A pack with its index.
    struct Pack: Sendable, Hashable {
        /// The checksum that names its files.
        let name: ObjectID
        let stamp: Int64
        let bytes: Int64
        /// Whether it may not be touched: somebody is about to name what is in it.
        let isKept: Bool
    }

    let path: String
    private(set) var loose: [Loose] = []
    private(set) var packs: [Pack] = []
    /// Working files of writers that are gone, with their bytes.
    private(set) var abandoned: [(path: String, bytes: Int64)] = []

    /// Looks at a folder. Blocks.
    /// - Parameter limit: working files last written before this time are abandoned, in nanoseconds since 1970.
    init(at path: String, abandonedBefore limit: Int64) throws {
        self.path = path
        for folder in try PosixFile.names(in: path) where folder.utf8.count == 2 {
            for name in try PosixFile.names(in: "\(path)/\(folder)") {
                guard let stamp = try PosixFile.stamp(of: "\(path)/\(folder)/\(name)") else { continue }
                if let id = ObjectID(folder + name) {
                    loose.append(Loose(id: id, stamp: stamp.written, bytes: stamp.bytes))
                } else if name.hasPrefix("tmp_"), stamp.written < limit {
                    abandoned.append(("\(path)/\(folder)/\(name)", stamp.bytes))
                }
            }
        }
        try readPacks(limit)
    }

    private mutating func readPacks(_ limit: Int64) throws {
        let names = Set(try PosixFile.names(in: "\(path)/pack"))
        for name in names.sorted() {
            let file = "\(path)/pack/\(name)"
            guard let stamp = try PosixFile.stamp(of: file) else { continue }
            let base = name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
            if name.hasSuffix(".pack"), names.contains("\(base).idx"), let id = ObjectID(String(base.dropFirst(5))) {
                packs.append(
                    Pack(
                        name: id, stamp: stamp.written, bytes: stamp.bytes, isKept: names.contains("\(base).keep")))
            } else if stamp.written < limit, isAbandoned(name, base, among: names) {
                abandoned.append((file, stamp.bytes))
            }
        }
    }

    private func isAbandoned(_ name: String, _ base: String, among names: Set<String>) -> Bool {
        // A keep file of yesterday is that of a push that died before its refs moved.
        if name.hasSuffix(".keep") { return true }
        guard base.hasPrefix("pack-") else { return base.hasPrefix("tmp_") || base.isEmpty || name.hasPrefix(".tmp-") }
        return !names.contains("\(base).idx") || !names.contains("\(base).pack")
    }

    /// The objects of a pack, as its index says. Blocks.
    /// - Throws: `storage-corrupt` for what is no index of the second version.
    func objects(of pack: Pack) throws -> [ObjectID] {
        try Self.objects(ofIndex: "\(path)/pack/pack-\(pack.name).idx")
    }

    /// The objects that the index of a pack names. Blocks.
    /// - Throws: `storage-corrupt` for what is no index of the second version.
    static func objects(ofIndex file: String) throws -> [ObjectID] {
        let data = try Data(contentsOf: URL(filePath: file), options: .alwaysMapped)
        let header = 8 + 256 * 4
        guard data.count >= header, data.prefix(8).elementsEqual([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]) else {
            throw HubError(.storageCorrupt, "\(file) is no index of a pack.")
        }
        let count = data[(header - 4)..<header].reduce(0) { $0 << 8 | Int($1) }
        guard count <= (data.count - header) / 20 else {
            throw HubError(.storageCorrupt, "\(file) is cut off.")
        }
        return (0..<count).compactMap { number in
            ObjectID(bytes: Array(data[(header + number * 20)..<(header + number * 20 + 20)]))
        }
    }

    func file(of id: ObjectID) -> String { "\(path)/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))" }

    /// Removes a pack: its index first, so that nobody sees it without the rest. Blocks.
    func remove(_ pack: Pack) throws {
        for suffix in ["idx", "rev", "bitmap", "mtimes", "keep", "pack"] {
            try PosixFile.remove("\(path)/pack/pack-\(pack.name).\(suffix)")
        }
    }

    /// The packs that are to be put together with the loose objects: the small ones, each less than twice what is
    /// smaller, so that a large pack is written anew only once as much has come beside it.
    func small(beyond limit: Int) -> [Pack] {
        let free = packs.filter { !$0.isKept }.sorted { ($0.bytes, $0.name.hex) < ($1.bytes, $1.name.hex) }
        guard free.count > limit else { return [] }
        var total = loose.reduce(0) { $0 &+ $1.bytes }
        var chosen: [Pack] = []
        for pack in free {
            guard chosen.count < 2 || pack.bytes < 2 * total || free.count - chosen.count > limit else { break }
            total &+= pack.bytes
            chosen.append(pack)
        }
        return chosen
    }
}
