extension DocumentReader {
    static let scanKeys = [
        "required", "importUpstreamStatus", "pickle", "remoteCode", "serveBeforeScan", "maxScanDelay",
    ]
    static let scheduleKeys = ["cron", "timezone", "jitter", "singleActive", "deletions"]
    static let retentionKeys = ["maxBytes", "maxAge", "keepRevisions", "pin", "evict", "minFree"]
    static let quotaKeys = ["subject", "bytesPerDay", "requestsPerMin", "storedBytes"]

    /// Reads the parts of a mirror's `spec` that no release enforces yet, and says so for each that is given.
    func readPlanned(_ fields: MappingFields, into planned: inout PlannedSettings) {
        for entry in fields.entries where ["scan", "schedule", "retention", "quotas", "recommend"].contains(entry.key) {
            notEnforced(entry.key, at: entry.keyLocation, pointer: entry.value.pointer)
        }
        planned.scan = fields["scan"].flatMap(scan)
        planned.provenance = fields["provenance"].flatMap(provenance)
        planned.schedule = fields["schedule"].flatMap(schedule)
        planned.retention = fields["retention"].flatMap(retention)
        planned.quotas =
            fields["quotas"].flatMap {
                items($0, "quotas", example: "quotas: [{subject: \"user:*\", bytesPerDay: 100GiB}]")
            }?
            .compactMap(quota) ?? []
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

    private func schedule(_ node: DocumentNode) -> ScheduleSettings? {
        guard let fields = fields(node, "schedule", keys: Self.scheduleKeys) else { return nil }
        let cron = required("cron", of: fields, example: "\"15 */4 * * *\"").flatMap { self.cron($0, "cron") }
        let timezone = fields["timezone"].flatMap(timezone)
        let jitter = fields["jitter"].flatMap { duration($0, "jitter") }
        let singleActive = fields["singleActive"].flatMap { boolean($0, "singleActive") }
        let deletions = fields["deletions"].flatMap { choice($0, "deletions", as: ScheduleSettings.Deletions.self) }
        guard let cron else { return nil }
        return ScheduleSettings(
            cron: cron, timezone: timezone ?? "UTC", jitter: jitter ?? .zero, singleActive: singleActive ?? true,
            deletions: deletions ?? .keep)
    }

    /// The form of an IANA name; whether the machine knows the zone is not this target's to ask.
    private func timezone(_ node: DocumentNode) -> String? {
        guard let text = text(node, "timezone") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isName =
            text.first?.isUppercase == true && (1...3).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) }
            }
        guard isName else {
            error(node, "'\(text)' is not a time zone", remedy: "write UTC or an IANA name such as Asia/Shanghai")
            return nil
        }
        return text
    }

    private func retention(_ node: DocumentNode) -> RetentionSettings? {
        guard let fields = fields(node, "retention", keys: Self.retentionKeys) else { return nil }
        var retention = RetentionSettings()
        retention.maximumBytes = fields["maxBytes"].flatMap { bytes($0, "maxBytes") }
        retention.maximumAge = fields["maxAge"].flatMap { duration($0, "maxAge", allowsZero: false) }
        retention.keepRevisions = fields["keepRevisions"].flatMap { integer($0, "keepRevisions", in: 1...1_000_000) }
        retention.pin = fields["pin"].map { globs($0, "pin", for: .repository) } ?? []
        retention.evict = fields["evict"].flatMap { choice($0, "evict") } ?? .lruSize
        retention.minimumFree = fields["minFree"].flatMap(reserve)
        return retention
    }

    private func reserve(_ node: DocumentNode) -> RetentionSettings.Reserve? {
        guard let text = text(node, "minFree") else { return nil }
        guard text.hasSuffix("%") else { return bytes(node, "minFree").map { .bytes($0) } }
        guard let percent = Int(text.dropLast()), (0...100).contains(percent) else {
            error(node, "'\(text)' is not a share for 'minFree'", remedy: "write 0% to 100%, or a size such as 50GiB")
            return nil
        }
        return .percent(percent)
    }

    private func quota(_ node: DocumentNode) -> Quota? {
        guard let fields = fields(node, "quota", keys: Self.quotaKeys) else { return nil }
        let subject = required("subject", of: fields, example: "\"user:*\"").flatMap(quotaSubject)
        let bytesPerDay = fields["bytesPerDay"].flatMap { bytes($0, "bytesPerDay") }
        let requests = fields["requestsPerMin"].flatMap { integer($0, "requestsPerMin", in: 0...1_000_000_000) }
        let stored = fields["storedBytes"].flatMap { bytes($0, "storedBytes") }
        if !fields.entries.contains(where: { $0.key != "subject" }) {
            error(node, "the quota limits nothing", remedy: "add bytesPerDay, requestsPerMin or storedBytes")
        }
        guard let subject else { return nil }
        return Quota(subject: subject, bytesPerDay: bytesPerDay, requestsPerMinute: requests, storedBytes: stored)
    }

    private func quotaSubject(_ node: DocumentNode) -> String? {
        guard let text = text(node, "subject") else { return nil }
        let name = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard name.count == 2, name[0] == "user" || name[0] == "org", !name[1].isEmpty else {
            error(
                node, "'\(text)' is not a subject",
                remedy: "write \"user:NAME\", \"org:NAME\", or * as the name for each")
            return nil
        }
        return text
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
