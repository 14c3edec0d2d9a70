import Foundation
import SQL

/// What two clocks said when the collector looked last: one that people set, one that only counts from the start of
/// the machine.
struct ReclaimClock: Sendable, Hashable {
    /// Milliseconds since 1970.
    let wall: Int64
    /// Milliseconds since the machine started.
    let machine: Int64
    /// Names that start of the machine.
    let start: String

    /// Milliseconds by which the two may drift apart before graces are counted anew.
    static let tolerance: Int64 = 3_600_000

    /// Whether the clock that people set has jumped since `earlier`: what looks old may be young then.
    func hasJumped(since earlier: ReclaimClock) -> Bool {
        // After a new start only a step back can be seen.
        guard start == earlier.start else { return wall < earlier.wall - Self.tolerance }
        return abs((wall - earlier.wall) - (machine - earlier.machine)) > Self.tolerance
    }

    /// Milliseconds since the machine started.
    static let sinceStart: @Sendable () -> Int64 = {
        var time = timespec()
        #if canImport(Darwin)
            clock_gettime(CLOCK_MONOTONIC, &time)
        #else
            clock_gettime(CLOCK_BOOTTIME, &time)
        #endif
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    static func now(_ clock: WallClock, machine: @Sendable () -> Int64) -> ReclaimClock {
        let id = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
        return ReclaimClock(
            wall: clock.now(), machine: machine(), start: String(decoding: id.prefix(36), as: UTF8.self))
    }

    var text: String { "\(wall) \(machine) \(start)" }

    init(wall: Int64, machine: Int64, start: String) {
        self.wall = wall
        self.machine = machine
        self.start = start
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let wall = Int64(parts[0]), let machine = Int64(parts[1]) else { return nil }
        self.init(wall: wall, machine: machine, start: String(parts[2]))
    }
}

extension Reclaimer {
    /// What may go, by the clocks.
    struct Steadiness: Sendable, Hashable {
        var files = true
        var gitObjects = true
    }

    /// Looks at the clocks, and counts every grace anew when the one that people set has jumped (F11).
    func steadiness(_ report: inout ReclaimReport) async throws -> Steadiness {
        let clock = ReclaimClock.now(hub.clock, machine: machine)
        let now = clock.wall
        let (earlier, jumpedAt) = try await database.read { connection in
            let earlier = try connection.first("SELECT content FROM gc_state WHERE name = 'clock'")
                .flatMap { ReclaimClock(try $0.text("content")) }
            let jump = try connection.first("SELECT content FROM gc_state WHERE name = 'jump'")
                .flatMap { Int64(try $0.text("content")) }
            return (earlier, jump)
        }
        let hasJumped = earlier.map { clock.hasJumped(since: $0) } ?? false
        if hasJumped { report.problems.append("The clock has jumped: what was to go is kept for its grace again.") }
        if !settings.isDryRun {
            do {
                try await database.write { connection in
                    try connection.upsert(
                        into: "gc_state", key: [("name", .text("clock"))], values: [("content", .text(clock.text))])
                    guard hasJumped else { return }
                    try connection.upsert(
                        into: "gc_state", key: [("name", .text("jump"))], values: [("content", .text(String(now)))])
                    try connection.execute("UPDATE gc_marks SET marked_at = ?", [.integer(now)])
                }
            } catch let error as DatabaseError where error.kind == .full {
                // Without room for the note the next run finds the same.
            }
        }
        guard !hasJumped else { return Steadiness(files: false, gitObjects: false) }
        return Steadiness(gitObjects: jumpedAt.map { now - $0 >= settings.gitGrace } ?? true)
    }
}
