package import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A public key with which signatures are checked.
package struct VerifyingKey: Sendable, Hashable {
    package let algorithm: SigningAlgorithm
    /// The key as SubjectPublicKeyInfo (RFC 5280, RFC 8410), DER.
    package let der: [UInt8]

    /// SHA-256 of `der` in 64 lower-case hexadecimal digits: what envelopes call `keyid`.
    package var id: String { Hexadecimal.encode(SHA256.hash(data: der)) }

    /// What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410 §4).
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    package init(_ key: Curve25519.Signing.PublicKey) {
        algorithm = .ed25519
        der = Self.ed25519Prefix + Array(key.rawRepresentation)
    }

    package init(_ key: P256.Signing.PublicKey) {
        algorithm = .p256
        der = Array(key.derRepresentation)
    }

    /// - Throws: `.badRequest` when it is no Ed25519 or P-256 key.
    package init(der: [UInt8]) throws(HubError) {
        if der.count == Self.ed25519Prefix.count + 32, der.starts(with: Self.ed25519Prefix),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: der.dropFirst(Self.ed25519Prefix.count))
        {
            self.init(key)
        } else if let key = try? P256.Signing.PublicKey(derRepresentation: der) {
            // One form for one key, so that its id is one.
            self.init(key)
        } else {
            throw HubError(
                .badRequest, "This is neither an Ed25519 nor an ECDSA P-256 public key.",
                remedy: "Write it as PEM with 'openssl pkey -pubout'.")
        }
    }

    /// Reads `-----BEGIN PUBLIC KEY-----`.
    /// - Throws: `.badRequest` when it is no Ed25519 or P-256 key.
    package init(pem: String) throws(HubError) {
        try self.init(der: PEMText.decode(pem, label: "PUBLIC KEY"))
    }

    package var pem: String { PEMText.encode(der, label: "PUBLIC KEY") }

    /// Whether a signature by this key is over these bytes. ECDSA signatures are DER.
    package func verifies(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        switch algorithm {
        case .ed25519:
            guard
                let key = try? Curve25519.Signing.PublicKey(
                    rawRepresentation: der.dropFirst(Self.ed25519Prefix.count))
            else { return false }
            return key.isValidSignature(signature, for: bytes)
        case .p256:
            guard let key = try? P256.Signing.PublicKey(derRepresentation: der),
                let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: bytes)
        }
    }
}
