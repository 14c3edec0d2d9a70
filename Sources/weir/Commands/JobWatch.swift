import Foundation
import HubCore
import HubServer

/// Follows jobs: bars that are drawn over each other on a terminal, a line of JSON for each change otherwise.
struct JobWatch {
    let jobs: JobStore
    let clock: WallClock
    let isForPeople: Bool

    /// Jobs that are drawn at once.
    private static let shownAtMost = 20

    /// Returns when all have ended.
    /// - Parameter ids: none for all that have not ended.
    /// - Returns: whether one of those named has failed.
    func run(_ ids: [Int64]) async throws -> Bool {
        var rates: [Int64: JobRate] = [:]
        var told: [Int64: Int64] = [:]
        var lines = 0
        while true {
            let watched = try await look(ids, told)
            for job in watched where job.state == .running {
                rates[job.id, default: JobRate()].record(job.progress.bytesFetched, at: clock.now())
            }
            if isForPeople {
                lines = draw(watched, rates, over: lines)
            } else {
                for job in watched where told[job.id] != job.updatedAt {
                    print(JobText.json(job, rate: rates[job.id]))
                }
                fflush(nil)
            }
            for job in watched { told[job.id] = job.updatedAt }
            if watched.allSatisfy(\.state.isTerminal) {
                return !ids.isEmpty && watched.contains { $0.state == .failed }
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func look(_ ids: [Int64], _ told: [Int64: Int64]) async throws -> [Job] {
        var found: [Job] = []
        let active: [Job]
        if ids.isEmpty {
            // Those that ran are looked at once more, to tell how they ended.
            active = try await jobs.jobs(JobQuery(states: [.running, .queued, .paused], limit: 1_000)).jobs
        } else {
            active = []
        }
        let known = Set(active.map(\.id))
        for id in ids.isEmpty ? told.keys.filter({ !known.contains($0) }) : ids {
            guard let job = try await jobs.job(id) else {
                guard ids.isEmpty else { throw HubError(.notFound, "There is no job \(id).") }
                continue
            }
            found.append(job)
        }
        return (found + active).sorted { $0.id < $1.id }
    }

    private func draw(_ watched: [Job], _ rates: [Int64: JobRate], over lines: Int) -> Int {
        // Those that run are what people look at.
        let shown = watched.sorted { ($0.state == .running ? 0 : 1, $0.id) < ($1.state == .running ? 0 : 1, $1.id) }
            .prefix(Self.shownAtMost)
        var text = lines > 0 ? "\u{1B}[\(lines)A" : ""
        for job in shown { text += "\u{1B}[K\(JobLine.bar(job, rates[job.id]))\n" }
        var count = shown.count
        if watched.count > shown.count {
            text += "\u{1B}[Kand \(watched.count - shown.count) more\n"
            count += 1
        }
        text += "\u{1B}[J"
        FileHandle.standardOutput.write(Data(text.utf8))
        return count
    }
}

/// Jobs for people, one a line.
enum JobLine {
    static func text(_ job: Job) -> String {
        let progress = job.progress
        let amount =
            progress.bytesTotal > 0
            ? "\(ByteCount(progress.bytesDone)) of \(ByteCount(progress.bytesTotal)), "
                + "\(progress.filesDone) of \(progress.filesTotal) files"
            : "-"
        return "\(job.id)\t\(job.state.rawValue)\t\(job.draft.priority.word)\t\(job.draft.kind)\t"
            + "\(job.draft.subject.onOneLine)\t\(amount)\t\(reason(job) ?? "")"
    }

    static func text(_ file: JobFile) -> String {
        "  \(file.state.rawValue)\t\(ByteCount(file.size))\t\(file.path.onOneLine)"
            + (file.failure.map { "\t\($0.onOneLine)" } ?? "")
    }

    static func bar(_ job: Job, _ rate: JobRate?) -> String {
        let progress = job.progress
        let share =
            job.state == .succeeded
            ? 1 : progress.bytesTotal > 0 ? min(1, Double(progress.bytesDone) / Double(progress.bytesTotal)) : 0
        let width = 24
        let full = Int(share * Double(width))
        var line = "\(job.id) \(job.draft.subject.onOneLine.prefix(40)) "
        line += "[\(String(repeating: "#", count: full))\(String(repeating: ".", count: width - full))] "
        line += "\(Int(share * 100))% \(ByteCount(progress.bytesDone))/\(ByteCount(progress.bytesTotal))"
        if job.state == .running, let speed = rate?.bytesPerSecond {
            line += " \(ByteCount(speed))/s"
            if let seconds = rate?.seconds(for: progress.bytesTotal - progress.bytesDone) {
                line += " \(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60) left"
            }
            if let upstream = job.upstream { line += " from \(upstream.onOneLine)" }
        } else {
            line += " \(job.state.rawValue)"
        }
        if let reason = reason(job) { line += ": \(reason)" }
        return String(line.prefix(columns))
    }

    private static func reason(_ job: Job) -> String? {
        (job.failure?.message ?? job.waitsFor)?.onOneLine
    }

    /// Characters of a terminal's line: a longer one would spoil the drawing of the next.
    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col) - 1
    }
}
