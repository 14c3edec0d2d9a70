import HubCore
import MirrorGateway
import Policies

/// The report as a table. A cell that a spreadsheet would take for a formula is made a text.
/// - SeeAlso: RFC 4180
struct ComplianceCSV: ComplianceFormat {
    private static let headings = [
        "kind", "repository", "revision", "commit", "mirror", "upstream", "url", "upstreamRepository", "declared",
        "concluded", "flags", "conflicts", "unknownAncestors", "verdict", "rule", "reason", "approval", "acquiredAt",
        "acquiredBy", "problem",
    ]

    mutating func beginning(_ head: ComplianceHead) -> String { Self.row(Self.headings) }

    mutating func entry(_ entry: ComplianceReport.Entry) -> String {
        let conclusion = entry.finding?.conclusion
        let rules = entry.decision?.determining ?? []
        return Self.row([
            entry.repository.id.kind.rawValue, entry.repository.id.path, entry.revision, entry.commit?.hex ?? "",
            entry.origin?.mirror ?? "", entry.origin?.upstream ?? "", entry.origin?.url ?? "", entry.origin?.path ?? "",
            conclusion?.declared.description ?? "", conclusion?.concluded.description ?? "",
            (conclusion?.flags ?? []).sorted().map(\.rawValue).joined(separator: " "),
            (conclusion?.conflicts ?? []).map(\.description).joined(separator: "; "),
            (conclusion?.unknownAncestors ?? []).map { $0.joined(separator: " ← ") }.joined(separator: "; "),
            entry.verdict, rules.map { "\($0.id) (\($0.file):\($0.line))" }.joined(separator: "; "),
            entry.decision?.explanation ?? "", entry.approval ?? "",
            entry.acquiredAt.map { JSONDate.text(milliseconds: $0) } ?? "", entry.acquiredBy ?? "", entry.problem ?? "",
        ])
    }

    mutating func end() -> String { "" }

    static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// Characters with which spreadsheets begin formulas.
    private static let formulas: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%"]

    static func cell(_ text: String) -> String {
        var text = String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        // Full-width forms count as the plain ones in some programs, and so does what follows a space.
        let first = text.unicodeScalars.first { $0 != " " }
        if let first, formulas.contains(first) || [0xFF1D, 0xFF0B, 0xFF0D, 0xFF20].contains(first.value) {
            text = "'" + text
        }
        guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "'" || $0 == ";" }) else {
            return text
        }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
