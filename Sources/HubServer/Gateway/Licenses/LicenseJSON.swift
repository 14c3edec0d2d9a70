import HubCore
package import MirrorGateway
import Policies

/// What is known of a repository's licences, as JSON.
package enum LicenseJSON {
    /// - Parameter showsAll: whether names are told of what not everybody may see.
    package static func write(_ entry: ComplianceReport.Entry, showsAll: Bool, to json: inout JSONWriter) {
        json.object { json in
            json.member("repository", entry.repository.id.description)
            json.member("kind", entry.repository.id.kind.rawValue)
            json.member("revision", entry.revision)
            json.member("commit", entry.commit?.hex)
            json.member("decision", entry.decision?.outcome.rawValue ?? "allow")
            json.member("verdict", entry.verdict)
            json.member("reason", entry.decision?.explanation)
            json.array("determiningRules") { json in
                for rule in entry.decision?.determining ?? [] {
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
            json.member("policyDigest", entry.decision?.policyDigest)
            json.member("approval", entry.approval)
            json.key("origin")
            if let origin = entry.origin {
                json.object { json in
                    json.member("mirror", origin.mirror)
                    json.member("upstream", origin.upstream)
                    json.member("url", origin.url)
                    json.member("repository", origin.path)
                }
            } else {
                json.null()
            }
            json.member("acquiredAt", time: entry.acquiredAt)
            json.member("acquiredBy", entry.acquiredBy)
            json.member("problem", entry.problem)
            json.key("license")
            if let finding = entry.finding { write(finding, showsAll: showsAll, to: &json) } else { json.null() }
        }
    }

    package static func write(_ finding: LicenseFinding, showsAll: Bool, to json: inout JSONWriter) {
        let conclusion = finding.conclusion
        json.object { json in
            json.member("declared", conclusion.declared.description)
            json.member("declaredSource", conclusion.declaredSource.rawValue)
            json.member("own", conclusion.own.description)
            json.member("concluded", conclusion.concluded.description)
            json.array("flags") { json in
                for obligation in conclusion.obligations {
                    json.object { json in
                        json.member("flag", obligation.flag.rawValue)
                        json.member("license", obligation.license)
                        json.member("path", obligation.path)
                    }
                }
            }
            json.array("chain") { json in
                for term in conclusion.terms {
                    json.object { json in
                        json.member("license", term.expression.description)
                        json.member("path", term.path)
                        json.member("relation", term.relation?.rawValue)
                        json.member("source", term.source.rawValue)
                        json.member("evidence", term.evidence)
                        json.member("count", term.count)
                    }
                }
            }
            conflicts("conflicts", conclusion.conflicts, to: &json)
            conflicts("advisories", conclusion.advisories, to: &json)
            json.array("unknownAncestors") { json in
                for path in conclusion.unknownAncestors { json.array { for name in path { $0.value(name) } } }
            }
            json.member("truncated", conclusion.isTruncated)
            json.array("lineage") { json in
                for link in finding.chain { write(link, showsAll: showsAll, to: &json) }
            }
            evidence(finding.evidence, to: &json)
            json.member("remarks", finding.remarks)
        }
    }

    private static func conflicts(_ name: String, _ conflicts: [LicenseConflict], to json: inout JSONWriter) {
        json.array(name) { json in
            for conflict in conflicts {
                json.object { json in
                    json.member("kind", conflict.kind.rawValue)
                    json.member("text", conflict.text)
                    json.member("path", conflict.path)
                }
            }
        }
    }

    private static func write(_ link: LicenseFinding.Link, showsAll: Bool, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", link.name)
            if showsAll { json.member("repository", link.repository?.description) }
            json.member("commit", link.commit?.hex)
            json.member("knowledge", link.knowledge.rawValue)
            json.member("licenses", link.licenses)
            json.array("parents") { json in
                for parent in link.parents {
                    json.object { json in
                        json.member("name", parent.id)
                        json.member("relation", parent.relation.rawValue)
                    }
                }
            }
        }
    }

    private static func evidence(_ evidence: LicenseEvidence, to json: inout JSONWriter) {
        json.object("evidence") { json in
            json.member("card", evidence.card)
            json.member("name", evidence.name)
            json.member("link", evidence.link)
            json.member("tags", evidence.tags)
            json.key("texts")
            if let texts = evidence.texts {
                json.array { json in
                    for text in texts {
                        json.object { json in
                            let match = LicenseFinding.match(of: text)
                            json.member("path", text.path)
                            json.member("sha256", text.sha256)
                            json.member("size", text.size)
                            json.member("license", match?.expression.description)
                            json.key("confidence")
                            if let match { json.value(match.confidence) } else { json.null() }
                            json.member("words", LicenseFinding.words(of: text))
                        }
                    }
                }
            } else {
                json.null()
            }
        }
    }
}
