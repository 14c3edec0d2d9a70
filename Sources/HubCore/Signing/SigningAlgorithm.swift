/// How statements are signed here.
package enum SigningAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// EdDSA over Curve25519 (RFC 8032).
    case ed25519
    /// ECDSA over NIST P-256 with SHA-256; signatures are DER.
    case p256 = "ecdsa-p256"
}
