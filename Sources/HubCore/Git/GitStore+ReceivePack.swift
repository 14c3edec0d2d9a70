extension GitStore {
    /// Takes in what a push brings: the pack waits in quarantine until `decide` has looked at it, and joins the
    /// repository's objects only when told to.
    ///
    /// What is let in stays, whatever becomes of the refs: another push may have been found complete by its objects
    /// meanwhile. `makeDurable` is the caller's, before a ref names them: what lay here already may be as young.
    /// - Parameters:
    ///   - caller: in whose share of the pushes at once it counts; nil for nobody's.
    ///   - pack: the pack's bytes.
    ///   - decide: looks at the objects, is told the pack's bytes, and says whether they come in.
    /// - Throws: `unprocessable` with git's own words for a pack that is none; `payload-too-large`; `storage-full`;
    ///   `too-many-requests` when too many wait already; what `pack` and `decide` throw.
    func receive<Result: Sendable>(
        in key: Int64, limits: PackLimits, for caller: String? = nil,
        pack: some AsyncSequence<[UInt8], any Error> & Sendable,
        decide: (PushedObjects, _ bytes: Int64) async throws -> (result: Result, isAdmitted: Bool)
    ) async throws -> Result {
        try await receivePacks.enter(as: caller)
        defer { receivePacks.leave(as: caller) }
        return try await withQuarantine(for: key) { quarantine in
            let intake: PackIntakeResult
            do {
                intake = try await index(
                    PackChunks(pack, limits: limits), in: quarantine, keepMessage: "push", limits: limits)
            } catch let error as HubError where error.code == .upstreamCorrupt {
                throw HubError(.unprocessable, error.message)
            }
            // The push may name what nothing else names: from here until the refs have moved, that stays.
            try await hold([], in: key)
            let objects = try await PushedObjects(store: self, quarantine: quarantine)
            let (result, isAdmitted) = try await decide(objects, intake.objectCount > 0 ? intake.byteCount : 0)
            if isAdmitted { try await admit(objects, of: intake) }
            return result
        }
    }

    /// Above these, a push stays a pack; below, packs would pile up, and the journal makes its objects durable sooner.
    private static let unpackedObjects = 48
    private static let unpackedBytes = 48 << 10

    private func admit(_ objects: PushedObjects, of intake: PackIntakeResult) async throws {
        if intake.objectCount <= Self.unpackedObjects, intake.byteCount <= Self.unpackedBytes,
            let arrivals = try await objects.arrivals(atMost: Self.unpackedObjects, bytes: Self.unpackedBytes)
        {
            let key = objects.quarantine.key
            return try await withWriter(key) { repository in
                for object in arrivals { try repository.write(object.bytes, as: object.kind) }
            }
        }
        try await admit(intake, from: objects.quarantine)
        try await releaseKeep(intake, in: objects.quarantine.key)
    }
}
