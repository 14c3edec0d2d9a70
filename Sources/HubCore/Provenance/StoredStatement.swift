import Crypto

/// A signed statement about a commit, as it was stored. It is never rewritten.
package struct StoredStatement: Sendable, Hashable {
    /// Who it came from.
    package enum Source: Sendable, Hashable {
        /// This hub made it.
        case own
        /// An upstream of that name had it.
        case upstream(String)
        /// Somebody gave it to this hub, as a countersignature; the account's name.
        case account(String)
        /// It came in a bundle.
        case bundle

        /// As the database has it.
        package var text: String {
            switch self {
            case .own: "own"
            case .upstream(let name): "upstream:\(name)"
            case .account(let name): "account:\(name)"
            case .bundle: "bundle"
            }
        }

        package init(text: String) {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            switch (parts.first, parts.count) {
            case ("upstream", 2): self = .upstream(parts[1])
            case ("account", 2): self = .account(parts[1])
            case ("bundle", _): self = .bundle
            default: self = .own
            }
        }
    }

    /// In the order in which they were stored.
    package let id: Int64
    /// URI of what kind of statement it is; the payload's type for a signed payload that is no statement.
    package let predicateType: String
    /// ``VerifyingKey/id`` of the key that the first signature names; a hint, not a proof.
    package let keyID: String
    package let source: Source
    /// The envelope's JSON on one line. The payload in it is byte for byte what was signed.
    package let envelope: [UInt8]
    /// SHA-256 of `envelope` in hexadecimal digits.
    package let sha256: String
    /// Milliseconds since 1970.
    package let storedAt: Int64
}

/// A signed statement on its way into the store.
package struct NewStatement: Sendable, Hashable {
    package let predicateType: String
    package let keyID: String
    package let source: StoredStatement.Source
    package let envelope: [UInt8]

    /// SHA-256 of `envelope` in hexadecimal digits.
    package var sha256: String { Hexadecimal.encode(SHA256.hash(data: envelope)) }

    /// Reads what is stored beside an envelope from it. Nothing is verified.
    /// - Throws: `.badRequest` for what is no envelope or is too large.
    package init(envelope: [UInt8], source: StoredStatement.Source) throws(HubError) {
        let read = try DSSEEnvelope(json: envelope)
        let statement = read.payloadType == DSSEEnvelope.inToto ? try InTotoStatement(json: read.payload) : nil
        let type = statement?.predicateType ?? read.payloadType
        guard type.utf8.count <= 255, !type.isEmpty else {
            throw HubError(.badRequest, "The statement's type is missing or longer than 255 bytes.")
        }
        predicateType = type
        keyID = String(read.signatures.first?.keyID.prefix(64) ?? "")
        self.source = source
        // One form for one envelope, so that its digest is the same at every hub that passes it on.
        self.envelope = read.json
    }

    /// Signs a statement.
    /// - Throws: `.internalError` when a signature cannot be made.
    package init(signing statement: InTotoStatement, with key: SigningKey) throws(HubError) {
        predicateType = statement.predicateType
        keyID = key.publicKey.id
        source = .own
        envelope = try DSSEEnvelope(signing: statement.json, with: [key]).json
    }
}
