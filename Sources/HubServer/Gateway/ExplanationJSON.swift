import HubCore
import MirrorGateway
import Policies

/// An explanation in the shape of policy-files.md §3.
enum ExplanationJSON {
    static func response(_ explanation: Explanation) -> HubResponse {
        .json { json in
            json.object { json in
                json.member("repository", explanation.repository.description)
                json.member("mirror", explanation.mirror)
                json.member("decision", explanation.decision?.outcome.rawValue ?? "allow")
                json.member("reason", explanation.decision?.explanation ?? explanation.remark)
                json.array("determiningRules") { json in
                    for rule in explanation.decision?.determining ?? [] {
                        json.object { json in
                            json.member("id", rule.id)
                            json.member("file", rule.file)
                            json.member("line", rule.line)
                            json.member("column", rule.column)
                            json.member("action", rule.action.rawValue)
                            json.member("enforcement", rule.enforcement.rawValue)
                        }
                    }
                }
                json.object("facts") { json in
                    for fact in explanation.decision?.facts ?? [] where fact.name != "scan" {
                        json.member(fact.name, fact.value)
                    }
                    if let scan = explanation.decision?.scan {
                        json.member("scanState", scan.state == .done ? "done" : "pending")
                        json.member("scanVerdict", scan.verdict.rawValue)
                        json.array("scan") { json in
                            for finding in scan.findings { json.value(finding) }
                        }
                    }
                }
                json.member("notEvaluated", explanation.decision?.notEvaluated ?? [])
                json.member("policyDigest", explanation.decision?.policyDigest)
                json.member("remedy", explanation.decision?.remedy ?? [])
                json.member("remark", explanation.remark)
                json.key("license")
                if let finding = explanation.license {
                    LicenseJSON.write(finding, showsAll: false, to: &json)
                } else {
                    json.null()
                }
            }
        }
    }
}
