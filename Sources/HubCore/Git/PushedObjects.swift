import Subprocess

/// Looks at what a push brought while it waits in quarantine, together with what the repository has.
struct PushedObjects: Sendable {
    let store: GitStore
    let quarantine: Quarantine
    private let reader: QuarantineReader

    /// Bytes of a list of new objects that are looked at in this process.
    private static let shortListing = 64 << 10
    /// Bytes of the list of new objects that are held in memory.
    private static let maximumListing = 512 << 20

    /// - Throws: `internal-error` when the quarantine cannot be read.
    init(store: GitStore, quarantine: Quarantine) async throws {
        self.store = store
        self.quarantine = quarantine
        reader = try await store.onThread { try QuarantineReader(quarantine) }
    }

    /// What a ref of the push will name.
    struct Tip: Sendable, Hashable {
        /// What an annotated tag finally points at; nil when the object is the commit itself.
        var peeled: CommitID?
    }

    /// What of these is a commit or an annotated tag of one; what is something else, or not here, has no entry.
    func tips(_ ids: [ObjectID]) async throws -> [ObjectID: Tip] {
        let reader = reader
        return try await store.onThread { try reader.tips(Set(ids)) }
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
        let (reader, counts) = (reader, store.entryCounts)
        return try await store.onThread { try reader.hasMoreEntries(commit, than: limit, counts: counts) }
    }

    /// The objects that came, where they are few and small; nil otherwise.
    func arrivals(atMost limit: Int, bytes: Int) async throws -> [JournaledObject]? {
        let reader = reader
        return try await store.onThread { try reader.arrivals(atMost: limit, bytes: bytes) }
    }

    /// Checks that everything `tips` reach is here, and reads what they bring beyond what `known` reach.
    /// - Parameter largest: bytes of the largest file that is no news.
    /// - Parameter watched: names of files of which one is to be told.
    /// - Throws: `unprocessable` when an object is missing.
    func contents(
        of tips: [ObjectID], beyond known: [ObjectID], largest: Int64, watching watched: Set<ObjectID> = []
    ) async throws -> PushedContents {
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
        var contents = PushedContentsReader(largest: largest, watched: watched)
        if listing.count <= Self.shortListing {
            let (reader, start) = (reader, contents)
            return try await store.onThread { [listing] in
                var contents = start
                contents.append(facts: try reader.facts(of: listing)[...])
                for candidate in contents.candidates {
                    contents.append(texts: try reader.text(of: candidate.blob)[...])
                }
                return contents.contents
            }
        }
        let facts = try await run(
            ["cat-file", "--buffer", "--batch-check=%(objecttype) %(objectname) %(objectsize) %(rest)"], input: listing
        ) { contents.append(facts: $0) }
        guard facts.status.isSuccess else { throw failure("cat-file", facts) }
        listing = []
        guard !contents.candidates.isEmpty else { return contents.contents }
        let names = contents.candidates.map { "\($0.blob)\n" }.joined()
        let texts = try await run(["cat-file", "--buffer", "--batch"], input: Array(names.utf8)) {
            contents.append(texts: $0)
        }
        guard texts.status.isSuccess else { throw failure("cat-file", texts) }
        return contents.contents
    }

    private func run(
        _ arguments: [String], input: [UInt8], onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> GitProcess.Outcome {
        try await store.process.run(
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
