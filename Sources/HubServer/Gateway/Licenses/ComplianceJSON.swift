import HubCore
import MirrorGateway
import Policies

/// The report as one JSON object: a head, the repositories, and how many of each verdict there were.
struct ComplianceJSON: ComplianceFormat {
    private var counts: [String: Int] = [:]
    private var isFirst = true

    mutating func beginning(_ head: ComplianceHead) -> String {
        let members = jsonText { json in
            json.object { json in
                json.member("generatedAt", time: head.generatedAt)
                json.member("organization", head.organisation)
                json.member("policyDigest", head.policyDigest)
            }
        }
        return members.dropLast() + ",\"repositories\":["
    }

    mutating func entry(_ entry: ComplianceReport.Entry) -> String {
        counts[entry.verdict, default: 0] += 1
        defer { isFirst = false }
        return (isFirst ? "\n" : ",\n") + jsonText { LicenseJSON.write(entry, showsAll: true, to: &$0) }
    }

    mutating func end() -> String {
        let totals = jsonText { json in
            json.object { json in
                for (verdict, count) in counts.sorted(by: { $0.key < $1.key }) { json.member(verdict, count) }
            }
        }
        return "\n],\"verdicts\":\(totals)}\n"
    }
}

extension ComplianceReport.Entry {
    /// `allow`, `review`, `deny`, or `local` for what no policy applies to.
    package var verdict: String { decision?.outcome.rawValue ?? "local" }

    /// `acme/demo@0123abc`, or without a commit where nothing is stored.
    var name: String { "\(repository.id.path)@\(commit?.hex ?? revision)" }
}
