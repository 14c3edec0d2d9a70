import HubCore
import MirrorGateway
import NIOCore

/// Events as they happen, in the form of Server-Sent Events, and how far jobs are that run.
///
/// What happened has a number, after which a client goes on that was cut off; how far a job is has none, for the next
/// says it all.
/// - SeeAlso: https://html.spec.whatwg.org/multipage/server-sent-events.html
struct JobEventStream: Sendable {
    let jobs: JobStore
    let rates: JobRates
    /// Nil for who may see all.
    let audience: JobQuery.Audience?
    /// Only of this job.
    let job: Int64?
    let after: Int64

    /// After which the client asks anew, with the number of the last event.
    private static let longest = Duration.seconds(1_800)
    private static let heartbeat = Duration.seconds(15)
    /// Jobs that are told of at once.
    private static let runningAtMost = 100

    /// Writes until the client leaves, the server stops, or it has been long enough.
    func send(to writer: BodyWriter) async throws {
        try await WakeLoop.run(on: jobs.signal.changes()) { try await write(to: writer, at: $0) }
    }

    private func write(to writer: BodyWriter, at wakes: AsyncStream<Void>) async throws {
        try await writer.send("retry: 2000\n\n")
        let began = ContinuousClock.now
        var spoke = began
        var last = after
        var told: [Int64: Int64] = [:]
        for await _ in wakes {
            guard began.duration(to: .now) < Self.longest else { return }
            var text = ""
            while true {
                let events = try await jobs.events(after: last, of: job, limit: 500)
                for event in try await Self.visible(events, to: audience, jobs) {
                    text += Self.text(event.kind, id: event.sequence) { JobJSON.write(event, to: &$0) }
                }
                last = events.last?.sequence ?? last
                guard events.count == 500 else { break }
                if !text.isEmpty { try await writer.send(text) }
                text = ""
            }
            text += try await progress(since: &told)
            if text.isEmpty, spoke.duration(to: .now) >= Self.heartbeat { text = ": still here\n\n" }
            guard !text.isEmpty else { continue }
            try await writer.send(text)
            spoke = .now
        }
    }

    /// How far those are that run and have changed.
    private func progress(since told: inout [Int64: Int64]) async throws -> String {
        let running =
            if let job {
                try await jobs.job(job).map { [$0] } ?? []
            } else {
                try await jobs.jobs(JobQuery(states: [.running], audience: audience, limit: Self.runningAtMost)).jobs
            }
        var text = ""
        var now: [Int64: Int64] = [:]
        for job in running {
            now[job.id] = job.updatedAt
            guard told[job.id] != job.updatedAt else { continue }
            text += Self.text("job.progress", id: nil) { JobJSON.write(job, rate: rates[job.id], to: &$0) }
        }
        told = now
        return text
    }

    private static func text(_ kind: String, id: Int64?, _ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return (id.map { "id: \($0)\n" } ?? "") + "event: \(kind.onOneLine)\ndata: \(String(buffer: json.buffer))\n\n"
    }

    /// Of events those that are of jobs an audience sees; what is of no job is for operators.
    static func visible(
        _ events: [JobEvent], to audience: JobQuery.Audience?, _ jobs: JobStore
    ) async throws -> [JobEvent] {
        guard let audience else { return events }
        var seen: [Int64: Bool] = [:]
        var visible: [JobEvent] = []
        for event in events {
            guard let id = event.job else { continue }
            let isSeen: Bool
            if let known = seen[id] {
                isSeen = known
            } else {
                isSeen = try await jobs.job(id).map(audience.sees) ?? false
                seen[id] = isSeen
            }
            if isSeen { visible.append(event) }
        }
        return visible
    }
}
