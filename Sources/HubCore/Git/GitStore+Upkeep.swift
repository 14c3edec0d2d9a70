import Foundation
import Subprocess

/// What upkeep did in one repository, or would do.
struct RepositoryUpkeep: Sendable {
    /// Objects that went, and the bytes of their files; of packs, what they became smaller.
    var removed = ReclaimReport.Amount()
    /// Objects that no ref reaches and whose time has not passed.
    var waiting = ReclaimReport.Amount()
    /// Working files that were left behind.
    var abandoned = ReclaimReport.Amount()
    var isConsolidated = false
    /// Whether objects would have gone, but somebody was writing.
    var isBusy = false
}

// Putting objects together and taking away what no ref reaches.
//
// Not `git gc` or `git repack`: they take the refs they find in the folder for the truth, which ours are only a copy of,
// and decide by the time of a file alone. Packs are made by `git pack-objects` from a list of names, checked against it,
// and let in like a pack that was pushed, before anything that is in them goes.
extension GitStore {
    /// Looks after one repository.
    /// - Parameters:
    ///   - roots: what the database names in it; nil when nothing may be taken from it.
    ///   - now: milliseconds since 1970.
    /// - Throws: when a root is not there, or a disk fails: what is unreachable was not touched then.
    func upkeep(_ key: Int64, roots: [ObjectID]?, settings: ReclaimSettings, now: Int64) async throws
        -> RepositoryUpkeep
    {
        let directory = directory(of: key)
        let lock = WritersLock(repository: directory)
        var result = RepositoryUpkeep()
        let (folder, use) = try await onThread {
            let yesterday = Int64(Date().timeIntervalSince1970 - 86_400) * 1_000_000_000
            let use = try lock.lastUse()
            return (try ObjectFolder(at: directory + "/objects", abandonedBefore: yesterday), use)
        }
        for file in folder.abandoned {
            result.abandoned.add(1, bytes: file.bytes)
            if !settings.isDryRun { try await onThread { try PosixFile.remove(file.path) } }
        }
        var state = UnreachableObjects()
        var due: [ObjectFacts] = []
        if let roots {
            (state, due) = try await unreachable(key, roots, folder, settings, now, &result)
            let isQuiet = Int64(Date().timeIntervalSince1970 * 1_000) - use / 1_000_000 >= settings.quiet
            if !due.isEmpty, !isQuiet {
                result.isBusy = true
                due = []
            }
            for object in due { result.removed.add(1, bytes: object.bytes) }
        }
        var rewriting = PackRewriting(folder: folder, due: Set(due.map(\.id)))
        let (small, unreachable) = (folder.small(beyond: settings.packs), Set(state.marks.keys))
        rewriting = try await onThread { [rewriting] in
            try rewriting.choosing(small, looseFrom: settings.looseObjects, leaving: unreachable)
        }
        guard !settings.isDryRun else { return result }
        if !due.isEmpty {
            let ordered = due.sorted { $0.rank < $1.rank }.map(\.id)
            guard
                try await onThread({ [rewriting] in
                    try lock.exclusive(unchangedSince: use) { try rewriting.removeLoose(ordered, of: directory) }
                        ?? false
                })
            else {
                result.isBusy = true
                result.removed = ReclaimReport.Amount()
                return result
            }
        }
        if !rewriting.isEmpty {
            try await rewrite(key, rewriting, unchangedSince: use, &state, &result)
            closeHandles(key)
        }
        if let roots, !due.isEmpty || !rewriting.isEmpty {
            try await writeCommitGraph(key, roots)
            state.marks = state.marks.filter { mark in !due.contains { $0.id == mark.key } }
            // What is remembered of the files is not true any more: the next run looks anew.
            state.fingerprint = ""
            try await onThread { [state] in try state.write(to: directory) }
        }
        return result
    }

    // MARK: What no ref reaches

