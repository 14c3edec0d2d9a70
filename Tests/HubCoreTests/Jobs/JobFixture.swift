import Foundation
import SQL

@testable import HubCore

/// A queue on a database file that others may open too, with a clock that the test turns.
final class JobFixture: Sendable {
    let folder: TemporaryDirectory
    let time = HubFixture.Time()
    let jobs: JobStore

    init(activePerAccount: Int = 200_000) async throws {
        folder = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: folder.appending("weir.db"))
        try await Migrator(Schema.migrations).migrate(database)
        jobs = JobStore(
            database: database, clock: WallClock { [time] in time.now }, activePerAccount: activePerAccount)
    }

    /// The queue as another process sees it.
    func other() throws -> JobStore {
        JobStore(
            database: try SQLiteDatabase(path: folder.appending("weir.db")), clock: WallClock { [time] in time.now })
    }

    static func draft(
        _ subject: String = "model:acme/demo", key: String? = nil, account: String = "org:acme",
        priority: JobPriority = .normal, notBefore: Int64 = 0, run: Int64? = nil, by user: String? = nil
    ) -> JobDraft {
        JobDraft(
            kind: "test", subject: subject, uniqueKey: key, account: account, requestedBy: user, run: run,
            priority: priority, payload: .object([.init(key: "n", value: .integer(1))]), notBefore: notBefore)
    }

    @discardableResult
    func enqueue(_ subject: String, account: String = "org:acme", priority: JobPriority = .normal) async throws -> Job {
        defer { time.pass(1) }
        return try await jobs.enqueue(Self.draft(subject, account: account, priority: priority))
    }

    /// Subjects in the order in which they are claimed, without any ending.
    func claimAll() async throws -> [String] {
        var order: [String] = []
        while let lease = try await jobs.claim(by: "me", lease: 15_000) { order.append(lease.job.draft.subject) }
        return order
    }

    func finish(_ lease: JobLease, _ outcome: JobOutcome = .succeeded) async throws -> Job {
        try await jobs.finish(lease, outcome)
    }
}
