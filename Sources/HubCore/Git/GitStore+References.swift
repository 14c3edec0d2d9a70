import CGit2

extension GitStore {
    /// Stores an annotated tag of a commit and makes it durable. No ref names it yet.
    /// - Parameter name: the tag's short name.
    package func writeTag(
        _ name: String, of commit: CommitID, tagger: Signature, message: String, in key: Int64
    ) async throws -> ObjectID {
        let head = "object \(commit.hex)\ntype commit\ntag \(name)\ntagger \(tagger.encoded)\n\n"
        // git cannot hold a NUL in a message.
        let text = Array(head.utf8) + message.utf8.filter { $0 != 0 }
        let bytes = text.last == UInt8(ascii: "\n") && !message.isEmpty ? text : text + [UInt8(ascii: "\n")]
        let id = try await withWriter(key) { repository in
            _ = try repository.requireCommit(commit)
            return try repository.write(bytes, as: .tag)
        }
        try await makeDurable(key)
        return id
    }

    /// Stores a commit of a tree that is stored already and makes it durable. No ref names it yet.
    package func writeCommit(
        of tree: ObjectID, parents: [CommitID], author: Signature, message: String, in key: Int64
    ) async throws -> CommitID {
        let id = try await withWriter(key) { repository in
            try repository.write(
                CommitInfo.encoded(tree: tree, parents: parents, author: author, committer: author, message: message),
                as: .commit)
        }
        try await makeDurable(key)
        return id
    }
}
