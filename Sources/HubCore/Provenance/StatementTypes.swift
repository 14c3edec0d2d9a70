/// The URIs by which statements and what is in them are told apart. They name, and need not lead anywhere.
package enum StatementTypes {
    /// What begins all names of our own; `.invalid` belongs to nobody (RFC 2606).
    private static let base = "https://weir.invalid/"

    /// How something was made or came: SLSA provenance v1.
    package static let provenance = "https://slsa.dev/provenance/v1"
    /// What was found when it was checked: SLSA verification summary v1.
    package static let verification = "https://slsa.dev/verification_summary/v1"
    /// Who wrote a commit here, and by which way.
    package static let commit = base + "commit/v1"
    /// `buildType` of what came from an upstream.
    package static let mirror = base + "mirror/v1"
    /// OpenSSF Model Signing.
    package static let modelSigning = "https://model_signing/signature/v1.0"

    /// The URI of a key, as `builder.id` and `verifier.id` name a hub.
    package static func key(_ id: String) -> String { "urn:weir:key:sha256:\(id)" }
}
