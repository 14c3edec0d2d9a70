/// What changed between two listings of whole trees: paths of files, each in the order of the tree it is in.
package struct TreeComparison: Sendable, Equatable {
    package let added: [String]
    package let removed: [String]
    /// Other bytes, another target or another mode.
    package let modified: [String]

    /// Compares files by object id and kind; folders are only the names of what is in them.
    /// - Complexity: linear in the number of entries.
    package init(from old: [TreeEntry], to new: [TreeEntry]) {
        let old = old.filter { $0.kind != .directory }
        let new = new.filter { $0.kind != .directory }
        let before = Dictionary(old.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.map(\.path))
        added = new.map(\.path).filter { before[$0] == nil }
        removed = old.map(\.path).filter { !after.contains($0) }
        modified = new.filter { entry in
            before[entry.path].map { $0.id != entry.id || $0.kind != entry.kind } ?? false
        }.map(\.path)
    }

    /// All paths that changed.
    package var paths: [String] { added + removed + modified }
}
