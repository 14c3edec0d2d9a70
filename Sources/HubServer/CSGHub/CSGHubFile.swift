import HubCore

/// An entry of a tree as CSGHub shows it: `File` (wire/csghub.md §2.2).
struct CSGHubFile: Sendable {
    /// Whether the content can be looked at.
    enum Preview: Int, Sendable {
        case possible = 0
        case tooLarge = 1
        case notText = 2
    }

    let entry: TreeEntry
    /// The last commit that touched it, where that is known.
    var lastCommit: CommitInfo?
    /// What stands in git, in base64; empty where it was not asked for.
    var content = ""
    var preview = Preview.possible

    /// Git's own file modes, in octal.
    var mode: String {
        switch entry.kind {
        case .file: "100644"
        case .executable: "100755"
        case .symlink: "120000"
        case .directory: "40000"
        case .submodule: "160000"
        }
    }

    /// Bytes of the pointer; 0 for what is none.
    var pointerSize: Int64 {
        guard let pointer = entry.lfs else { return 0 }
        return entry.size > 0 ? entry.size : Int64(pointer.encoded.count)
    }

    /// Where an LFS server keeps an object: `ab/cd/<rest of the digest>`.
    var lfsPath: String {
        guard let digest = entry.lfs?.oid.hex else { return "" }
        return "\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))/\(digest.dropFirst(4))"
    }
}

extension JSONWriter {
    mutating func csghubFile(_ file: CSGHubFile) {
        let entry = file.entry
        object { json in
            json.member("name", entry.name)
            json.member("type", entry.kind == .directory ? "dir" : "file")
            json.member("size", max(0, entry.contentSize))
            json.object("commit") { $0.csghubMembers(of: file.lastCommit) }
            json.member("path", entry.path)
            json.member("mode", file.mode)
            json.member("sha", entry.id.hex)
            json.member("url", "")
            json.member("content", file.content)
            json.member("lfs", entry.lfs != nil)
            json.member("lfs_sha256", entry.lfs?.oid.hex ?? "")
            json.member("lfs_pointer_size", file.pointerSize)
            json.member("lfs_relative_path", file.lfsPath)
            json.member("last_commit_sha", file.lastCommit?.id.hex ?? "")
            json.member("preview_code", file.preview.rawValue)
            json.member("xnet_enabled", false)
        }
    }
}
