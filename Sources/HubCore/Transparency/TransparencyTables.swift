import Crypto
import SQL

/// What the log says that tables say too, gathered while it is read.
struct TransparencyTables: Sendable {
    struct AuditLeaf: Sendable {
        let index: Int64
        let sequence: Int64
        let hash: String
    }

    private struct Commit: Hashable {
        let repository: Int64
        let commit: String
    }

    private struct Reference: Hashable {
        let repository: Int64
        let name: String
    }

    /// Audit leaves of the page that is read.
    var audit: [AuditLeaf] = []
    private var lastAudit: Int64?
    /// Provenance records by what they are about.
    private var records: [Commit: (index: Int64, record: String, contents: String?)] = [:]
    /// Where refs stand; nil for those that are gone.
    private var refs: [Reference: String?] = [:]

    mutating func take(_ entry: TransparencyEntry, _ report: inout TransparencyReport) {
        guard let detail = entry.content?["detail"] else { return }
        switch TransparencyLeaf.Kind(rawValue: entry.kind) {
        case .audit:
            guard case .integer(let sequence) = detail["sequence"], let hash = detail["hash"]?.string else { return }
            if let lastAudit, sequence != lastAudit &+ 1 {
                report.note("The log's entry \(entry.index) follows the audit record \(lastAudit) by \(sequence).")
            }
            lastAudit = sequence
            audit.append(AuditLeaf(index: entry.index, sequence: sequence, hash: hash))
        case .acquisition:
            guard let key = entry.repository, let commit = detail["commit"]?.string,
                let record = detail["record"]?.string
            else { return }
            records[Commit(repository: key, commit: commit)] = (entry.index, record, detail["contents"]?.string)
        case .ref:
            guard let key = entry.repository, let ref = detail["ref"]?.string else { return }
            refs[Reference(repository: key, name: ref)] = .some(detail["to"]?.string)
        default: break
        }
    }

    func compare(in connection: any Connection, _ report: inout TransparencyReport) throws {
        try compareAuditEnd(in: connection, &report)
        try compareRecords(in: connection, &report)
        try compareRefs(in: connection, &report)
    }

    private func compareAuditEnd(in connection: any Connection, _ report: inout TransparencyReport) throws {
        let last = try connection.first("SELECT seq FROM audit ORDER BY seq DESC LIMIT 1")?.integer("seq") ?? 0
        if last != lastAudit ?? 0 {
            report.note("The audit log ends with record \(last), the transparency log with record \(lastAudit ?? 0).")
        }
    }

    private func compareRecords(in connection: any Connection, _ report: inout TransparencyReport) throws {
        var seen: Set<Commit> = []
        try connection.forEach("SELECT repository_id, commit_id, record, record_sha256 FROM provenance") { row in
            let commit = Commit(repository: try row.integer("repository_id"), commit: try row.text("commit_id"))
            let name = "The provenance record of \(commit.commit) in repository \(commit.repository)"
            let json = try row.text("record")
            let digest = Hexadecimal.encode(SHA256.hash(data: Array(json.utf8)))
            seen.insert(commit)
            guard let leaf = records[commit] else {
                report.note("\(name) is not in the log.")
                return true
            }
            if try digest != row.text("record_sha256") || digest != leaf.record {
                report.note("\(name) is not what the log's entry \(leaf.index) says.")
            } else if let contents = leaf.contents, contents != ProvenanceRecord.contents(ofRecord: json) {
                report.note("\(name) names other files than the log's entry \(leaf.index).")
            }
            return true
        }
        var living: [Int64: Bool] = [:]
        for (commit, leaf) in records where !seen.contains(commit) {
            // What was removed with its repository is told by the log only.
            if living[commit.repository] == nil {
                living[commit.repository] =
                    try connection.first("SELECT id FROM repositories WHERE id = ?", [.integer(commit.repository)])
                    != nil
            }
            guard living[commit.repository] == true else { continue }
            report.note(
                "The provenance record of \(commit.commit) in repository \(commit.repository) is missing; "
                    + "the log's entry \(leaf.index) tells of it.")
        }
    }

    private func compareRefs(in connection: any Connection, _ report: inout TransparencyReport) throws {
        var seen: Set<Reference> = []
        var local: Set<Int64> = []
        try connection.forEach("SELECT id FROM repositories WHERE origin = 'local'") { row in
            local.insert(try row.integer("id"))
            return true
        }
        try connection.forEach("SELECT repository_id, name, target FROM refs") { row in
            let ref = Reference(repository: try row.integer("repository_id"), name: try row.text("name"))
            guard local.contains(ref.repository) else { return true }
            seen.insert(ref)
            let target = try row.text("target")
            let logged = refs[ref] ?? nil
            if logged != target {
                report.note(
                    "\(ref.name) of repository \(ref.repository) is at \(target), the log says "
                        + "\(logged ?? "that it is not there").")
            }
            return true
        }
        for (ref, target) in refs where local.contains(ref.repository) && !seen.contains(ref) {
            guard let target else { continue }
            report.note("\(ref.name) of repository \(ref.repository) is missing; the log says that it is at \(target).")
        }
    }
}
