extension DocumentReader {
    /// Reads a `provenance` block.
    func provenance(_ node: DocumentNode) -> ProvenanceSettings? {
        guard let fields = fields(node, "provenance", keys: ["record", "sign", "requireSignature", "attach"]) else {
            return nil
        }
        var provenance = ProvenanceSettings()
        provenance.recordsStatements = fields["record"].flatMap { boolean($0, "record") } ?? true
        if let sign = fields["sign"].flatMap({ self.fields($0, "sign", keys: ["keyFile"]) }) {
            provenance.signingKeyFile = required("keyFile", of: sign, example: "/run/secrets/gateway.key")
                .flatMap { absolutePath($0, "keyFile") }
        }
        provenance.requiredSignature = fields["requireSignature"].flatMap(requiredSignature)
        provenance.attach = fields["attach"].map { choices($0, "attach") } ?? []
        if !provenance.recordsStatements, let sign = fields["sign"] {
            error(
                sign, "'sign' has nothing to sign with 'record: false'",
                remedy: "leave one of them out; the plain record of what came in is kept in either case")
        }
        return provenance
    }

    private func requiredSignature(_ node: DocumentNode) -> ProvenanceSettings.RequiredSignature? {
        guard let fields = fields(node, "requireSignature", keys: ["trustedKeys", "when"]) else { return nil }
        let nodes =
            fields["trustedKeys"].flatMap {
                items($0, "trustedKeys", example: "trustedKeys: [/etc/weir/keys/*.pub]")
            } ?? []
        let keys = nodes.compactMap { item in
            absolutePath(item, "trustedKeys").map {
                ProvenanceSettings.TrustedKeyFiles(pattern: $0, location: item.location)
            }
        }
        if nodes.isEmpty {
            error(
                node, "'requireSignature' names no trusted keys, so that nothing could pass",
                remedy: "write trustedKeys: [/etc/weir/keys/*.pub]")
        }
        for key in keys where key.pattern.split(separator: "/").dropLast().contains(where: { $0.contains("*") }) {
            diagnostics.add(
                .error, at: key.location, pointer: node.pointer,
                "'\(key.pattern)' has a wildcard in the name of a folder", remedy: "use it in the name of the file only"
            )
        }
        return ProvenanceSettings.RequiredSignature(
            trustedKeys: keys, condition: fields["when"].flatMap { expression($0, "when") }, location: node.location)
    }
}
