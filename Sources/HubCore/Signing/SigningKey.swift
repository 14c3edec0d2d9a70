import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A private key with which this hub signs statements, bundles and checkpoints.
package struct SigningKey: Sendable {
    private enum Material: Sendable {
        case ed25519(Curve25519.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
    }

    private let material: Material

    /// What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7).
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    /// A new key.
    package init(_ algorithm: SigningAlgorithm) {
        material =
            switch algorithm {
            case .ed25519: .ed25519(Curve25519.Signing.PrivateKey())
            case .p256: .p256(P256.Signing.PrivateKey())
            }
    }

    /// Reads `-----BEGIN PRIVATE KEY-----` (PKCS #8) and, for P-256, `-----BEGIN EC PRIVATE KEY-----`.
    /// - Throws: `.badRequest` when it is no Ed25519 or P-256 key.
    package init(pem: String) throws(HubError) {
        if let bytes = try? PEMText.decode(pem, label: "PRIVATE KEY"), bytes.starts(with: Self.ed25519Prefix),
            bytes.count == Self.ed25519Prefix.count + 32,
            let key = try? Curve25519.Signing.PrivateKey(
                rawRepresentation: bytes.dropFirst(Self.ed25519Prefix.count))
        {
            material = .ed25519(key)
        } else if let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) {
            material = .p256(key)
        } else {
            throw HubError(
                .badRequest, "This is neither an Ed25519 nor an ECDSA P-256 private key.",
                remedy: "Make one with 'openssl genpkey -algorithm ed25519'.")
        }
    }

    /// PKCS #8.
    package var pem: String {
        switch material {
        case .ed25519(let key):
            PEMText.encode(Self.ed25519Prefix + Array(key.rawRepresentation), label: "PRIVATE KEY")
        case .p256(let key): key.pemRepresentation + "\n"
        }
    }

    package var publicKey: VerifyingKey {
        switch material {
        case .ed25519(let key): VerifyingKey(key.publicKey)
        case .p256(let key): VerifyingKey(key.publicKey)
        }
    }

    /// A signature over these bytes; DER for ECDSA.
    /// - Throws: `.internalError` when the library refuses.
    package func sign(_ bytes: [UInt8]) throws(HubError) -> [UInt8] {
        do {
            switch material {
            case .ed25519(let key): return Array(try key.signature(for: bytes))
            case .p256(let key): return Array(try key.signature(for: bytes).derRepresentation)
            }
        } catch {
            throw HubError(.internalError, "The signature could not be made.")
        }
    }
}
