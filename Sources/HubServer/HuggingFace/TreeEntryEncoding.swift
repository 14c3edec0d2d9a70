import HubCore

extension JSONWriter {
    /// An entry as `tree` and `paths-info` show it. A pointer shows the size of what it points at.
    /// - Parameter xetHash: the file's name in Xet, upon which clients fetch it that way.
    mutating func treeEntry(
        _ entry: TreeEntry, lastCommit: CommitInfo?, xetHash: XetHash? = nil, security: ScanStates.State? = nil
    ) {
        object { json in
            json.member("type", entry.kind == .directory ? "directory" : "file")
            json.member("oid", entry.id.hex)
            json.member("size", max(0, entry.contentSize))
            json.member("path", entry.path)
            if let pointer = entry.lfs {
                json.object("lfs") { json in
                    json.member("oid", pointer.oid.hex)
                    json.member("size", pointer.size)
                    json.member("pointerSize", entry.pointerSize)
                }
            }
            if let xetHash { json.member("xetHash", xetHash.text) }
            if let security { json.securityFileStatus(security) }
            if let lastCommit {
                json.object("lastCommit") { json in
                    json.member("id", lastCommit.id.hex)
                    json.member("title", lastCommit.title)
                    json.member("date", JSONDate.text(lastCommit.committer.date))
                }
            }
        }
    }

    /// A file as `siblings` shows it.
    mutating func sibling(_ entry: TreeEntry, withBlobs: Bool) {
        object { json in
            json.member("rfilename", entry.path)
            guard withBlobs else { return }
            json.member("size", max(0, entry.contentSize))
            json.member("blobId", entry.id.hex)
            if let pointer = entry.lfs {
                json.object("lfs") { json in
                    json.member("sha256", pointer.oid.hex)
                    json.member("size", pointer.size)
                    json.member("pointerSize", entry.pointerSize)
                }
            }
        }
    }
}

extension TreeEntry {
    /// Bytes of the pointer file itself.
    fileprivate var pointerSize: Int64 {
        size > 0 ? size : Int64(lfs?.encoded.count ?? 0)
    }
}
