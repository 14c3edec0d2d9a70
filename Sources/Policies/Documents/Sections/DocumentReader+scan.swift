extension DocumentReader {
    static let scanKeys = [
        "required", "importUpstreamStatus", "pickle", "remoteCode", "serveBeforeScan", "maxScanDelay",
    ]

    /// Reads a `scan` block.
    func scan(_ node: DocumentNode) -> ScanSettings? {
        guard let fields = fields(node, "scan", keys: Self.scanKeys) else { return nil }
        var scan = ScanSettings(location: node.location)
        scan.required = fields["required"].map { choices($0, "required") } ?? []
        scan.importUpstreamStatus =
            fields["importUpstreamStatus"].flatMap { boolean($0, "importUpstreamStatus") } ?? false
        if let pickle = fields["pickle"].flatMap({ self.fields($0, "pickle", keys: ["unknownGlobals", "dangerous"]) }) {
            scan.pickleUnknownGlobals = pickle["unknownGlobals"].flatMap { choice($0, "unknownGlobals") } ?? .review
            scan.pickleDangerous = pickle["dangerous"].flatMap { choice($0, "dangerous") } ?? .deny
            if scan.pickleDangerous.outcome < scan.pickleUnknownGlobals.outcome, let dangerous = pickle["dangerous"] {
                warning(
                    dangerous, "'dangerous' is let through more easily than 'unknownGlobals'",
                    remedy: "what is dangerous should be refused at least as strictly")
            }
        }
        scan.remoteCode = fields["remoteCode"].flatMap { choice($0, "remoteCode") }
        scan.serveBeforeScan = fields["serveBeforeScan"].flatMap { boolean($0, "serveBeforeScan") } ?? true
        if let delay = fields["maxScanDelay"] {
            scan.maximumDelay = duration(delay, "maxScanDelay")
            if scan.serveBeforeScan {
                warning(
                    delay, "'maxScanDelay' does nothing while content is served before it is scanned",
                    remedy: "say 'serveBeforeScan: false'")
            }
        }
        return scan
    }
}
