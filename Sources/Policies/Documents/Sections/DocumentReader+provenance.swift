extension DocumentReader {
    /// Reads a `provenance` block.
    func provenance(_ node: DocumentNode) -> ProvenanceSettings? {
        guard let fields = fields(node, "provenance", keys: ["record", "sign", "requireSignature", "attach"]) else {
            return nil
        }
        for entry in fields.entries where ["sign", "requireSignature", "attach"].contains(entry.key) {
            notEnforced("provenance." + entry.key, at: entry.keyLocation, pointer: entry.value.pointer)
        }
        if let record = fields["record"], boolean(record, "record") == false {
            diagnostics.add(
                .notice, at: record.location, pointer: record.pointer,
                "'provenance.record: false' is parsed but not enforced yet: acquisitions are always recorded")
        }
        var provenance = ProvenanceSettings()
        if let sign = fields["sign"].flatMap({ self.fields($0, "sign", keys: ["keyFile"]) }) {
            provenance.signingKeyFile = required("keyFile", of: sign, example: "/run/secrets/gateway.key")
                .flatMap { absolutePath($0, "keyFile") }
        }
        if let require = fields["requireSignature"].flatMap({
            self.fields($0, "requireSignature", keys: ["trustedKeys", "when"])
        }) {
            provenance.trustedKeys =
                require["trustedKeys"].flatMap {
                    items($0, "trustedKeys", example: "trustedKeys: [/etc/weir/keys/*.pub]")
                }?.compactMap { absolutePath($0, "trustedKeys") } ?? []
            provenance.requireSignatureWhen = require["when"].flatMap { expression($0, "when") }?.text
        }
        provenance.attach = fields["attach"].map { choices($0, "attach") } ?? []
        return provenance
    }
}
