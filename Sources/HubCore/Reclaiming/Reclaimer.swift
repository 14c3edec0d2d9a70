import Foundation
import SQL

/// The collector: takes away what nothing names any more, and puts small git objects together.
///
/// It may run at any time beside the server and its commands, once at a time for a data directory, and may be killed at
/// any moment: what it has to remember lies in the database and beside the repositories, and a run begins where the last
/// one ended. What goes first needs no space, so it works on a full disk.
package struct Reclaimer: Sendable {
    let hub: Hub
    let settings: ReclaimSettings
    /// Rests between batches, so that others get the disk and the database; nil for none.
    let pause: Duration?
    /// Milliseconds since the machine started.
    let machine: @Sendable () -> Int64

    package init(
        hub: Hub, settings: ReclaimSettings, pause: Duration? = nil,
        machine: @escaping @Sendable () -> Int64 = ReclaimClock.sinceStart
    ) {
        self.machine = machine
        self.hub = hub
        self.settings = settings
        self.pause = pause
    }

    var database: any Database { hub.database }

    /// Runs once.
    /// - Throws: `.conflict` when another process is at it; `CancellationError`.
    package func run() async throws -> ReclaimReport {
        let lock = try ReclaimLock(below: hub.directory.path)
        defer { withExtendedLifetime(lock) {} }
        var report = ReclaimReport()
        report.isDryRun = settings.isDryRun
        // What takes no space to remove goes first.
        await attempt("uploads", &report) { try await reapUploads(&$0) }
        await attempt("leftovers of git", &report) { try await removeGitLeftovers(&$0) }
        var steadiness = Steadiness(files: false, gitObjects: false)
        await attempt("the clock", &report) { steadiness = try await self.steadiness(&$0) }
        await attempt("expired rows", &report) { try await expireRows(&$0) }
        for files in try steadiness.files ? reclaimable() : [] {
            try Task.checkCancellation()
            await attempt("\(files.kind.rawValue)s", &report) { report in
                do {
                    if !settings.isDryRun { try await mark(files) }
                } catch let error as DatabaseError where error.kind == .full {
                    // There is no room for marks. What has one already makes room.
                    try await sweep(files, &report)
                    try await mark(files)
                }
                try await sweep(files, &report)
                if settings.isDryRun { try await countUnmarked(files, &report) }
            }
        }
        try Task.checkCancellation()
        await attempt("repositories", &report) { try await removeOrphans(&$0) }
        await attempt("git objects", &report) { try await upkeep(prunes: steadiness.gitObjects, &$0) }
        try Task.checkCancellation()
        let finished = report
        await attempt("the record of this run", &report) { _ in try await note(finished) }
        return report
    }

    /// What the last run on this data directory did, and when it ended, in milliseconds since 1970; nil before any.
    package func lastRun() async throws -> (at: Int64, report: JSONValue)? {
        try await database.read { connection in
            guard let row = try connection.first("SELECT content FROM gc_state WHERE name = 'last'"),
                case .object(let members)? = JSONText.decode(try row.text("content")),
                case .integer(let at)? = members.first(where: { $0.key == "at" })?.value,
                let report = members.first(where: { $0.key == "report" })?.value
            else { return nil }
            return (at, report)
        }
    }

    /// Does one part; the others go on when it fails.
    private func attempt(
        _ what: String, _ report: inout ReclaimReport, _ body: (inout ReclaimReport) async throws -> Void
    ) async {
        do {
            try await body(&report)
        } catch is CancellationError {
            // Asked about by the caller.
        } catch let error as HubError {
            report.problems.append("\(what): \(error.line)")
        } catch {
            report.problems.append("\(what): \(error)")
        }
    }

    private func note(_ report: ReclaimReport) async throws {
        guard !settings.isDryRun else { return }
        let content = try JSONText.encode(
            .object([.init(key: "at", value: .integer(hub.clock.now())), .init(key: "report", value: report.json)]))
        try await database.write { connection in
            try connection.upsert(
                into: "gc_state", key: [("name", .text("last"))], values: [("content", .text(content))])
        }
    }

    private func reclaimable() throws -> [any ReclaimableFiles] {
        var stores: [any ReclaimableFiles] = [ReclaimableBlobs(directory: hub.blobs.directory)]
        if FileManager.default.fileExists(atPath: hub.directory.xet) {
            stores.append(
                ReclaimableXorbs(
                    directory: try XorbDirectory(root: hub.directory.xet), uploadGrace: settings.uploadGrace))
        }
        return stores
    }

    /// Lets others work, and ends early when nobody wants the result any more.
    func breathe() async throws {
        try Task.checkCancellation()
        if let pause { try await Task.sleep(for: pause) }
    }
}
