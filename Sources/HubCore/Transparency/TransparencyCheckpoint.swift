import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A signed statement of how large the log is and which root it has.
///
/// - SeeAlso: C2SP tlog-checkpoint and signed-note.
package struct TransparencyCheckpoint: Sendable, Hashable {
    /// A line below the text of a note.
    package struct Signature: Sendable, Hashable {
        package let name: String
        /// The first four bytes name the key, the rest is the signature.
        package let bytes: [UInt8]
    }

    /// The log's name, which is never another's.
    package let origin: String
    package let size: Int64
    package let root: MerkleHash
    /// The note's text, which is what is signed.
    package let text: String
    package let signatures: [Signature]

    private static let mark = "\u{2014} "
    /// Which kind of signature: Ed25519.
    private static let ed25519: UInt8 = 1

    /// Signs.
    /// - Throws: `.internalError` when the key is no Ed25519 key or refuses.
    package init(origin: String, size: Int64, root: MerkleHash, signing key: SigningKey) throws(HubError) {
        self.origin = origin
        self.size = size
        self.root = root
        let text = "\(origin)\n\(size)\n\(root.base64)\n"
        self.text = text
        guard let hash = Self.keyHash(of: key.publicKey, named: origin) else {
            throw HubError(.internalError, "Checkpoints are signed with Ed25519 keys only.")
        }
        signatures = [Signature(name: origin, bytes: hash + (try key.sign(Array(text.utf8))))]
    }

    /// Reads a note.
    /// - Throws: `.badRequest` when it is none.
    package init(note: String) throws(HubError) {
        func refuse(_ what: String) -> HubError {
            HubError(
                .badRequest, "This is no checkpoint: \(what).",
                remedy: "A checkpoint is what 'weir audit checkpoint' prints.")
        }
        guard note.utf8.count <= 65_536, let end = note.firstRange(of: "\n\n") else {
            throw refuse("it has no signatures")
        }
        // The first line feed ends the text, which is signed with it.
        let text = String(note[..<note.index(after: end.lowerBound)])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        guard lines.count >= 3, !lines[0].isEmpty else { throw refuse("it has fewer than three lines") }
        guard let size = Int64(lines[1]), size >= 0, String(size) == lines[1] else {
            throw refuse("its second line is no number of entries")
        }
        guard let root = MerkleHash(base64: lines[2]), root.base64 == lines[2] else {
            throw refuse("its third line is no root")
        }
        var signatures: [Signature] = []
        for line in note[end.upperBound...].split(separator: "\n").prefix(16) {
            let parts = line.dropFirst(Self.mark.count).split(separator: " ", omittingEmptySubsequences: false)
            guard line.hasPrefix(Self.mark), parts.count == 2, let bytes = Data(base64Encoded: String(parts[1])),
                bytes.count > 4
            else { throw refuse("a line below its text is no signature") }
            signatures.append(Signature(name: String(parts[0]), bytes: Array(bytes)))
        }
        guard !signatures.isEmpty else { throw refuse("it has no signatures") }
        origin = lines[0]
        self.size = size
        self.root = root
        self.text = text
        self.signatures = signatures
    }

    /// The note, as it is kept and shown.
    package var note: String {
        text + "\n"
            + signatures.map { "\(Self.mark)\($0.name) \(Data($0.bytes).base64EncodedString())\n" }.joined()
    }

    /// The first of these keys that signed it under the log's name; nil when none did.
    package func signer(among keys: some Sequence<VerifyingKey>) -> VerifyingKey? {
        for key in keys {
            guard let hash = Self.keyHash(of: key, named: origin) else { continue }
            for signature in signatures where signature.name == origin && signature.bytes.starts(with: hash) {
                if key.verifies(Array(signature.bytes.dropFirst(4)), over: Array(text.utf8)) { return key }
            }
        }
        return nil
    }

    /// A key as verifiers take it: `name+hash+base64`.
    /// - Returns: nil for another algorithm than Ed25519.
    package static func verifierKey(of key: VerifyingKey, named name: String) -> String? {
        guard let hash = keyHash(of: key, named: name) else { return nil }
        return "\(name)+\(Hexadecimal.encode(hash))+\(Data([ed25519] + key.der.suffix(32)).base64EncodedString())"
    }

    /// Reads a key as verifiers take it.
    /// - Throws: `.badRequest` when it is none, or of another algorithm.
    package static func key(verifier text: String) throws(HubError) -> (name: String, key: VerifyingKey) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let data = Data(base64Encoded: parts[2]), data.count == 33, data.first == ed25519,
            let raw = try? Curve25519.Signing.PublicKey(rawRepresentation: data.dropFirst())
        else {
            throw HubError(
                .badRequest, "'\(text.prefix(80))' is no verifier key.",
                remedy: "Write it as 'weir audit checkpoint --keys' prints it.")
        }
        let key = VerifyingKey(raw)
        guard let hash = keyHash(of: key, named: parts[0]), Hexadecimal.encode(hash) == parts[1] else {
            throw HubError(.badRequest, "The verifier key of '\(parts[0].prefix(80))' does not have the hash it names.")
        }
        return (parts[0], key)
    }

    /// The four bytes that name a key in a signature's line.
    private static func keyHash(of key: VerifyingKey, named name: String) -> [UInt8]? {
        guard key.algorithm == .ed25519 else { return nil }
        let input = Array(name.utf8) + [0x0A, ed25519] + key.der.suffix(32)
        return Array(SHA256.hash(data: input).prefix(4))
    }
}
