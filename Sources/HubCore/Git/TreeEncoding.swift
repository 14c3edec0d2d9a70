import CGit2
import Foundation

/// The bytes of a tree object: mode, name and id of each entry, in git's order.
///
/// libgit2 writes trees too, but keeps their bytes to itself, and the journal needs them.
enum TreeEncoding {
    private struct Entry {
        let name: [UInt8]
        let mode: UInt32
        let id: ObjectID

        /// git sorts a folder as if a slash ended its name.
        var key: [UInt8] { mode == GIT_FILEMODE_TREE.rawValue ? name + [UInt8(ascii: "/")] : name }
    }

    private final class Entries {
        var list: [Entry] = []
    }

    /// - Throws: `internal-error`.
    static func bytes(of builder: OpaquePointer) throws -> [UInt8] {
        let entries = Entries()
        // A filter that keeps everything is the one way to see what a builder holds.
        let code = git_treebuilder_filter(
            builder,
            { entry, payload in
                guard let entry, let payload, let name = git_tree_entry_name(entry), let id = git_tree_entry_id(entry)
                else { return 0 }
                Unmanaged<Entries>.fromOpaque(payload).takeUnretainedValue().list.append(
                    Entry(
                        name: Array(UnsafeBufferPointer(start: name, count: strlen(name)).map(UInt8.init(bitPattern:))),
                        mode: git_tree_entry_filemode_raw(entry).rawValue, id: ObjectID(id.pointee)))
                return 0
            }, Unmanaged.passUnretained(entries).toOpaque())
        try GitLibrary.check(code, "read a folder that is being built")
        guard entries.list.count == git_treebuilder_entrycount(builder) else {
            throw HubError(.internalError, "A folder that is being built lost entries.")
        }
        var bytes: [UInt8] = []
        for entry in entries.list.map({ ($0.key, $0) }).sorted(by: { $0.0.lexicographicallyPrecedes($1.0) }).map(\.1) {
            bytes += Array(String(entry.mode, radix: 8).utf8)
            bytes.append(UInt8(ascii: " "))
            bytes += entry.name
            bytes.append(0)
            bytes += entry.id.bytes
        }
        return bytes
    }
}
