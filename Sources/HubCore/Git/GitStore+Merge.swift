import CGit2
import Subprocess

/// What joining a line of history to a branch did.
package enum MergeResult: Sendable, Equatable {
    /// The branch has it all already.
    case alreadyMerged
    /// The branch goes on from this commit: the other's own, or one that joins both.
    case commit(CommitID)
    /// Paths that both changed, each in its own way.
    case conflicts([String])
}

extension GitStore {
    /// The best common ancestor of two commits; nil when they have none.
    package func mergeBase(of first: CommitID, and second: CommitID, in key: Int64) async throws -> CommitID? {
        try await withRepository(key) { try $0.mergeBase(first, second) }
    }

    /// Paths on which two lines of history cannot be joined; empty when they can. Writes nothing.
    package func conflicts(between ours: CommitID, and theirs: CommitID, in key: Int64) async throws -> [String] {
        try await withRepository(key) { repository in
            let base = try repository.mergeBase(ours, theirs)
            guard base != ours, base != theirs else { return [] }
            let merge = try repository.merge(
                base: try base.map { try repository.requireCommit($0).tree },
                ours: try repository.requireCommit(ours).tree, theirs: try repository.requireCommit(theirs).tree,
                writing: false)
            if case .conflicts(let paths) = merge { return paths }
            return []
        }
    }

    /// Joins a line of history to a branch's head, in the object database and durably. No ref moves.
    package func merge(
        _ theirs: CommitID, into ours: CommitID, author: Signature, message: String, in key: Int64
    ) async throws -> MergeResult {
        let result: MergeResult = try await withWriter(key) { repository in
            let base = try repository.mergeBase(ours, theirs)
            if base == theirs { return .alreadyMerged }
            if base == ours { return .commit(theirs) }
            let merge = try repository.merge(
                base: try base.map { try repository.requireCommit($0).tree },
                ours: try repository.requireCommit(ours).tree, theirs: try repository.requireCommit(theirs).tree,
                writing: true)
            switch merge {
            case .conflicts(let paths): return .conflicts(paths)
            case .tree(let tree):
                let root = try tree ?? repository.write([], as: .tree)
                return .commit(
                    try repository.write(
                        CommitInfo.encoded(
                            tree: root, parents: [ours, theirs], author: author, committer: author, message: message),
                        as: .commit))
            }
        }
        try await makeDurable(key)
        return result
    }

    /// What changed between two stored commits, as `git diff` writes it.
    /// - Parameters:
    ///   - paths: the only ones looked at, each with what is below it on either side; nil for all.
    ///   - limit: bytes after which the rest is left out, which a last line says.
    package func difference(
        from old: CommitID, to new: CommitID, of paths: [String]? = nil, limit: Int, in key: Int64
    ) async throws -> String {
        struct Full: Error {}
        if let paths, paths.isEmpty { return "" }
        try await withRepository(key) { repository in
            for commit in [old, new] { _ = try repository.requireCommit(commit) }
        }
        let directory = directory(of: key)
        var output: [UInt8] = []
        do {
            let outcome = try await process.run(
                [
                    "--git-dir=\(directory)", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames",
                    "--end-of-options", old.hex, new.hex, "--",
                ] + (paths ?? []),
                environment: GitEnvironment(repository: directory).all,
                limits: GitProcess.Limits(processorSeconds: 30), input: NoChunks?.none
            ) { bytes in
                output.append(contentsOf: bytes)
                if output.count > limit { throw Full() }
            }
            guard outcome.status.isSuccess else { throw failure(of: "diff", outcome, in: key) }
            return String(decoding: output, as: UTF8.self)
        } catch is Full {
            let end = output.prefix(limit).lastIndex(of: UInt8(ascii: "\n")) ?? 0
            return String(decoding: output[..<end], as: UTF8.self) + "\n\\ The rest of this difference is left out.\n"
        }
    }
}