    /// What is known of an object without reading it.
    struct ObjectFacts: Sendable {
        let id: ObjectID
        let type: String
        /// Bytes that it takes on the disk.
        let bytes: Int64

        /// What names others goes before what it names, so that nothing is ever there in part.
        var rank: Int { ["tag": 0, "commit": 1, "tree": 2][type] ?? 3 }
    }

    private func unreachable(
        _ key: Int64, _ roots: [ObjectID], _ folder: ObjectFolder, _ settings: ReclaimSettings, _ now: Int64,
        _ result: inout RepositoryUpkeep
    ) async throws -> (UnreachableObjects, due: [ObjectFacts]) {
        let directory = directory(of: key)
        var (state, fingerprint) = try await onThread {
            (UnreachableObjects(of: directory), UnreachableObjects.fingerprint(roots: roots, folder: folder))
        }
        if state.fingerprint == fingerprint, state.due(now: now, grace: settings.gitGrace).isEmpty {
            let waiting = try await facts(of: Array(state.marks.keys), in: key)
            for object in waiting { result.waiting.add(1, bytes: object.bytes) }
            return (state, [])
        }
        var found = try await onThread {
            var found: [ObjectID: Int64] = [:]
            for pack in folder.packs where !pack.isKept {
                for id in try folder.objects(of: pack) { found[id] = max(found[id] ?? .min, pack.stamp) }
            }
            for object in folder.loose { found[object.id] = max(found[object.id] ?? .min, object.stamp) }
            // What also lies in a pack that may not be touched stays.
            for pack in folder.packs where pack.isKept {
                for id in try folder.objects(of: pack) { found[id] = nil }
            }
            return found
        }
        try await walk(from: roots, in: key) { found[$0] = nil }
        state.update(found, now: now)
        state.fingerprint = fingerprint
        var due = state.due(now: now, grace: settings.gitGrace)
        if !due.isEmpty {
            // What younger objects need stays with them: a ref may be about to name them.
            let younger = found.keys.filter { !due.contains($0) }
            if !younger.isEmpty { try await walk(from: younger, mayMiss: true, in: key) { due.remove($0) } }
        }
        let facts = try await facts(of: Array(found.keys), in: key)
        for object in facts where !due.contains(object.id) { result.waiting.add(1, bytes: object.bytes) }
        if !settings.isDryRun { try await onThread { [state] in try state.write(to: directory) } }
        return (state, facts.filter { due.contains($0.id) })
    }

    /// Walks over everything that some objects reach.
    /// - Parameter mayMiss: whether objects may be missing on the way.
    private func walk(
        from roots: [ObjectID], mayMiss: Bool = false, in key: Int64, _ visit: (ObjectID) -> Void
    ) async throws {
        guard !roots.isEmpty else { return }
        var arguments = ["rev-list", "--objects", "--no-object-names", "--stdin"]
        if mayMiss { arguments.append("--missing=allow-any") }
        try await lines(arguments, in: key, input: roots) { line in
            if let id = ObjectID(hexDigits: line) { visit(id) }
        }
    }

    private func facts(of ids: [ObjectID], in key: Int64) async throws -> [ObjectFacts] {
        guard !ids.isEmpty else { return [] }
        var facts: [ObjectFacts] = []
        try await lines(
            ["cat-file", "--buffer", "--batch-check=%(objectname) %(objecttype) %(objectsize:disk)"], in: key,
            input: ids
        ) { line in
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 3, let id = ObjectID(words[0]), let bytes = Int64(words[2]) else { return }
            facts.append(ObjectFacts(id: id, type: words[1], bytes: bytes))
        }
        return facts
    }

    // MARK: Packs

