/// Which scans must pass before content is served.
package struct ScanSettings: Sendable, Hashable {
    package enum Scanner: String, Sendable, Hashable, CaseIterable {
        case pickle
        case safetensors
        case gguf
        case secrets
        case malware
    }

    package var required: [Scanner] = []
    package var importUpstreamStatus = false
    package var pickleUnknownGlobals: RuleAction = .review
    package var pickleDangerous: RuleAction = .deny
    package var remoteCode: RuleAction?
    package var serveBeforeScan = true
    package var maximumDelay: Duration?
}
