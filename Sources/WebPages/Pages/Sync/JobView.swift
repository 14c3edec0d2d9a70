/// A job as pages show it.
package struct JobView: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        case queued, running, paused, succeeded, failed, cancelled

        package var hasEnded: Bool { self == .succeeded || self == .failed || self == .cancelled }
    }

    /// What people do with jobs. The word stands in the address.
    package enum Action: String, Sendable, CaseIterable {
        case pause, resume, cancel, retry
    }

    package var id: Int64
    package var kind: String
    package var subject: String
    package var state: State
    package var priority = "normal"
    package var account = ""
    package var requestedBy: String?
    package var mirror: String?
    package var attempts = 0
    /// Why it does not go on, in the hub's words.
    package var waitsFor: String?
    package var filesTotal: Int64 = 0
    package var filesDone: Int64 = 0
    package var filesFailed: Int64 = 0
    package var bytesTotal: Int64 = 0
    package var bytesDone: Int64 = 0
    package var bytesFetched: Int64 = 0
    package var bytesPerSecond: Int64?
    package var secondsLeft: Int64?
    package var upstream: String?
    package var failure: String?
    package var failureCode: String?
    /// Milliseconds since 1970.
    package var createdAt: Int64 = 0
    package var startedAt: Int64?
    package var updatedAt: Int64 = 0
    package var finishedAt: Int64?

    package init(id: Int64, kind: String, subject: String, state: State) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.state = state
    }

    package var address: String { "/console/jobs/\(id)" }

    /// The subject without the kind of repository in front of it.
    package var title: String { subject.hasPrefix("model:") ? String(subject.dropFirst(6)) : subject }

    /// From 0 to 1; nil before anybody knows how much it will be.
    package var share: Double? {
        if state == .succeeded { return 1 }
        guard bytesTotal > 0 else { return nil }
        return min(1, Double(bytesDone) / Double(bytesTotal))
    }

    /// What can be done with it as it stands.
    package var actions: [Action] {
        switch state {
        case .queued: waitsFor == nil ? [.pause, .cancel] : [.retry, .pause, .cancel]
        case .running: [.pause, .cancel]
        case .paused: [.resume, .cancel]
        case .failed, .cancelled: [.retry]
        case .succeeded: []
        }
    }

    /// `10.1 / 16.4 GB`, or how many files where no bytes are counted.
    package func amount(_ t: L10n) -> String {
        if bytesTotal > 0 { return t.jobAmount(t.bytes(bytesDone), of: t.bytes(bytesTotal)) }
        if filesTotal > 0 { return t.jobFiles(filesDone, of: filesTotal) }
        return "–"
    }

    package func chip(_ t: L10n) -> StateChip {
        switch state {
        case .running: StateChip(.info, icon: "refresh-cw", text: t.jobState(state))
        case .queued: StateChip(waitsFor == nil ? .neutral : .warn, icon: "clock", text: t.jobState(state))
        case .paused: StateChip(.warn, icon: "pause", text: t.jobState(state))
        case .succeeded: StateChip(filesFailed > 0 ? .warn : .ok, icon: "check", text: t.jobState(state))
        case .failed: StateChip(.bad, icon: "x", text: t.jobState(state))
        case .cancelled: StateChip(.neutral, icon: "ban", text: t.jobState(state))
        }
    }

    /// Why it waits or failed, for people; nil while nothing is to be said.
    package func reason(_ t: L10n) -> String? {
        switch state {
        case .failed: failure.map { t.jobFailed($0) }
        case .queued: t.jobWaits(waitsFor)
        case .running, .paused: waitsFor.map { t.jobWaits($0) }
        case .succeeded: filesFailed > 0 ? t.jobSomeFailed(filesFailed) : nil
        case .cancelled: nil
        }
    }

    /// What the window's title begins with.
    package func windowTitle(_ t: L10n) -> String {
        if state == .running, let share { return "\(t.percent(share)) · \(title)" }
        return "\(t.jobState(state)) · \(title)"
    }

    /// `10.1 / 16.4 GB · 118 MB/s · 00:53 left`.
    package func line(_ t: L10n) -> String {
        var parts = [amount(t)]
        if state == .running, let bytesPerSecond { parts.append(t.rate(bytesPerSecond: Double(bytesPerSecond))) }
        if state == .running, let secondsLeft, secondsLeft > 0 {
            parts.append(t.jobLeft(t.clock(seconds: secondsLeft)))
        }
        return parts.joined(separator: " · ")
    }

    /// The bar with its numbers; with no total, none is drawn that would only move.
    package func progress(_ t: L10n) -> HTML {
        guard share != nil else { return "<span class=\"progress-note\">\(line(t))</span>" }
        let total = max(bytesTotal, 1)
        return ProgressLine.view(
            done: state == .succeeded ? total : bytesDone, of: total, label: t.jobProgress(title), note: line(t))
    }
}
