/// `metadata.name` and where it stands.
struct DocumentName {
    let text: String
    let location: SourceLocation
}

/// One document, read.
struct DocumentContent {
    enum Body {
        case mirror(Mirror)
        case set(PolicySet)
    }

    let name: DocumentName?
    let body: Body
}

extension DocumentReader {
    private static let version = "weir/v1"

    private enum Kind: String, CaseIterable {
        case mirror = "Mirror"
        case policySet = "PolicySet"
    }

    /// Reads a whole document; nil when it is so broken that nothing in it can be named.
    func document(_ node: DocumentNode) -> DocumentContent? {
        guard let fields = fields(node, "document", keys: ["apiVersion", "kind", "metadata", "spec"]) else {
            return nil
        }
        if let version = required("apiVersion", of: fields, example: Self.version),
            text(version, "apiVersion").map({ $0 != Self.version }) == true
        {
            error(version, "'apiVersion' is not \(Self.version)", remedy: "write apiVersion: \(Self.version)")
        }
        let kind = required("kind", of: fields, example: "Mirror").flatMap { choice($0, "kind", as: Kind.self) }
        let metadata = required("metadata", of: fields, example: "{name: …}").flatMap(metadata)
        guard let spec = required("spec", of: fields, example: "{…}") else { return nil }
        let name = metadata?.name
        let body: DocumentContent.Body?
        switch kind {
        case .policySet: body = policySet(spec, name: name?.text ?? "").map { .set($0) }
        case .mirror, nil:
            body = mirror(spec, name: name?.text ?? "", labels: metadata?.labels ?? [:], at: node.location)
                .map { .mirror($0) }
        }
        return body.map { DocumentContent(name: name, body: $0) }
    }

    private func metadata(_ node: DocumentNode) -> (name: DocumentName?, labels: [String: String])? {
        guard let fields = fields(node, "metadata", keys: ["name", "labels"]) else { return nil }
        var labels: [String: String] = [:]
        if let node = fields["labels"] {
            if case .mapping(let entries) = node.content {
                for entry in entries { labels[entry.key] = text(entry.value, entry.key) }
            } else {
                wrongType(node, "labels", "a mapping", remedy: "write labels: {env: prod}")
            }
        }
        return (required("name", of: fields, example: "my-mirror").flatMap(documentName), labels)
    }

    private func documentName(_ node: DocumentNode) -> DocumentName? {
        guard let text = text(node, "name") else { return nil }
        let isName =
            text.utf8.count <= 63
            && text.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" }
        guard isName else {
            error(node, "'\(text)' is not a name", remedy: "use 1 to 63 characters of a-z, 0-9 and -")
            return nil
        }
        return DocumentName(text: text, location: node.location)
    }

    private func policySet(_ node: DocumentNode, name: String) -> PolicySet? {
        guard let fields = fields(node, "spec", keys: ["enabled", "rules", "license"]) else { return nil }
        let isEnabled = fields["enabled"].flatMap { boolean($0, "enabled") } ?? true
        let rules = fields["rules"].map(rules) ?? []
        let license = fields["license"].flatMap(licenseRules)
        return PolicySet(name: name, rules: isEnabled ? rules : [], license: isEnabled ? license : nil)
    }
}
