/// One mirror: where its content comes from, what may pass, and how long answers hold.
package struct Mirror: Sendable, Hashable {
    /// What the mirror does with content it does not have.
    package enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Metadata only.
        case browse
        /// Fetched when asked for, and kept.
        case proxy
        /// As `proxy`, and what its rules allow is fetched ahead, by its schedule or when somebody asks for it.
        case mirror
        /// The upstream is never asked.
        case offline
    }

    package let name: String
    package let labels: [String: String]
    package let isEnabled: Bool
    package let mode: Mode
    /// By priority, then in the order of the file.
    package let upstreams: [UpstreamDocument]
    package let namespace: NamespaceMap
    package let cache: CacheSettings
    /// The outcome when no enforced `allow` rule applies.
    package let defaultOutcome: Decision.Outcome
    package let defaultLocation: SourceLocation
    package let rules: [Rule]
    package let license: LicenseRules?
    /// When it fetches ahead; nil: only when somebody asks for it.
    package let schedule: ScheduleSettings?
    package let retention: RetentionSettings?
    /// What users and organisations may use of it.
    package let quotas: [Quota]
    /// Which scans must pass; nil: none.
    package let scan: ScanSettings?
    /// How acquisitions are signed and checked.
    package let provenance: ProvenanceSettings?
    /// How recommendations are weighed.
    package let recommend: RecommendSettings?
    /// Who lets content under review pass; nil: those who may on the whole hub.
    package let approvals: ApprovalSettings?
    /// Where the document begins.
    package let location: SourceLocation
}
