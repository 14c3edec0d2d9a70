import Crypto
import HubCore
import MirrorGateway
import NIOCore
import Policies

/// The report as an SPDX document: packages with what they declare and what is concluded, and what derives from what.
/// - SeeAlso: SPDX 2.3, JSON
struct ComplianceSPDX: ComplianceFormat {
    /// What something was made from that has no package of its own yet.
    private struct Mentioned {
        let name: String
        let licenses: [String]
    }

    private struct Relationship: Hashable {
        let from: String
        let to: String
        let isDataset: Bool
    }

    private var written: Set<String> = []
    private var mentioned: [String: Mentioned] = [:]
    private var relationships: Set<Relationship> = []
    private var references = SPDXReferences()
    private var isFirst = true

    mutating func beginning(_ head: ComplianceHead) -> String {
        let members = jsonText { json in
            json.object { json in
                json.member("spdxVersion", "SPDX-2.3")
                json.member("dataLicense", "CC0-1.0")
                json.member("SPDXID", "SPDXRef-DOCUMENT")
                json.member("name", head.title)
                json.member("documentNamespace", "urn:uuid:\(head.id)")
                json.object("creationInfo") { json in
                    json.member("created", SPDXTime.text(head.generatedAt))
                    json.member("creators", ["Tool: weir-\(head.version)"])
                    if let digest = head.policyDigest { json.member("comment", "policy \(digest)") }
                }
            }
        }
        return members.dropLast() + ",\"packages\":["
    }

    mutating func entry(_ entry: ComplianceReport.Entry) -> String {
        let id = Self.id("\(entry.repository.id)")
        guard written.insert(id).inserted else { return "" }
        mentioned[id] = nil
        note(entry)
        let conclusion = entry.finding?.conclusion
        let declared = references.text(conclusion?.declared)
        let concluded = references.text(conclusion?.concluded)
        return separated(
            jsonText { json in
                json.object { json in
                    json.member("SPDXID", id)
                    json.member("name", entry.repository.id.path)
                    json.member("versionInfo", entry.commit?.hex ?? entry.revision)
                    json.member("primaryPackagePurpose", entry.repository.id.kind == .dataset ? "FILE" : "OTHER")
                    json.member("downloadLocation", Self.location(entry))
                    json.member("filesAnalyzed", false)
                    json.member("licenseDeclared", declared)
                    json.member("licenseConcluded", concluded)
                    json.member("licenseComments", Self.comments(entry))
                    json.member("copyrightText", "NOASSERTION")
                    json.member("supplier", "NOASSERTION")
                    if let commit = entry.commit {
                        json.array("externalRefs") { json in
                            json.object { json in
                                json.member("referenceCategory", "PACKAGE-MANAGER")
                                json.member("referenceType", "purl")
                                json.member("referenceLocator", PackageURL.text(entry.repository.id, commit))
                            }
                        }
                    }
                }
            })
    }

