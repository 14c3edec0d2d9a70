/// What one scanner found in one blob, as it is stored. Verdicts and findings are the scanner's words: this target knows
/// no policy.
package struct ScanRecord: Sendable, Hashable {
    /// Who looked at it.
    package enum Scanner: String, Sendable, Hashable, CaseIterable {
        /// Weir's own scanners.
        case weir
        /// ClamAV's daemon.
        case clamav
    }

    package let digest: BlobID
    package let scanner: Scanner
    /// Of the scanner and what it knows.
    package let version: String
    /// Bytes that were looked at.
    package let size: Int64
    /// What the bytes are.
    package let format: String
    package let verdict: String
    /// A JSON array.
    package let findings: String
    /// Milliseconds since 1970.
    package let scannedAt: Int64
    /// How long it took.
    package let milliseconds: Int64

    package init(
        digest: BlobID, scanner: Scanner, version: String, size: Int64, format: String, verdict: String,
        findings: String, scannedAt: Int64, milliseconds: Int64
    ) {
        self.digest = digest
        self.scanner = scanner
        self.version = version
        self.size = size
        self.format = format
        self.verdict = verdict
        self.findings = findings
        self.scannedAt = scannedAt
        self.milliseconds = milliseconds
    }
}

/// What was found of the files of a revision that are in git itself, and of all its paths seen together.
package struct RevisionScanRecord: Sendable, Hashable {
    package let commit: CommitID
    package let version: String
    package let verdict: String
    /// A JSON object: what was found by path, and of the whole.
    package let findings: String
    /// How many files in git were looked at.
    package let files: Int64
    /// Milliseconds since 1970.
    package let scannedAt: Int64

    package init(
        commit: CommitID, version: String, verdict: String, findings: String, files: Int64, scannedAt: Int64
    ) {
        self.commit = commit
        self.version = version
        self.verdict = verdict
        self.findings = findings
        self.files = files
        self.scannedAt = scannedAt
    }
}

/// What an upstream says of the scans of one of its revisions.
package struct UpstreamScanRecord: Sendable, Hashable {
    package let upstream: String
    /// Whether its scans of the revision are at an end.
    package let isDone: Bool
    /// Files that it found something in, with its own word for how bad that is.
    package let issues: [String: String]
    /// Milliseconds since 1970.
    package let askedAt: Int64

    package init(upstream: String, isDone: Bool, issues: [String: String], askedAt: Int64) {
        self.upstream = upstream
        self.isDone = isDone
        self.issues = issues
        self.askedAt = askedAt
    }
}
