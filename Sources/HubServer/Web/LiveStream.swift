import HubCore
import MirrorGateway
import NIOCore
import WebPages

/// Keeps pages about jobs fresh: markup of what changed, as Server-Sent Events.
///
/// What happened has a number, after which a browser goes on that was cut off, whichever process answers it then. How far
/// a job is has none, for the next says it all.
/// - SeeAlso: https://html.spec.whatwg.org/multipage/server-sent-events.html
struct LiveStream: Sendable {
    /// What a page is about.
    enum Topic: Sendable, Hashable {
        case jobs
        case job(Int64)
    }

    let gateway: Gateway
    /// Of the reader, as it was when he came.
    let reader: PageContext
    let topics: [Topic]
    /// Nil for who may see all.
    let audience: JobQuery.Audience?
    let maySteer: Bool
    let after: Int64

    /// After which the browser asks anew, with the number of the last event.
    private static let longest = Duration.seconds(1_800)
    private static let heartbeat = Duration.seconds(15)
    /// Between two writes: at most four events a second of a job.
    private static let pause = Duration.milliseconds(250)
    private static let runningAtMost = 100

    /// Writes until the browser leaves, the server stops, or it has been long enough.
    func send(to writer: BodyWriter) async throws {
        try await WakeLoop.run(on: gateway.jobs.signal.changes()) { try await write(to: writer, at: $0) }
    }

    private func write(to writer: BodyWriter, at wakes: AsyncStream<Void>) async throws {
        try await writer.send("retry: 1000\n\n")
        let began = ContinuousClock.now
        var spoke = began
        var last = after
        var told: [Int64: String] = [:]
        for await _ in wakes {
            guard began.duration(to: .now) < Self.longest else { return }
            var text = ""
            let (news, sequence, touched) = try await happened(after: last)
            last = sequence
            text += news
            text += try await progress(touched, since: &told)
            // A browser that is cut off goes on after what it has, also where none of it was for this page.
            if !text.isEmpty, news.isEmpty { text = "id: \(last)\n" + text }
            if text.isEmpty, spoke.duration(to: .now) >= Self.heartbeat { text = ": still here\n\n" }
            guard !text.isEmpty else { continue }
            try await writer.send(text)
            spoke = .now
            try await Task.sleep(for: Self.pause)
        }
    }

    /// What the markup is made for: ages are told as they are now.
    private var context: PageContext {
        var context = reader
        context.now = gateway.hub.clock.now()
        return context
    }

    // MARK: What happened

    private func happened(after start: Int64) async throws -> (text: String, last: Int64, jobs: Set<Int64>) {
        var (text, last): (String, Int64) = ("", start)
        var touched: Set<Int64> = []
        while true {
            let events = try await gateway.jobs.events(after: last, of: only, limit: 500)
            for event in try await JobEventStream.visible(events, to: audience, gateway.jobs) {
                guard let job = event.job else { continue }
                touched.insert(job)
                if topics.contains(.job(job)) {
                    let line = JobPage.line(JobViews.line(event), appending: true, context)
                    text += Self.event(line, id: event.sequence)
                }
            }
            last = events.last?.sequence ?? last
            guard events.count == 500 else { return (text, last, touched) }
        }
    }

    /// The one job that all topics are about; nil for several.
    private var only: Int64? {
        if topics.count == 1, case .job(let id) = topics[0] { id } else { nil }
    }

    // MARK: How far it is

    private func progress(_ touched: Set<Int64>, since told: inout [Int64: String]) async throws -> String {
        var jobs: [Int64: Job] = [:]
        for case .job(let id) in topics {
            if let job = try await gateway.jobs.job(id) { jobs[id] = job }
        }
        if topics.contains(.jobs) {
            let running = JobQuery(states: [.running], audience: audience, limit: Self.runningAtMost)
            for job in try await gateway.jobs.jobs(running).jobs { jobs[job.id] = job }
            for id in touched.sorted().prefix(Self.runningAtMost) where jobs[id] == nil {
                if let job = try await gateway.jobs.job(id) { jobs[id] = job }
            }
        }
        var text = ""
        for job in jobs.values.sorted(by: { $0.id < $1.id }) {
            let view = JobViews.view(job, gateway)
            var markup = HTML()
            if topics.contains(.job(job.id)) {
                markup += JobPage.now(view, maySteer: maySteer, context)
                let (files, hasMore) = try await JobViews.files(of: job.id, gateway)
                markup += JobPage.files(files, hasMore: hasMore, view, context)
            }
            if topics.contains(.jobs) { markup += JobRow.view(view, maySteer: maySteer, context) }
            // Tokens of forms differ each time: what is compared is what people read.
            let read = JobViews.read(view)
            guard told[job.id] != read else { continue }
            told[job.id] = read
            text += Self.event(markup, id: nil)
        }
        return text
    }

    private static func event(_ markup: HTML, id: Int64?) -> String {
        let lines = markup.string.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let data = lines.map { "data: \($0)\n" }.joined()
        return (id.map { "id: \($0)\n" } ?? "") + "event: fragment\n\(data)\n"
    }
}
