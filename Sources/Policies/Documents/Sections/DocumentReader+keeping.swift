extension DocumentReader {
    static let scheduleKeys = ["cron", "timezone", "jitter", "singleActive", "deletions"]
    static let retentionKeys = ["maxBytes", "maxAge", "keepRevisions", "pin", "evict", "minFree"]
    static let quotaKeys = ["subject", "bytesPerDay", "requestsPerMin", "storedBytes"]

    func quotas(_ node: DocumentNode) -> [Quota] {
        items(node, "quotas", example: "quotas: [{subject: \"user:*\", bytesPerDay: 100GiB}]")?.compactMap(quota) ?? []
    }

    func schedule(_ node: DocumentNode) -> ScheduleSettings? {
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

    func retention(_ node: DocumentNode) -> RetentionSettings? {
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
}
