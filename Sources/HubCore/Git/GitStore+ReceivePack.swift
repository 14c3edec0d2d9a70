extension GitStore {
    /// Takes in what a push brings: the pack waits in quarantine until `decide` has looked at it, and joins the
    /// repository's objects only when told to.
    ///
    /// A pack that is let in stays, whatever becomes of the refs: another push may have been found complete by its
    /// objects meanwhile.
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
            let (result, isAdmitted) = try await decide(
                PushedObjects(process: process, quarantine: quarantine), intake.objectCount > 0 ? intake.byteCount : 0)
            if isAdmitted {
                try await admit(intake, from: quarantine)
                // Objects that lay here already may be as young as these.
                try await makeDurable(key)
                try await releaseKeep(intake, in: key)
            }
            return result
        }
    }
}
