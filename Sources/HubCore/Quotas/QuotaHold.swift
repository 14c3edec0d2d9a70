import SQL

/// Bytes set aside for one upload while it comes in; ends with `release`, or by being charged for.
///
/// An account without a limit has nothing set aside: what comes is charged at the end, and nothing is written before.
package actor QuotaHold {
    /// What it is called in the database.
    nonisolated let name: String
    private let store: QuotaStore
    private let repository: Repository
    /// Bytes that need no setting aside: the charge at the end refuses them as well, and little has come by then.
    private let slack: Int64
    /// Bytes set aside.
    private var held: Int64 = 0
    private var renewal: Int64 = 0
    private var isLimited: Bool?

    /// Bytes by which a hold of unknown size grows.
    private static let step: Int64 = 16 << 20

    init(_ store: QuotaStore, for repository: Repository, slack: Int64 = 0) {
        name = "hold-\(store.identifiers.next())"
        self.store = store
        self.repository = repository
        self.slack = slack
    }

    /// Sees to it that so many bytes in all are set aside, and stay so.
    /// - Parameters:
    ///   - isWhole: whether no more will come.
    ///   - other: a reservation that they come out of.
    /// - Throws: `.quotaExceeded`.
    package func cover(_ bytes: Int64, isWhole: Bool = false, outOf other: String? = nil) async throws {
        let now = store.clock.now()
        guard bytes > slack, bytes > held || (held > 0 && now >= renewal) else { return }
        if isLimited == nil { isLimited = try await store.isLimited(repository) }
        guard isLimited == true else { return }
        let wanted = max(bytes, held)
        do {
            let more = isWhole || bytes <= held ? 0 : Self.step
            try await reserve(wanted + more, outOf: other, now: now)
            held = wanted + more
        } catch let error as HubError where error.code == .quotaExceeded && !isWhole && bytes > held {
            // Near the limit there may be room for what has come, and not for more.
            try await reserve(wanted, outOf: other, now: now)
            held = wanted
        }
        renewal = now + QuotaStore.lifetime / 4
    }

    /// What it is called in the database while anything is set aside.
    var reservation: String? { held > 0 ? name : nil }

    /// Gives back what is set aside.
    package func release() async {
        guard held > 0 else { return }
        held = 0
        // What cannot be given back now expires.
        try? await store.release(name)
    }

    private func reserve(_ bytes: Int64, outOf other: String?, now: Int64) async throws {
        try await store.reserve(bytes, as: name, for: repository, outOf: other)
    }
}

extension QuotaStore {
    /// What is set aside for one upload to a repository.
    /// - Parameter slack: bytes that need no setting aside.
    func hold(for repository: Repository, slack: Int64 = 0) -> QuotaHold {
        QuotaHold(self, for: repository, slack: slack)
    }

    /// Runs an upload with a hold, which is given back when it fails.
    func holding<Result: Sendable>(
        for repository: Repository, slack: Int64 = 0, _ body: (QuotaHold) async throws -> Result
    ) async throws -> Result {
        let hold = hold(for: repository, slack: slack)
        do {
            return try await body(hold)
        } catch {
            await hold.release()
            throw error
        }
    }

    /// Whether whoever pays for what comes to a repository has a limit.
    func isLimited(_ repository: Repository) async throws -> Bool {
        try await database.read { connection in
            guard let account = try QuotaLedger.account(for: repository, in: connection) else { return false }
            return try QuotaLedger.limit(of: account, in: connection) != nil
        }
    }

    /// Sets bytes aside under a name, where there is a limit.
    /// - Throws: `.quotaExceeded`.
    func reserve(_ bytes: Int64, as name: String, for repository: Repository, outOf other: String? = nil) async throws {
        let now = clock.now()
        try await database.write { connection in
            guard let account = try QuotaLedger.account(for: repository, in: connection),
                try QuotaLedger.limit(of: account, in: connection) != nil
            else { return }
            try QuotaLedger.reserve(
                bytes, as: name, for: account, outOf: other, until: now + Self.lifetime, now: now, in: connection)
        }
    }

    /// Gives back what is set aside under a name.
    func release(_ name: String) async throws {
        try await release([name])
    }

    /// Gives back what is set aside under some names. Where nothing is, nothing is written.
    func release(_ names: [String]) async throws {
        let held = try await database.read { connection in
            try names.filter { name in
                try connection.first("SELECT account FROM quota_reservations WHERE name = ?", [.text(name)]) != nil
            }
        }
        guard !held.isEmpty else { return }
        try await database.write { connection in
            for name in held { try QuotaLedger.release(name, in: connection) }
        }
    }
}

/// The bytes of an upload, each piece covered before it is handed on.
struct CoveredChunks<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == [UInt8] {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let base: Base
    let hold: QuotaHold
    /// Bytes that were covered before the first piece.
    var start: Int64 = 0

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        let hold: QuotaHold
        var total: Int64

        mutating func next() async throws -> [UInt8]? {
            guard let piece = try await base.next() else { return nil }
            total += Int64(piece.count)
            try await hold.cover(total)
            return piece
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: base.makeAsyncIterator(), hold: hold, total: start)
    }
}
