import HubCore
import MirrorGateway
import Policies

/// The report as a bill of materials: models and data with their licences, declared and concluded, and their ancestors.
/// - SeeAlso: CycloneDX 1.6, JSON
struct ComplianceCycloneDX: ComplianceFormat {
    private var written: Set<String> = []
    private var isFirst = true

    mutating func beginning(_ head: ComplianceHead) -> String {
        let members = jsonText { json in
            json.object { json in
                json.member("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
                json.member("bomFormat", "CycloneDX")
                json.member("specVersion", "1.6")
                json.member("serialNumber", "urn:uuid:\(head.id)")
                json.member("version", 1)
                json.object("metadata") { json in
                    json.member("timestamp", SPDXTime.text(head.generatedAt))
                    json.object("tools") { json in
                        json.array("components") { json in
                            json.object { json in
                                json.member("type", "application")
                                json.member("name", "weir")
                                json.member("version", head.version)
                            }
                        }
                    }
                    json.object("component") { json in
                        json.member("type", "application")
                        json.member("bom-ref", "report")
                        json.member("name", head.title)
                    }
                    if let digest = head.policyDigest {
                        json.array("properties") { Self.property("weir:policyDigest", digest, to: &$0) }
                    }
                }
            }
        }
        return members.dropLast() + ",\"components\":["
    }

    mutating func entry(_ entry: ComplianceReport.Entry) -> String {
        let reference = entry.repository.id.description
        guard written.insert(reference.lowercased()).inserted else { return "" }
        defer { isFirst = false }
        return (isFirst ? "\n" : ",\n")
            + jsonText { json in
                json.object { json in
                    json.member("type", Self.type(entry.repository.id.kind))
                    json.member("bom-ref", reference)
                    json.member("group", entry.repository.id.namespace)
                    json.member("name", entry.repository.id.name)
                    json.member("version", entry.commit?.hex ?? entry.revision)
                    if let finding = entry.finding {
                        json.array("licenses") { json in
                            Self.license(finding.conclusion.declared, "declared", to: &json)
                            Self.license(finding.conclusion.concluded, "concluded", to: &json)
                        }
                    }
                    if let commit = entry.commit { json.member("purl", PackageURL.text(entry.repository.id, commit)) }
                    Self.pedigree(entry, to: &json)
                    Self.references(entry, to: &json)
                    json.array("properties") { Self.properties(entry, to: &$0) }
                }
            }
    }

    mutating func end() -> String { "\n]}\n" }

    private static func type(_ kind: HubCore.RepositoryKind) -> String {
        switch kind {
        case .model: "machine-learning-model"
        case .dataset, .prompt: "data"
        case .space, .code, .mcpserver, .skill: "application"
        }
    }

    /// Identifiers that are on SPDX's list and not on the one that CycloneDX 1.6 is checked with.
    private static let newerIdentifiers: Set<String> = [
        "BSD-2-Clause-pos-unchanged", "BSD-3-Clause-OpenWebUI", "BSD-Source-Code-no-disclaimer", "BSD-Source-alt-GPL",
        "BSD-ask-to-endorse", "Brian-Gladman-3-Clause-no-conversion", "Bugroff", "CC-BY-NC-3.0-IGO", "FDK-MPEG-H",
        "Hippocratic-3.0-core", "Informatica", "MVT-1.1", "atc-game",
    ]

    /// A licence of SPDX's list by its identifier, and any other by its name: a list may not hold two expressions.
    private static func license(_ expression: LicenseExpression, _ acknowledgement: String, to json: inout JSONWriter) {
        json.object { json in
            json.object("license") { json in
                if case .license(let license) = expression, license.recognition == .spdx,
                    !newerIdentifiers.contains(license.id)
                {
                    json.member("id", license.id)
                } else {
                    json.member("name", expression.description)
                }
                json.member("acknowledgement", acknowledgement)
            }
        }
    }

    private static func pedigree(_ entry: ComplianceReport.Entry, to json: inout JSONWriter) {
        let ancestors = entry.finding?.chain.dropFirst() ?? []
        guard !ancestors.isEmpty else { return }
        json.object("pedigree") { json in
            json.array("ancestors") { json in
                for link in ancestors {
                    json.object { json in
                        json.member("type", type(link.repository?.kind ?? .model))
                        if let id = link.repository {
                            json.member("group", id.namespace)
                            json.member("name", id.name)
                        } else {
                            json.member("name", link.name)
                        }
                        if let commit = link.commit {
                            json.member("version", commit.hex)
                            if let id = link.repository { json.member("purl", PackageURL.text(id, commit)) }
                        }
                        if !link.licenses.isEmpty {
                            json.array("licenses") {
                                license(LicenseExpression(declared: link.licenses), "declared", to: &$0)
                            }
                        }
                        json.array("properties") { json in
                            property("weir:knowledge", link.knowledge.rawValue, to: &json)
                        }
                    }
                }
            }
            let notes = entry.finding?.conclusion.chain ?? []
            if !notes.isEmpty { json.member("notes", notes.joined(separator: "\n")) }
        }
    }

    private static func references(_ entry: ComplianceReport.Entry, to json: inout JSONWriter) {
        guard let origin = entry.origin, let url = origin.url, url.hasPrefix("http") else { return }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        json.array("externalReferences") { json in
            json.object { json in
                json.member("type", "distribution")
                json.member("url", "\(base)/\(origin.path)")
                json.member("comment", "mirror \(origin.mirror), upstream \(origin.upstream)")
            }
        }
    }

    private static func properties(_ entry: ComplianceReport.Entry, to json: inout JSONWriter) {
        property("weir:verdict", entry.verdict, to: &json)
        for rule in entry.decision?.determining ?? [] {
            property("weir:rule", "\(rule.id) (\(rule.file):\(rule.line))", to: &json)
        }
        if let reason = entry.decision?.explanation { property("weir:reason", reason, to: &json) }
        if let approval = entry.approval { property("weir:approval", approval, to: &json) }
        for flag in entry.finding?.conclusion.flags.sorted() ?? [] {
            property("weir:licenseFlag", flag.rawValue, to: &json)
        }
        for conflict in entry.finding?.conclusion.conflicts ?? [] {
            property("weir:licenseConflict", conflict.description, to: &json)
        }
        if let at = entry.acquiredAt { property("weir:acquiredAt", JSONDate.text(milliseconds: at), to: &json) }
        if let by = entry.acquiredBy { property("weir:acquiredBy", by, to: &json) }
        if let problem = entry.problem { property("weir:problem", problem, to: &json) }
    }

    private static func property(_ name: String, _ value: String, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("value", value)
        }
    }
}
