extension DocumentReader {
    static let mirrorKeys = [
        "enabled", "upstreams", "mode", "namespace", "cache", "default", "rules", "license", "scan", "provenance",
        "schedule", "retention", "quotas", "recommend", "approvals",
    ]

    /// Reads the `spec` of a mirror.
    func mirror(_ node: DocumentNode, name: String, labels: [String: String], at location: SourceLocation) -> Mirror? {
        guard let fields = fields(node, "spec", keys: Self.mirrorKeys) else { return nil }
        let upstreams = required("upstreams", of: fields, example: "[{name: …, type: …, url: …}]").map(upstreams) ?? []
        let mode = fields["mode"].flatMap { choice($0, "mode", as: Mirror.Mode.self) } ?? .proxy
        let license = fields["license"].flatMap(licenseRules)
        let rules = fields["rules"].map(rules) ?? []
        return Mirror(
            name: name, labels: labels, isEnabled: fields["enabled"].flatMap { boolean($0, "enabled") } ?? true,
            mode: mode, upstreams: upstreams, namespace: fields["namespace"].flatMap(namespace) ?? NamespaceMap(),
            cache: fields["cache"].flatMap(cache) ?? CacheSettings(),
            defaultOutcome: fields["default"].flatMap { choice($0, "default") } ?? .allow,
            defaultLocation: fields.location(of: "default") ?? location, rules: rules, license: license,
            schedule: fields["schedule"].flatMap(schedule), retention: fields["retention"].flatMap(retention),
            quotas: fields["quotas"].map(quotas) ?? [], scan: fields["scan"].flatMap(scan),
            provenance: fields["provenance"].flatMap(provenance), recommend: fields["recommend"].flatMap(recommend),
            approvals: fields["approvals"].flatMap(approvals), location: location)
    }

    private func namespace(_ node: DocumentNode) -> NamespaceMap? {
        guard let fields = fields(node, "namespace", keys: ["map", "onConflict"]) else { return nil }
        var map = NamespaceMap()
        map.onConflict = fields["onConflict"].flatMap { choice($0, "onConflict") } ?? map.onConflict
        guard let mapNode = fields["map"] else { return map }
        guard case .mapping(let entries) = mapNode.content else {
            wrongType(mapNode, "map", "a mapping", remedy: "write map: {\"*\": \"hf-{owner}\"}")
            return map
        }
        map.entries = entries.compactMap(namespaceEntry)
        return map
    }

    private func namespaceEntry(_ entry: DocumentNode.Entry) -> NamespaceMap.Entry? {
        let isPattern =
            !entry.key.isEmpty
            && entry.key.unicodeScalars.allSatisfy { Self.isNameScalar($0) || $0 == "*" || $0 == "?" }
        guard isPattern else {
            diagnostics.add(
                .error, at: entry.keyLocation, pointer: entry.value.pointer,
                "'\(entry.key)' is not a pattern for an owner", remedy: "use a name, or a name with * and ?")
            return nil
        }
        guard let template = text(entry.value, entry.key) else { return nil }
        let literal = template.replacing("{owner}", with: "", maxReplacements: 1)
        let segments = template.split(separator: "/", omittingEmptySubsequences: false)
        guard literal.unicodeScalars.allSatisfy({ Self.isNameScalar($0) || $0 == "/" }),
            segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else {
            error(
                entry.value, "'\(template)' is not a namespace",
                remedy: "write a name, in which {owner} may stand once, such as hf-{owner}")
            return nil
        }
        return NamespaceMap.Entry(
            pattern: SimpleWildcard(entry.key), template: template, location: entry.value.location)
    }

    private static func isNameScalar(_ scalar: UnicodeScalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            || "-_.".unicodeScalars.contains(scalar)
    }

    private func cache(_ node: DocumentNode) -> CacheSettings? {
        guard let fields = fields(node, "cache", keys: ["ttl", "serveStale", "chunk"]) else { return nil }
        var cache = CacheSettings()
        if let ttl = fields["ttl"].flatMap({ self.fields($0, "ttl", keys: ["ref", "list", "negative"]) }) {
            cache.refTTL = ttl["ref"].flatMap { duration($0, "ref") } ?? cache.refTTL
            cache.listTTL = ttl["list"].flatMap { duration($0, "list") } ?? cache.listTTL
            cache.negativeTTL = ttl["negative"].flatMap { duration($0, "negative") } ?? cache.negativeTTL
        }
        if let stale = fields["serveStale"].flatMap({ self.fields($0, "serveStale", keys: ["maxAge"]) }) {
            cache.serveStaleMaximumAge =
                stale["maxAge"].flatMap { duration($0, "maxAge") } ?? cache.serveStaleMaximumAge
        }
        if let chunk = fields["chunk"], let bytes = bytes(chunk, "chunk") {
            cache.chunk = bytes
            if bytes <= 0 { error(chunk, "'chunk' is zero", remedy: "write a size such as 8MiB") }
            notEnforced("chunk", at: chunk.location, pointer: chunk.pointer)
        }
        return cache
    }
}
