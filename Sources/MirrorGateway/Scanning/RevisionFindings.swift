import HubCore
package import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What was found in the files of a revision that are in git itself, and of all its paths seen together.
package struct RevisionFindings: Sendable, Hashable, Codable {
    /// One file that is not clean, or that nobody could read.
    package struct File: Sendable, Hashable, Codable {
        package var verdict: ScanVerdict
        package var findings: [ScanFinding]

        package init(verdict: ScanVerdict, findings: [ScanFinding]) {
            self.verdict = verdict
            self.findings = findings
        }
    }

    /// By path; a file in git that is not among them was found clean.
    package var files: [String: File] = [:]
    /// What shows only when all paths are seen together; a place begins with a path.
    package var whole: [ScanFinding] = []
    /// Of ClamAV, when it looked at all of these files; nil when it did not.
    package var malwareVersion: String?

    package init() {}

    /// The worst of all.
    package var verdict: ScanVerdict { max(whole.worst, files.values.map(\.verdict).max() ?? .clean) }

    /// Those of the whole that are about one file.
    package func whole(about path: String) -> [ScanFinding] {
        whole.filter { $0.place == path || $0.place.hasPrefix(path + ":") }
    }

    init?(_ record: RevisionScanRecord) {
        guard let read = try? JSONDecoder().decode(RevisionFindings.self, from: Data(record.findings.utf8)) else {
            return nil
        }
        self = read
    }

    func record(_ commit: CommitID, files count: Int, at now: Int64) throws -> RevisionScanRecord {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return RevisionScanRecord(
            commit: commit, version: Self.version, verdict: verdict.rawValue,
            findings: String(decoding: try encoder.encode(self), as: UTF8.self), files: Int64(count), scannedAt: now)
    }

    /// Under which results are kept: of our own scanners, and of how they are put together here.
    static let version = "\(ScanReport.currentVersion)"
}
