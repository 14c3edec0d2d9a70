import Subprocess

/// Looks for changes of some paths between trees: in the repository, or together with what a push brought.
///
/// git passes over every folder that is the same on both sides, so the cost is that of what changed.
struct ChangedPaths: Sendable {
    let process: GitProcess
    let environment: GitEnvironment

    /// The most changed paths that are looked at, and commits of one push.
    static let maximumPaths = 2_000_000
    static let maximumCommits = 20_000
    /// The tree without entries, which every repository has without storing it.
    private static let emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

    private struct Found: Error { let path: String }

    /// The first changed path that fits; nil when none does.
    /// - Parameters:
    ///   - old: a commit; nil for nothing.
    ///   - new: a commit; nil for nothing.
    ///   - isWanted: is given a path's names.
    /// - Throws: `.payloadTooLarge` when there is more than can be looked at.
    func first(from old: ObjectID?, to new: ObjectID?, where isWanted: ([[UInt8]]) -> Bool) async throws -> String? {
        guard old != new else { return nil }
        return try await first(
            [
                "diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--end-of-options",
                old?.hex ?? Self.emptyTree, new?.hex ?? Self.emptyTree,
            ], input: [], where: isWanted)
    }

    /// The first path that fits and that a new commit changes against all of its parents; nil when there is none.
    /// - Parameter known: what the repository's refs name already.
    func first(
        in commits: [ObjectID], beyond known: [ObjectID], where isWanted: ([[UInt8]]) -> Bool
    ) async throws -> String? {
        let revisions = Set(commits).map { "\($0)\n" } + Set(known).map { "^\($0)\n" }
        var listing: [UInt8] = []
        let outcome = try await run(
            ["rev-list", "--max-count=\(Self.maximumCommits + 1)", "--stdin"], input: Array(revisions.joined().utf8)
        ) { listing.append(contentsOf: $0) }
        guard outcome.status.isSuccess else { throw Self.failure("rev-list", outcome) }
        guard listing.count(where: { $0 == UInt8(ascii: "\n") }) <= Self.maximumCommits else { throw Self.tooMuch }
        guard !listing.isEmpty else { return nil }
        return try await first(
            [
                "diff-tree", "--stdin", "--no-commit-id", "-r", "-c", "--root", "-z", "--name-only", "--no-renames",
                "--no-ext-diff",
            ], input: listing, where: isWanted)
    }

    /// Whether a move from one commit to another only adds to history.
    func isAncestor(_ old: ObjectID, of new: ObjectID) async throws -> Bool {
        let outcome = try await run(["merge-base", "--is-ancestor", old.hex, new.hex], input: []) { _ in }
        switch outcome.status {
        case .exited(0): return true
        case .exited(1): return false
        default: throw Self.failure("merge-base", outcome)
        }
    }

    /// The best common ancestor of two commits; nil when they have none.
    func mergeBase(of first: ObjectID, and second: ObjectID) async throws -> ObjectID? {
        var output: [UInt8] = []
        let outcome = try await run(["merge-base", first.hex, second.hex], input: []) { output.append(contentsOf: $0) }
        switch outcome.status {
        case .exited(0): return ObjectID(hexDigits: output.prefix { $0 != UInt8(ascii: "\n") })
        case .exited(1): return nil
        default: throw Self.failure("merge-base", outcome)
        }
    }

    private func first(_ arguments: [String], input: [UInt8], where isWanted: ([[UInt8]]) -> Bool) async throws
        -> String?
    {
        var rest: [UInt8] = []
        var count = 0
        do {
            let outcome = try await run(arguments, input: input) { bytes in
                rest.append(contentsOf: bytes)
                var start = rest.startIndex
                while let end = rest[start...].firstIndex(of: 0) {
                    let path = rest[start..<end]
                    start = end + 1
                    count += 1
                    guard count <= Self.maximumPaths else { throw Self.tooMuch }
                    let names = path.split(separator: UInt8(ascii: "/")).map { Array($0) }
                    if isWanted(names) { throw Found(path: String(decoding: path, as: UTF8.self)) }
                }
                rest.removeSubrange(..<start)
            }
            guard outcome.status.isSuccess else { throw Self.failure("diff-tree", outcome) }
            return nil
        } catch let found as Found {
            return found.path
        }
    }

    private func run(
        _ arguments: [String], input: [UInt8], onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> GitProcess.Outcome {
        try await process.run(
            arguments, environment: environment.all,
            limits: GitProcess.Limits(processorSeconds: 600, fileSize: 1 << 20), input: ByteChunks(bytes: input),
            onOutput: onOutput)
    }

    private static let tooMuch = HubError(
        .payloadTooLarge, "The change is too large to be compared with the grants on paths.",
        remedy: "Make it in steps.")

    private static func failure(_ command: String, _ outcome: GitProcess.Outcome) -> HubError {
        HubError(.internalError, "git \(command) failed on a change: \(outcome.status): \(outcome.message)")
    }
}

extension GitStore {
    /// Compares what is stored of a repository.
    func changedPaths(in key: Int64) -> ChangedPaths {
        var environment = GitEnvironment(repository: directory(of: key))
        environment["GIT_DIR"] = directory(of: key)
        return ChangedPaths(process: process, environment: environment)
    }
}

extension PushedObjects {
    /// Compares what is stored of a repository together with what the push brought.
    var changedPaths: ChangedPaths { ChangedPaths(process: store.process, environment: quarantine.environment) }
}
