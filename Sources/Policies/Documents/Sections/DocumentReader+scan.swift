extension DocumentReader {
    static let scanKeys = [
        "required", "importUpstreamStatus", "pickle", "remoteCode", "serveBeforeScan", "maxScanDelay",
    ]

    /// Reads a `scan` block.
    func scan(_ node: DocumentNode) -> ScanSettings? {
        guard let fields = fields(node, "scan", keys: Self.scanKeys) else { return nil }
        notEnforced("scan", at: node.location, pointer: node.pointer)
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
}
