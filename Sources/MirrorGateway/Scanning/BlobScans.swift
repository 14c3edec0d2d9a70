package import HubCore
package import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What every scanner found in one blob.
package struct BlobScans: Sendable, Hashable {
    package let digest: BlobID
    /// What our own scanners found; nil before they looked.
    package let report: ScanReport?
    /// What ClamAV found; nil before it looked.
    package let malware: ScanReport?
    /// Of ClamAV and its signatures.
    package let malwareVersion: String?
    /// Milliseconds since 1970, of our own scanners.
    package let scannedAt: Int64?
    /// Whether our own scanners, as they are now, made the report.
    package let isCurrent: Bool

    package init(_ digest: BlobID, _ records: [ScanRecord]) {
        self.digest = digest
        let own = records.first { $0.scanner == .weir }
        let clamav = records.first { $0.scanner == .clamav }
        report = own.map(ScanReport.init)
        malware = clamav.map(ScanReport.init)
        malwareVersion = clamav?.version
        scannedAt = own?.scannedAt
        isCurrent = own?.version == Self.version
    }

    /// Under which results of our own scanners are kept.
    package static let version = String(ScanReport.currentVersion)

    /// The worst of all; nil before our own scanners looked.
    package var verdict: ScanVerdict? {
        report.map { own in malware.map { max(own.verdict, $0.verdict) } ?? own.verdict }
    }

    /// Everything that was found, the worst first.
    package var findings: [ScanFinding] {
        ((report?.findings ?? []) + (malware?.findings ?? [])).worstFirst
    }

    /// What was found, with what the name adds that the bytes have in one place.
    package func findings(under path: String) -> [ScanFinding] {
        guard let report, !path.isEmpty else { return findings }
        return (findings + FileScanner.nameFindings(name: path, format: report.format)).worstFirst
    }
}

extension Sequence<ScanFinding> {
    /// The same findings, the worst of them first.
    package var worstFirst: [ScanFinding] { sorted { $0.verdict > $1.verdict } }

    /// The worst verdict; clean where there is none.
    package var worst: ScanVerdict { map(\.verdict).max() ?? .clean }
}

extension ScanReport {
    /// Findings beyond these are not kept: the verdict stays.
    static let keptFindings = 100

    init(_ record: ScanRecord) {
        let findings = ScanFindingsText.decode(record.findings)
        self.init(
            version: Int(record.version) ?? 0, format: record.format,
            // What cannot be read is not known, and never clean.
            verdict: findings == nil ? .unknown : ScanVerdict(rawValue: record.verdict) ?? .unknown,
            findings: findings ?? [])
    }
}

/// Findings as the text of a database column.
enum ScanFindingsText {
    static func encode(_ findings: some Collection<ScanFinding>) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(Array(findings.prefix(ScanReport.keptFindings))), as: UTF8.self)
    }

    /// Nil when the text is something else.
    static func decode(_ text: String) -> [ScanFinding]? {
        try? JSONDecoder().decode([ScanFinding].self, from: Data(text.utf8))
    }
}
