extension DocumentReader {
    static let scanKeys = [
        "required", "importUpstreamStatus", "pickle", "remoteCode", "serveBeforeScan", "maxScanDelay",
    ]

    /// Reads the parts of a mirror's `spec` that no release enforces yet, and says so for each that is given.
    func readPlanned(_ fields: MappingFields, into planned: inout PlannedSettings) {
        for entry in fields.entries where ["scan", "recommend"].contains(entry.key) {
            notEnforced(entry.key, at: entry.keyLocation, pointer: entry.value.pointer)
        }
        planned.scan = fields["scan"].flatMap(scan)
        planned.provenance = fields["provenance"].flatMap(provenance)
        planned.recommend = fields["recommend"].flatMap(recommend)
    }

    private func scan(_ node: DocumentNode) -> ScanSettings? {
        guard let fields = fields(node, "scan", keys: Self.scanKeys) else { return nil }
        var scan = ScanSettings()
        scan.required = fields["required"].map { choices($0, "required") } ?? []
        scan.importUpstreamStatus =
            fields["importUpstreamStatus"].flatMap { boolean($0, "importUpstreamStatus") } ?? false
        if let pickle = fields["pickle"].flatMap({ self.fields($0, "pickle", keys: ["unknownGlobals", "dangerous"]) }) {
            scan.pickleUnknownGlobals = pickle["unknownGlobals"].flatMap { choice($0, "unknownGlobals") } ?? .review
            scan.pickleDangerous = pickle["dangerous"].flatMap { choice($0, "dangerous") } ?? .deny
        }
        scan.remoteCode = fields["remoteCode"].flatMap { choice($0, "remoteCode") }
        scan.serveBeforeScan = fields["serveBeforeScan"].flatMap { boolean($0, "serveBeforeScan") } ?? true
        scan.maximumDelay = fields["maxScanDelay"].flatMap { duration($0, "maxScanDelay") }
        return scan
    }

    private func provenance(_ node: DocumentNode) -> ProvenanceSettings? {
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

    private func recommend(_ node: DocumentNode) -> RecommendSettings? {
        guard let fields = fields(node, "recommend", keys: ["weights", "hardware", "exclude"]) else { return nil }
        var recommend = RecommendSettings()
        let signals = RecommendSettings.Signal.allCases
        if let weights = fields["weights"].flatMap({ self.fields($0, "weights", keys: signals.map(\.rawValue)) }) {
            for signal in signals {
                recommend.weights[signal] = weights[signal.rawValue].flatMap { fraction($0, signal.rawValue) }
            }
        }
        if let node = fields["hardware"] {
            recommend.hardware =
                items(node, "hardware", example: "hardware: [{name: a10, vram: 24GiB}]")?
                .compactMap(hardware) ?? []
        }
        recommend.exclude = fields["exclude"].map { choices($0, "exclude") } ?? []
        return recommend
    }

    private func hardware(_ node: DocumentNode) -> RecommendSettings.Hardware? {
        guard let fields = fields(node, "hardware", keys: ["name", "vram"]) else { return nil }
        let name = required("name", of: fields, example: "a10").flatMap { text($0, "name") }
        let memory = required("vram", of: fields, example: "24GiB").flatMap { bytes($0, "vram") }
        guard let name, let memory else { return nil }
        return .init(name: name, memory: memory)
    }
}