    mutating func end() -> String {
        var text = ""
        for (id, mentioned) in mentioned.sorted(by: { $0.key < $1.key }) where written.insert(id).inserted {
            let declared = references.text(
                mentioned.licenses.isEmpty ? nil : LicenseExpression(declared: mentioned.licenses))
            text += separated(
                jsonText { json in
                    json.object { json in
                        json.member("SPDXID", id)
                        json.member("name", mentioned.name)
                        json.member("downloadLocation", "NOASSERTION")
                        json.member("filesAnalyzed", false)
                        json.member("licenseDeclared", declared)
                        json.member("licenseConcluded", "NOASSERTION")
                        json.member("copyrightText", "NOASSERTION")
                        json.member("comment", "Something here was made from it; it is not part of what is reported.")
                    }
                })
        }
        let rest = jsonText { json in
            json.object { json in
                json.array("relationships") { json in
                    for id in written.sorted() {
                        Self.relationship("SPDXRef-DOCUMENT", "DESCRIBES", id, to: &json)
                    }
                    for each in relationships.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) })
                    where written.contains(each.from) && written.contains(each.to) {
                        Self.relationship(
                            each.from, each.isDataset ? "GENERATED_FROM" : "DESCENDANT_OF", each.to, to: &json)
                    }
                }
                json.array("hasExtractedLicensingInfos") { json in
                    for (id, name) in references.all {
                        json.object { json in
                            json.member("licenseId", id)
                            json.member("name", name)
                            json.member(
                                "extractedText",
                                "The terms that are called '\(name)'. Their words are in the repositories that name them."
                            )
                        }
                    }
                }
            }
        }
        return text + "\n]," + rest.dropFirst() + "\n"
    }

    private mutating func separated(_ object: String) -> String {
        defer { isFirst = false }
        return (isFirst ? "\n" : ",\n") + object
    }

    private static func relationship(_ from: String, _ type: String, _ to: String, to json: inout JSONWriter) {
        json.object { json in
            json.member("spdxElementId", from)
            json.member("relationshipType", type)
            json.member("relatedSpdxElement", to)
        }
    }

    /// Remembers what an entry was made from, by names, until it is known which of them are reported themselves.
    private mutating func note(_ entry: ComplianceReport.Entry) {
        let links = entry.finding?.chain ?? []
        let ids = Dictionary(
            links.map { ($0.name, Self.id($0.repository.map(\.description) ?? "name \($0.name)")) }
        ) { first, _ in first }
        for (index, link) in links.enumerated() {
            guard let id = ids[link.name] else { continue }
            if index > 0, !written.contains(id), mentioned[id] == nil {
                mentioned[id] = Mentioned(name: link.repository?.path ?? link.name, licenses: link.licenses)
            }
            for parent in link.parents {
                guard let to = ids[parent.id], to != id else { continue }
                relationships.insert(Relationship(from: id, to: to, isDataset: parent.relation == .dataset))
            }
        }
    }

    private static func id(_ name: String) -> String {
        "SPDXRef-" + Hexadecimal.encode(SHA256.hash(data: Array(name.lowercased().utf8))).prefix(24)
    }

    private static func location(_ entry: ComplianceReport.Entry) -> String {
        guard let origin = entry.origin, let url = origin.url, url.hasPrefix("http") else { return "NOASSERTION" }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let place = entry.repository.id.kind == .model ? "" : "\(entry.repository.id.kind.plural)/"
        return "git+\(base)/\(place)\(origin.path)" + (entry.commit.map { "@\($0.hex)" } ?? "")
    }

    private static func comments(_ entry: ComplianceReport.Entry) -> String {
        var parts = ["verdict: \(entry.verdict)"]
        if let reason = entry.decision?.explanation { parts.append("reason: \(reason)") }
        guard let conclusion = entry.finding?.conclusion else { return parts.joined(separator: "; ") }
        if !conclusion.flags.isEmpty {
            parts.append("flags: " + conclusion.flags.sorted().map(\.rawValue).joined(separator: ", "))
        }
        parts += conclusion.conflicts.map { "conflict: \($0.description)" }
        return parts.joined(separator: "; ")
    }
}

/// Licences as SPDX writes them, with a note of those that its list does not have.
struct SPDXReferences: Sendable {
    private var names: [String: String] = [:]

    /// Identifiers of the document's own licences with their names, sorted.
    var all: [(id: String, name: String)] { names.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    /// An expression by SPDX's grammar; `NOASSERTION` where nothing is known.
    mutating func text(_ expression: LicenseExpression?) -> String {
        guard let expression, expression != .license(.unknown) else { return "NOASSERTION" }
        if case .license(let license) = expression, license.id == License.unknown.id { return "NOASSERTION" }
        return render(expression)
    }

    private mutating func render(_ expression: LicenseExpression) -> String {
        switch expression {
        case .license(let license): return id(license)
        case .with(let license, let exception):
            // An exception loosens a licence that SPDX knows; to any other it is part of the name.
            guard license.recognition == .spdx else {
                return reference("\(license.id)-with-\(exception)", name: "\(license.declared) WITH \(exception)")
            }
            return "\(license.id) WITH \(exception)"
        case .all(let parts): return joined(parts, " AND ")
        case .any(let parts): return joined(parts, " OR ")
        }
    }

    private mutating func joined(_ parts: [LicenseExpression], _ word: String) -> String {
        var texts: [String] = []
        for part in parts {
            switch part {
            case .all, .any: texts.append("(\(render(part)))")
            default: texts.append(render(part))
            }
        }
        return texts.joined(separator: word)
    }

    private mutating func id(_ license: License) -> String {
        if license.recognition == .spdx { return license.id }
        return reference(license.id, name: license.declared)
    }

    private mutating func reference(_ id: String, name: String) -> String {
        let bare = id.lowercased().hasPrefix("licenseref-") ? String(id.dropFirst("licenseref-".count)) : id
        let safe = String(
            bare.unicodeScalars.prefix(100).map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == ".")
                    ? Character(scalar) : "-"
            })
        let reference = "LicenseRef-" + (safe.isEmpty ? "unnamed" : safe)
        if names[reference] == nil { names[reference] = name.onOneLine }
        return reference
    }
}

/// Times as SPDX writes them: whole seconds.
enum SPDXTime {
    static func text(_ milliseconds: Int64) -> String {
        let text = JSONDate.text(milliseconds: milliseconds)
        guard let dot = text.lastIndex(of: ".") else { return text }
        return text[..<dot] + "Z"
    }
}

/// Addresses of packages.
/// - SeeAlso: purl-spec, type `huggingface`
enum PackageURL {
    static func text(_ id: RepositoryID, _ commit: CommitID) -> String {
        let place = id.kind == .model ? "" : "?repository_type=\(id.kind.rawValue)"
        return "pkg:huggingface/\(id.namespace)/\(id.name)@\(commit.hex)\(place)"
    }
}
