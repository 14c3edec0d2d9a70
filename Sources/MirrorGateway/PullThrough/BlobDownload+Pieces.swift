import HubCore
import Logging

extension BlobDownload {
    /// Fetches a large blob in pieces from all upstreams of a group together.
    ///
    /// When what they sent together is wrong, each is asked for all of it alone: that tells who lied. Liars are left
    /// out, and the others go on.
    /// - Returns: as `receive`; nil when this group cannot give it.
    func receiveInPieces(
        _ group: [BlobOrigin], _ path: UpstreamPath, into partial: inout PartialBlob?, _ failures: inout FailureRanking
    ) async throws -> Bool? {
        var sources: [(BlobOrigin, [BlobRequest])] = []
        for origin in group {
            do {
                let ways = try await EgressUrgency.$current.withValue(urgency) {
                    try await origin.upstream.blobRequests(
                        for: pointer, of: path, commit: wanted.commit, path: wanted.path)
                }
                if !ways.isEmpty { sources.append((origin, ways)) }
            } catch let error as HubError where !FailureRanking.endsAll(error) {
                try Task.checkCancellation()
                failures.note(error)
            }
        }
        var isAlone = false
        while !sources.isEmpty {
            let current = try await open(&partial)
            let asked = isAlone ? [sources[0]] : sources
            do {
                try await transfer(asked, into: current).run(asked, failures: &failures)
            } catch let error as HubError where !FailureRanking.endsAll(error) {
                try Task.checkCancellation()
                guard isAlone else { return nil }
                sources.removeFirst()
                continue
            }
            partial = nil
            do {
                try await current.finish()
                return hasReceived
            } catch let error as HubError where error.code == .upstreamCorrupt {
                let senders = contributors
                startOver()
                if senders.count == 1, let liar = senders.first, liar != Self.earlierStart {
                    failures.note(error)
                    noteLie(of: liar)
                    sources.removeAll { $0.0.upstream.name == liar }
                } else {
                    isAlone = true
                }
            }
        }
        return nil
    }

    private func transfer(_ asked: [(BlobOrigin, [BlobRequest])], into partial: PartialBlob) -> RangedTransfer {
        var plan = RangePlan(size: pointer.size, sizes: around.sizes)
        // One range of one upstream at a time: then as few requests as there are gaps.
        if asked.count == 1, asked[0].0.ranges == 1 { plan.sizes.smallest = pointer.size + (1 << 20) }
        return RangedTransfer(
            pointer: pointer, partial: partial, plan: plan, transport: around.transport, lanes: around.lanes,
            logger: around.logger, pause: around.pause, urgency: { self.urgency },
            took: { fresh, upstream in await self.took(fresh, from: upstream, into: partial) })
    }

    /// Remembers who sent wrong bytes of this blob, and tells people.
    func noteLie(of upstream: String) {
        around.liars.remember(true, for: lie(of: upstream), lifetime: .seconds(3_600))
        around.metrics.lied(upstream: upstream)
        around.logger.warning(
            "an upstream sent wrong bytes", metadata: ["upstream": "\(upstream)", "blob": "\(pointer.oid)"])
    }

    /// The groups, with those last that sent wrong bytes of this blob before, each by itself.
    func honestFirst(_ groups: [[BlobOrigin]]) -> [[BlobOrigin]] {
        let isLiar = { (origin: BlobOrigin) in self.around.liars[self.lie(of: origin.upstream.name)] != nil }
        let honest = groups.map { $0.filter { !isLiar($0) } }.filter { !$0.isEmpty }
        return honest + groups.joined().filter(isLiar).map { [$0] }
    }

    private func lie(of upstream: String) -> String { "\(upstream) \(pointer.oid.hex)" }
}
