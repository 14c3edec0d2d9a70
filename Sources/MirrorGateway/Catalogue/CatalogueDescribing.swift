import HubCore

/// Asks an upstream about the repositories that are due, a few at a time.
struct CatalogueDescribing: Sendable {
    enum End: Sendable, Equatable {
        /// Nothing is left to ask.
        case done
        /// Its time is over, and something is left.
        case cut
        /// The upstream is to be left alone.
        case stopped(CatalogueSlice.Stop)
    }

    let catalogue: RemoteCatalogue
    let clock: WallClock
    let mirror: String
    let upstream: any BrowsableUpstream

    /// Questions on their way at a time.
    static let concurrency = 4
    /// Repositories that are taken up at a time, and answers that are recorded together.
    private static let batch = 512
    private static let recorded = 128
    /// Milliseconds after which answers are recorded also when they are fewer.
    private static let patience: Int64 = 1_000

    /// - Parameter deadline: milliseconds since 1970 after which nothing more is taken up.
    func run(until deadline: Int64) async throws -> End {
        var isFirst = true
        while true {
            try Task.checkCancellation()
            let due = try await catalogue.due(mirror: mirror, upstream: upstream.name, limit: Self.batch)
            guard !due.isEmpty else { return .done }
            guard clock.now() < deadline else { return .cut }
            if isFirst, due.count > Self.recorded {
                try await catalogue.note(.describing, mirror: mirror, upstream: upstream.name)
            }
            isFirst = false
            if let stop = try await ask(due) { return .stopped(stop) }
        }
    }

    /// Asks about repositories that no one recorded as due.
    func ask(about repositories: [UpstreamPath]) async throws {
        let due = repositories.map { RemoteCatalogue.DueRepository(kind: $0.kind, path: $0.path, attempts: 0) }
        if let stop = try await ask(due) {
            throw HubError(.upstreamUnavailable, stop.reason, retryAfter: stop.retryAfter)
        }
    }

    private func ask(_ due: [RemoteCatalogue.DueRepository]) async throws -> CatalogueSlice.Stop? {
        try await withThrowingTaskGroup(of: (RemoteCatalogue.DueRepository, CatalogueSlice.Outcome).self) { group in
            var waiting = due.makeIterator()
            var slice = CatalogueSlice()
            var lastRecorded = clock.now()
            func next() {
                guard slice.stop == nil, !Task.isCancelled, let repository = waiting.next() else { return }
                group.addTask { (repository, try await outcome(of: repository)) }
            }
            for _ in 0..<Self.concurrency { next() }
            do {
                while let (repository, outcome) = try await group.next() {
                    let now = clock.now()
                    slice.take(
                        outcome, of: UpstreamPath(kind: repository.kind, path: repository.path),
                        attempts: repository.attempts, now: now, upstream: upstream.name)
                    next()
                    if slice.observations.count >= Self.recorded || now - lastRecorded > Self.patience {
                        lastRecorded = now
                        try await catalogue.record(slice.drain(), mirror: mirror, upstream: upstream.name)
                    }
                }
            } catch {
                // What was answered was answered, whatever ended the round.
                try await catalogue.record(slice.drain(), mirror: mirror, upstream: upstream.name)
                throw error
            }
            try await catalogue.record(slice.finish(), mirror: mirror, upstream: upstream.name)
            return slice.stop
        }
    }

    private func outcome(of repository: RemoteCatalogue.DueRepository) async throws -> CatalogueSlice.Outcome {
        do {
            let found = try await upstream.describe(UpstreamPath(kind: repository.kind, path: repository.path))
            return found.map(CatalogueSlice.Outcome.described) ?? .absent
        } catch let error as HubError {
            try Task.checkCancellation()
            return error.code == .repositoryNotFound ? .absent : .failed(error)
        }
    }
}
