/// The changes of a commit as a tree, so that every folder touched is read and written once.
///
/// Pure: knows paths and changes, not what the base tree holds.
struct TreeChangePlan: Sendable {
    /// What happens to one name of a folder, and below it.
    struct Node: Sendable {
        /// The file put here.
        var file: File?
        /// What the base holds here goes away, before `file` or `children` apply.
        var isDeleted = false
        /// Whether deleting nothing is fine, because an earlier change of the same commit put what is deleted.
        var mayBeAbsent = false
        /// Changes below, by name.
        var children: [Name: Node] = [:]

        /// Whether the plan puts anything here or below.
        var puts: Bool { file != nil || children.values.contains { $0.puts } }
    }

    /// A file to be put.
    struct File: Sendable, Hashable {
        var blob: ObjectID
        /// Nil: as the file that was there.
        var executable: Bool?
    }

    /// One component of a path. Compared by bytes, for two spellings of "é" are two files.
    struct Name: Sendable, Hashable {
        let bytes: [UInt8]

        init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private(set) var root = Node()

    /// Plans changes in order.
    /// - Throws: `unprocessable` when they put a file and something below it.
    init(_ changes: [TreeChange]) throws {
        for change in changes {
            let path = change.path.path.utf8.split(separator: UInt8(ascii: "/")).map { Name($0) }
            switch change {
            case .put(let target, let blob, let executable):
                try Self.put(File(blob: blob, executable: executable), at: path[...], of: target, in: &root)
            case .delete: Self.delete(path[...], in: &root)
            }
        }
    }

    private static func put(_ file: File, at path: ArraySlice<Name>, of target: GitPath, in node: inout Node) throws {
        guard let name = path.first else {
            guard !node.children.values.contains(where: \.puts) else { throw conflict(target, "a folder") }
            // Deletions below stay: they may empty the folder that the file replaces.
            node.file = file
            return
        }
        guard node.file == nil else { throw conflict(target, "below a file") }
        try put(file, at: path.dropFirst(), of: target, in: &node.children[name, default: Node()])
    }

    private static func delete(_ path: ArraySlice<Name>, in node: inout Node) {
        guard let name = path.first else {
            // What this commit itself put here is taken back; only what the base holds needs deleting.
            // Put and taken back any number of times, it still was never in the base.
            let wasOnlyPut = node.puts && (!node.isDeleted || node.mayBeAbsent)
            node = Node(file: nil, isDeleted: true, children: [:])
            node.mayBeAbsent = wasOnlyPut
            return
        }
        delete(path.dropFirst(), in: &node.children[name, default: Node()])
    }

    static func conflict(_ path: GitPath, _ what: String) -> HubError {
        HubError(.unprocessable, "The commit puts a file at \(path), which is \(what) in the same commit.")
    }
}
