import HubCore
import MirrorGateway
import WebPages

/// Jobs in the form in which pages show them.
enum JobViews {
    /// Files that a page shows.
    private static let shownFiles = 200
    /// Events that a page shows.
    private static let shownEvents = 500

    static func view(_ job: Job, _ gateway: Gateway) -> JobView {
        let rate = job.state == .running ? gateway.jobRates[job.id] : nil
        var view = JobView(
            id: job.id, kind: job.draft.kind, subject: job.draft.subject,
            state: JobView.State(rawValue: job.state.rawValue) ?? .queued)
        view.priority = job.draft.priority.word
        view.account = job.draft.account
        view.requestedBy = job.draft.requestedBy
        view.mirror = job.draft.mirror
        view.attempts = job.attempts
        view.waitsFor = job.waitsFor
        view.filesTotal = job.progress.filesTotal
        view.filesDone = job.progress.filesDone
        view.filesFailed = job.progress.filesFailed
        view.bytesTotal = job.progress.bytesTotal
        view.bytesDone = job.progress.bytesDone
        view.bytesFetched = job.progress.bytesFetched
        view.bytesPerSecond = rate?.bytesPerSecond
        view.secondsLeft = rate?.seconds(for: max(0, job.progress.bytesTotal - job.progress.bytesDone))
        view.upstream = job.upstream
        view.failure = job.failure?.message
        view.failureCode = job.failure?.code
        view.createdAt = job.createdAt
        view.startedAt = job.startedAt
        view.updatedAt = job.updatedAt
        view.finishedAt = job.finishedAt
        return view
    }

    /// What of a job changes on a page, in a line: two of them are compared.
    static func read(_ view: JobView) -> String {
        "\(view.state) \(view.bytesDone) \(view.bytesTotal) \(view.filesDone) \(view.filesTotal) "
            + "\(view.filesFailed) \(view.bytesPerSecond ?? -1) \(view.waitsFor ?? "") \(view.failure ?? "") "
            + "\(view.priority) \(view.attempts)"
    }

    static func files(of job: Int64, _ gateway: Gateway) async throws -> ([JobPage.File], hasMore: Bool) {
        let files = try await gateway.jobs.files(of: job, limit: shownFiles + 1)
        let shown = files.prefix(shownFiles).map { file in
            JobPage.File(
                path: file.path, size: file.size, bytes: file.state == .done ? file.size : file.bytes,
                state: file.state.rawValue, failure: file.failure)
        }
        return (shown, files.count > shownFiles)
    }

    /// What happened to a job, the newest last.
    static func log(of job: Int64, _ gateway: Gateway) async throws -> [JobPage.Line] {
        var (lines, last): ([JobPage.Line], Int64) = ([], 0)
        while true {
            let events = try await gateway.jobs.events(after: last, of: job, limit: 1_000)
            lines += events.map(line)
            lines = Array(lines.suffix(shownEvents))
            guard events.count == 1_000, let newest = events.last else { return lines }
            last = newest.sequence
        }
    }

    static func line(_ event: JobEvent) -> JobPage.Line {
        let word = event.kind.split(separator: ".", maxSplits: 1).last.map(String.init) ?? event.kind
        return JobPage.Line(
            sequence: event.sequence, at: event.at, word: word, by: text("by", in: event.content),
            detail: text("why", in: event.content) ?? text("message", in: event.content))
    }

    private static func text(_ name: String, in content: JSONValue) -> String? {
        guard case .object(let members) = content,
            case .string(let text)? = members.first(where: { $0.key == name })?.value
        else { return nil }
        return text
    }

    /// Bytes that came in each minute of the last hour, the oldest first: what a job fetched is spread evenly over the
    /// time that it ran.
    static func throughput(_ jobs: [Job], now: Int64) -> [Double] {
        let minutes = 60
        let begin = now - Int64(minutes) * 60_000
        var sums = [Double](repeating: 0, count: minutes)
        for job in jobs {
            guard job.progress.bytesFetched > 0, let start = job.startedAt else { continue }
            let end = max(job.finishedAt ?? (job.state == .running ? now : job.updatedAt), start + 1)
            guard end > begin else { continue }
            let perMillisecond = Double(job.progress.bytesFetched) / Double(end - start)
            for minute in 0..<minutes {
                let (from, to) = (begin + Int64(minute) * 60_000, begin + Int64(minute + 1) * 60_000)
                let overlap = min(end, to) - max(start, from)
                if overlap > 0 { sums[minute] += perMillisecond * Double(overlap) }
            }
        }
        return sums
    }
}
