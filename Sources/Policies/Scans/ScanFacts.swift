/// What is known of the scans of the content somebody asks for: one file, or the worst of all files of a revision.
package struct ScanFacts: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        /// Not all of it was looked at yet.
        case pending
        case done
    }

    package var state: State
    package var verdict: ScanVerdict
    /// The worst first, a few of them.
    package var findings: [ScanFinding]
    /// For how long it has been waiting to be looked at; nil when that is not known.
    package var pendingFor: Duration?

    package init(state: State, verdict: ScanVerdict, findings: [ScanFinding], pendingFor: Duration? = nil) {
        self.state = state
        self.verdict = verdict
        self.findings = findings
        self.pendingFor = pendingFor
    }
}
