import Subprocess

/// Looks at what a push brought while it waits in quarantine, together with what the repository has.
struct PushedObjects: Sendable {
    let process: GitProcess
    let quarantine: Quarantine

    /// Bytes of the list of new objects that are held in memory.
    private static let maximumListing = 512 << 20

    /// What a ref of the push will name.
    struct Tip: Sendable, Hashable {
        /// What an annotated tag finally points at; nil when the object is the commit itself.
        var peeled: CommitID?
    }

    /// What of these is a commit or an annotated tag of one; what is something else, or not here, has no entry.
    func tips(_ ids: [ObjectID]) async throws -> [ObjectID: Tip] {
        let ids = Array(Set(ids))
        let input = ids.map { "\($0)\n\($0)^{commit}\n" }.joined()
        var output: [UInt8] = []
        let outcome = try await run(
            ["cat-file", "--batch-check=%(objecttype) %(objectname)"], input: Array(input.utf8)
        ) { output.append(contentsOf: $0) }
        guard outcome.status.isSuccess else { throw failure("cat-file", outcome) }
        let lines = output.split(separator: UInt8(ascii: "\n")).map { $0.split(separator: UInt8(ascii: " ")) }
        guard lines.count == 2 * ids.count else { throw failure("cat-file", outcome) }
        var tips: [ObjectID: Tip] = [:]
        for (index, id) in ids.enumerated() {
            let (object, commit) = (lines[2 * index], lines[2 * index + 1])
            guard commit.count == 2, commit[0].elementsEqual("commit".utf8), let target = ObjectID(hexDigits: commit[1])
            else { continue }
            tips[id] = Tip(peeled: object.first?.elementsEqual("tag".utf8) == true ? target : nil)
        }
        return tips
    }

    /// Whether a move from one commit to another only adds to history.
    func isAncestor(_ old: ObjectID, of new: ObjectID) async throws -> Bool {
        let outcome = try await run(["merge-base", "--is-ancestor", old.hex, new.hex], input: []) { _ in }
        switch outcome.status {
        case .exited(0): return true
        case .exited(1): return false
        default: throw failure("merge-base", outcome)
        }
    }

    /// How many entries the whole tree of a commit has, folders included, up to a limit: a tree that names one folder
    /// many times over many levels is small to send and endless to list.
    func hasMoreEntries(_ commit: ObjectID, than limit: Int) async throws -> Bool {
        struct Enough: Error {}
        var count = 0
        do {
            let outcome = try await run(
                ["ls-tree", "-r", "-t", "-z", "--name-only", "--end-of-options", commit.hex], input: []
            ) { bytes in
                count += bytes.count { $0 == 0 }
                if count > limit { throw Enough() }
            }
            guard outcome.status.isSuccess else { throw failure("ls-tree", outcome) }
            return false
        } catch is Enough {
            return true
        }
    }

    /// Checks that everything `tips` reach is here, and reads what they bring beyond what `known` reach.
    /// - Parameter largest: bytes of the largest file that is no news.
    /// - Throws: `unprocessable` when an object is missing.
    func contents(of tips: [ObjectID], beyond known: [ObjectID], largest: Int64) async throws -> PushedContents {
        let revisions = Set(tips).map { "\($0)\n" } + Set(known).map { "^\($0)\n" }
        var listing: [UInt8] = []
        let outcome = try await run(
            ["rev-list", "--objects", "--in-commit-order", "--stdin"], input: Array(revisions.joined().utf8)
        ) { bytes in
            guard listing.count + bytes.count <= Self.maximumListing else {
                throw HubError(.payloadTooLarge, "The push brings too many objects.", remedy: "Push it in steps.")
            }
            listing.append(contentsOf: bytes)
        }
        switch outcome.status {
        case .exited(0): break
        case .exited: throw HubError(.unprocessable, "missing necessary objects")
        default: throw failure("rev-list", outcome)
        }
        var reader = PushedContentsReader(largest: largest)
        let facts = try await run(
            ["cat-file", "--buffer", "--batch-check=%(objecttype) %(objectname) %(objectsize) %(rest)"], input: listing
        ) { reader.append(facts: $0) }
        guard facts.status.isSuccess else { throw failure("cat-file", facts) }
        listing = []
        guard !reader.candidates.isEmpty else { return reader.contents }
        let names = reader.candidates.map { "\($0.blob)\n" }.joined()
        let texts = try await run(["cat-file", "--buffer", "--batch"], input: Array(names.utf8)) {
            reader.append(texts: $0)
        }
        guard texts.status.isSuccess else { throw failure("cat-file", texts) }
        return reader.contents
    }

    private func run(
        _ arguments: [String], input: [UInt8], onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> GitProcess.Outcome {
        try await process.run(
            arguments, environment: quarantine.environment.all,
            limits: GitProcess.Limits(processorSeconds: 600, fileSize: 1 << 20), input: ByteChunks(bytes: input),
            onOutput: onOutput)
    }

    private func failure(_ command: String, _ outcome: GitProcess.Outcome) -> HubError {
        HubError(
            .internalError,
            "git \(command) failed on a push to repository \(quarantine.key): \(outcome.status): \(outcome.message)")
    }
}