    private func rewrite(
        _ key: Int64, _ rewriting: PackRewriting, unchangedSince use: Int64, _ state: inout UnreachableObjects,
        _ result: inout RepositoryUpkeep
    ) async throws {
        let directory = directory(of: key)
        let lock = WritersLock(repository: directory)
        let replacement: (pack: ObjectFolder.Pack, objects: Set<ObjectID>)? = try await withQuarantine(for: key) {
            quarantine in
            let listed = try await onThread { try rewriting.objects() }
            guard !listed.isEmpty else { return nil }
            var name: ObjectID?
            try await lines(
                ["pack-objects", "--quiet", "--delta-base-offset", quarantine.path + "/pack/pack"], in: key,
                environment: quarantine.environment, input: listed
            ) { name = ObjectID(hexDigits: $0) ?? name }
            guard let name else { throw HubError(.internalError, "git pack-objects named no pack.") }
            return try await onThread {
                // Admitted without a touch: it brings nothing that was not here.
                try Self.move(name, from: quarantine)
                let after = try ObjectFolder(at: directory + "/objects", abandonedBefore: .min)
                guard let pack = after.packs.first(where: { $0.name == name }) else {
                    throw HubError(.storageCorrupt, "The pack \(name) is not there after it was made.")
                }
                let objects = Set(try after.objects(of: pack))
                guard listed.allSatisfy(objects.contains) else {
                    throw HubError(.storageCorrupt, "The pack \(name) lacks objects that it was made of.")
                }
                return (pack, objects)
            }
        }
        let isDone = try await onThread {
            try rewriting.removeReplaced(by: replacement?.pack.name, holding: replacement?.objects ?? [])
            guard rewriting.hasDue else { return true }
            return try lock.exclusive(unchangedSince: use) { try rewriting.removeShrunk() } ?? false
        }
        if let replacement { state.move(replacement.objects, to: replacement.pack.stamp) }
        if !isDone { result.isBusy = true }
        result.isConsolidated = true
    }

    /// Writes what the commits of a repository descend from into a file of its own, which walks over its history read.
    private func writeCommitGraph(_ key: Int64, _ roots: [ObjectID]) async throws {
        guard !roots.isEmpty else { return }
        try await lines(["commit-graph", "write", "--stdin-commits", "--no-progress"], in: key, input: roots) { _ in }
    }

    // MARK: git

    /// Runs git with names on its input, at low priority, and hands on the lines of its answer.
    private func lines(
        _ arguments: [String], in key: Int64, environment: GitEnvironment? = nil, input: [ObjectID],
        _ line: (ArraySlice<UInt8>) -> Void
    ) async throws {
        let directory = directory(of: key)
        var rest: [UInt8] = []
        let outcome = try await GitProcess(executable: "nice").run(
            ["-n", "10", process.executable, "--git-dir=\(directory)"] + arguments,
            environment: (environment ?? GitEnvironment(repository: directory)).all, limits: GitProcess.Limits(),
            input: NameLines(names: input)
        ) { bytes in
            rest += bytes
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                line(rest[start..<end])
                start = end + 1
            }
            rest.removeSubrange(..<start)
        }
        if let failure = outcome.inputFailure { throw failure }
        guard outcome.status.isSuccess else {
            if outcome.message.contains("No space left on device") {
                throw HubError(.storageFull, "git \(arguments.first ?? "") found no space left.")
            }
            throw failure(of: arguments.first ?? "", outcome, in: key)
        }
    }
}

/// Names of objects, one in a line, some thousands at a time.
private struct NameLines: AsyncSequence, Sendable {
    let names: [ObjectID]

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: names[...]) }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var rest: ArraySlice<ObjectID>

        fileprivate init(rest: ArraySlice<ObjectID>) { self.rest = rest }

        mutating func next() async throws -> [UInt8]? { nextPiece() }
        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? { nextPiece() }

        private mutating func nextPiece() -> [UInt8]? {
            guard !rest.isEmpty else { return nil }
            let part = rest.prefix(4_096)
            rest = rest.dropFirst(part.count)
            return part.flatMap { Array($0.hex.utf8) + [UInt8(ascii: "\n")] }
        }
    }
}
