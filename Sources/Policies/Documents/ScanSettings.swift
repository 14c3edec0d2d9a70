/// Which scans must pass before content is served.
package struct ScanSettings: Sendable, Hashable {
    package enum Scanner: String, Sendable, Hashable, CaseIterable {
        case pickle
        case safetensors
        case gguf
        case secrets
        case malware
    }

    /// What is not served before it is understood: what these cannot tell is held for review.
    package var required: [Scanner] = []
    /// Whether what an upstream says of its files counts against them. It never counts for them.
    package var importUpstreamStatus = false
    package var pickleUnknownGlobals: RuleAction = .review
    package var pickleDangerous: RuleAction = .deny
    /// What is done with code that a revision brings along; nil: it is only told.
    package var remoteCode: RuleAction?
    package var serveBeforeScan = true
    /// For how long content may wait for its scan before it counts as not understood; nil for ``usualDelay``.
    package var maximumDelay: Duration?
    /// Where the block is written.
    package var location: SourceLocation

    /// The rule id under which scans decide.
    package static let ruleID = "scan"
    /// The rule id under which content is held that was not scanned yet.
    package static let pendingRuleID = "scan-pending"
    package static let usualDelay = Duration.seconds(600)

    package var effectiveDelay: Duration { maximumDelay ?? Self.usualDelay }

    package init(location: SourceLocation) { self.location = location }
}
