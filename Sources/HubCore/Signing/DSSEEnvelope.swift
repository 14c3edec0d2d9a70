#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A signed payload: DSSE (Dead Simple Signing Envelope) v1. What is signed are the bytes of the payload as they are.
package struct DSSEEnvelope: Sendable, Hashable {
    package struct Signature: Sendable, Hashable {
        /// A hint only: whoever verifies tries the keys it trusts.
        package let keyID: String
        package let bytes: [UInt8]

        package init(keyID: String, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    package let payloadType: String
    package let payload: [UInt8]
    package let signatures: [Signature]

    /// The media type of in-toto statements.
    package static let inToto = "application/vnd.in-toto+json"

    package init(payloadType: String, payload: [UInt8], signatures: [Signature]) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// Signs a payload.
    /// - Throws: `.internalError` when a signature cannot be made.
    package init(signing payload: [UInt8], type: String = Self.inToto, with keys: [SigningKey]) throws(HubError) {
        payloadType = type
        self.payload = payload
        let input = Self.preAuthenticationEncoding(type: type, payload: payload)
        var signatures: [Signature] = []
        for key in keys { signatures.append(Signature(keyID: key.publicKey.id, bytes: try key.sign(input))) }
        self.signatures = signatures
    }

    /// `DSSEv1 SP len(type) SP type SP len(payload) SP payload`, lengths in bytes as decimal numbers.
    package static func preAuthenticationEncoding(type: String, payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    /// The first of these keys that signed it; nil when none did.
    package func signer(among keys: some Sequence<VerifyingKey>) -> VerifyingKey? {
        let input = Self.preAuthenticationEncoding(type: payloadType, payload: payload)
        for key in keys where signatures.contains(where: { key.verifies($0.bytes, over: input) }) { return key }
        return nil
    }

    private struct Wire: Codable {
        struct Signature: Codable {
            var keyid: String?
            var sig: String
        }
        var payload: String
        var payloadType: String
        var signatures: [Signature]
    }

    /// Bytes of an envelope at most.
    package static let maximumSize = 48 << 20
    private static let maximumSignatures = 16

    /// Reads the envelope's JSON. Standard and URL-safe base64 are taken, as the protocol asks.
    /// - Throws: `.badRequest` when it is none, is too large, has too many signatures or says something twice.
    package init(json: [UInt8]) throws(HubError) {
        guard json.count <= Self.maximumSize else {
            throw HubError(.badRequest, "The DSSE envelope is larger than \(Self.maximumSize) bytes.")
        }
        try JSONMembers.requireUnique(in: json)
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(json)),
            let payload = Self.base64(wire.payload)
        else { throw HubError(.badRequest, "This is not a DSSE envelope.") }
        guard wire.signatures.count <= Self.maximumSignatures else {
            throw HubError(.badRequest, "The DSSE envelope has more than \(Self.maximumSignatures) signatures.")
        }
        var signatures: [Signature] = []
        for signature in wire.signatures {
            guard let bytes = Self.base64(signature.sig) else {
                throw HubError(.badRequest, "A signature of the DSSE envelope is not base64.")
            }
            signatures.append(Signature(keyID: signature.keyid ?? "", bytes: bytes))
        }
        self.init(payloadType: wire.payloadType, payload: payload, signatures: signatures)
    }

    /// The envelope as JSON, its members in one order.
    package var json: [UInt8] {
        let wire = Wire(
            payload: Data(payload).base64EncodedString(), payloadType: payloadType,
            signatures: signatures.map { Wire.Signature(keyid: $0.keyID, sig: Data($0.bytes).base64EncodedString()) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(wire)).map(Array.init) ?? []
    }

    private static func base64(_ text: String) -> [UInt8]? {
        var standard = text.replacing("-", with: "+").replacing("_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return Data(base64Encoded: standard).map(Array.init)
    }
}
