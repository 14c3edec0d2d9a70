import Foundation

extension GitStore {
    /// Puts a copy of the database's refs where `git upload-pack` reads them: `packed-refs` and `HEAD`, each replaced
    /// as a whole.
    ///
    /// The caller orders publications of one repository; the last one stays.
    /// - Parameters:
    ///   - refs: what clients see.
    ///   - head: the branch `HEAD` names, whether it exists or not; nil leaves `HEAD` as it is.
    ///   - hidden: refs below `refs/hub/`, which keep objects alive and are never advertised.
    /// - Throws: `internal-error` when `hidden` holds a ref from elsewhere, or `refs` one from there.
    package func publish(refs: [Ref], head: RefName?, hidden: [Ref], in key: Int64) async throws {
        guard hidden.allSatisfy({ Self.isHidden($0.name) }), !refs.contains(where: { Self.isHidden($0.name) }) else {
            throw HubError(.internalError, "Refs below refs/hub/, and only those, are hidden (repository \(key)).")
        }
        let directory = directory(of: key)
        try await withRepository(key) { repository in
            var all = refs + hidden
            // The header promises that every tag is peeled. Branches are commits.
            for index in all.indices where all[index].peeled == nil && !all[index].name.isBranch {
                all[index].peeled = try repository.peelTag(all[index].target)
            }
            // Every fetch comes by here, and most find what the last one left: reading is cheaper than two syncs each.
            try Self.settle(directory + "/packed-refs", on: PackedRefs.encoded(all))
            if let head { try Self.settle(directory + "/HEAD", on: Array("ref: \(head)\n".utf8)) }
        }
    }

    /// Replaces a file unless it says that already.
    private static func settle(_ path: String, on bytes: [UInt8]) throws {
        if let there = FileManager.default.contents(atPath: path), there.elementsEqual(bytes) { return }
        try DurableFiles.replace(path, with: bytes)
    }

    private static func isHidden(_ name: RefName) -> Bool { name.name.hasPrefix("refs/hub/") }
}

/// The `packed-refs` file.
///
/// - SeeAlso: gitrepository-layout(5); `refs/packed-backend.c` in git.
enum PackedRefs {
    /// The file's bytes, sorted by name; of two refs of one name the last is kept.
    static func encoded(_ refs: [Ref]) -> [UInt8] {
        var byName: [RefName: Ref] = [:]
        for ref in refs { byName[ref.name] = ref }
        var text = "# pack-refs with: peeled fully-peeled sorted \n"
        for ref in byName.values.sorted(by: { $0.name < $1.name }) {
            text += "\(ref.target.hex) \(ref.name.name)\n"
            if let peeled = ref.peeled, peeled != ref.target { text += "^\(peeled.hex)\n" }
        }
        return Array(text.utf8)
    }
}
