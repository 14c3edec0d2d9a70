package import HubCore

/// What became of a bundle that was read.
package struct BundleImportReport: Codable, Sendable {
    package struct Repository: Codable, Sendable, Hashable {
        package let repository: String
        /// `published`, `unchanged` or `refused`; `publish` when nothing was to be changed.
        package let outcome: String
        package let commit: String
        /// Refs that moved, or would.
        package let refs: [String]
        /// Refs and files that were left out, and why.
        package let leftOut: [String]
        package let reason: String?
    }

    package let bundleId: String
    package let seq: Int64
    /// Id of the key that signed it.
    package let key: String
    package let dryRun: Bool
    package let repositories: [Repository]
    /// What the bundle needs and is not here.
    package let missing: [String]
    /// Bytes of blobs that are new here.
    package let bytes: Int64
}

/// How a bundle is taken.
package struct BundleImportOptions: Sendable {
    package var trust: BundleTrust
    /// What this site is called, for bundles that are for one site only.
    package var site: String?
    package var isDryRun = false
    /// Whether a bundle is taken that is older than the last one of its exporter.
    package var allowsOlder = false
    /// Whether refs may move to commits that do not descend from where they are.
    package var allowsRewinding = false
    /// Nil for the operator.
    package var principal: Principal?

    package init(trust: BundleTrust, principal: Principal? = nil) {
        self.trust = trust
        self.principal = principal
    }
}
