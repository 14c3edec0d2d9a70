import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A signature over a folder in the form of OpenSSF Model Signing v1: a Sigstore bundle with one signed statement that
/// lists every file.
package struct ModelSigningBundle: Sendable {
    package let envelope: DSSEEnvelope
    /// SHA-256 by path.
    package let resources: [String: String]

    /// What its verifier passes over in any folder: git's own files are no part of a model.
    private static let ignoredAlways = [".git", ".gitattributes", ".github", ".gitignore"]
    /// What `hf download --local-dir` leaves beside the files.
    private static let ignoredHere = ".cache/huggingface"
    private static let mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

    private struct Wire: Codable {
        struct Material: Codable {
            struct Key: Codable { var hint: String? }
            var publicKey: Key?
            var tlogEntries: [JSONValue]?
        }
        struct Envelope: Codable {
            struct Signature: Codable {
                var keyid: String?
                var sig: String
            }
            var payload: String
            var payloadType: String
            var signatures: [Signature]
        }
        var mediaType: String
        var verificationMaterial: Material
        var dsseEnvelope: Envelope
    }

    // MARK: Signing

    /// The bundle over the files of a revision, as JSON.
    /// - Parameters:
    ///   - name: what the folder is called; readers compare nothing with it.
    ///   - key: an ECDSA P-256 key; no other is taken by verifiers.
    /// - Throws: `.internalError` when a signature cannot be made.
    package static func sign(_ files: [FileDigest], name: String, with key: SigningKey) throws(HubError) -> [UInt8] {
        let symlinks = files.filter(\.isSymlink).map(\.path).sorted()
        let ignored = (ignoredAlways + [ignoredHere] + symlinks).sorted()
        let signed = files.filter { file in !isIgnored(file.path, ignored) }.sorted { inOrder($0.path, $1.path) }
        var root = SHA256()
        var resources: [JSONValue] = []
        for file in signed {
            root.update(data: bytes(file.sha256))
            resources.append(
                .members([
                    ("name", .string(file.path)), ("algorithm", .string("sha256")), ("digest", .string(file.sha256)),
                ]))
        }
        let statement = InTotoStatement(
            subjects: [.init(name: name, sha256: Hexadecimal.encode(root.finalize()))],
            predicateType: StatementTypes.modelSigning,
            predicate: .members([
                ("resources", .array(resources)),
                (
                    "serialization",
                    .members([
                        ("method", .string("files")), ("hash_type", .string("sha256")),
                        ("allow_symlinks", .boolean(false)), ("ignore_paths", .array(ignored.map { .string($0) })),
                    ])
                ),
            ]))
        let envelope = try DSSEEnvelope(signing: statement.json, with: [key])
        // The identifier that verifiers compare is of the PEM text, not of the key's bytes.
        let hint = Hexadecimal.encode(SHA256.hash(data: Array(key.publicKey.pem.utf8)))
        let wire = Wire(
            mediaType: mediaType,
            verificationMaterial: Wire.Material(publicKey: Wire.Material.Key(hint: hint), tlogEntries: []),
            dsseEnvelope: Wire.Envelope(
                payload: Data(envelope.payload).base64EncodedString(), payloadType: envelope.payloadType,
                signatures: envelope.signatures.map {
                    // Its readers know nothing of key ids here.
                    Wire.Envelope.Signature(keyid: "", sig: Data($0.bytes).base64EncodedString())
                }))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(wire)).map(Array.init) ?? []
    }

    // MARK: Reading

    /// - Throws: `.badRequest` when it is no such bundle or contradicts itself.
    package init(json: [UInt8]) throws(HubError) {
        guard json.count <= DSSEEnvelope.maximumSize else { throw HubError(.badRequest, "The bundle is too large.") }
        try JSONMembers.requireUnique(in: json)
        guard let document = try? JSONDecoder().decode(JSONValue.self, from: Data(json)),
            document["mediaType"]?.string?.hasPrefix("application/vnd.dev.sigstore.bundle") == true,
            let inner = document["dsseEnvelope"], let text = try? JSONText.encode(inner)
        else { throw HubError(.badRequest, "This is not a Sigstore bundle with a DSSE envelope.") }
        envelope = try DSSEEnvelope(json: Array(text.utf8))
        guard envelope.payloadType == DSSEEnvelope.inToto else {
            throw HubError(.badRequest, "The bundle's payload is no statement.")
        }
        let statement = try InTotoStatement(json: envelope.payload)
        guard statement.predicateType == StatementTypes.modelSigning, statement.subjects.count == 1,
            case .array(let list) = statement.predicate["resources"] ?? .null
        else { throw HubError(.badRequest, "The bundle's statement is not one of OpenSSF Model Signing v1.") }
        var root = SHA256()
        var resources: [String: String] = [:]
        for resource in list {
            guard let name = resource["name"]?.string, resource["algorithm"]?.string == "sha256",
                let digest = resource["digest"]?.string, InTotoStatement.isDigest(digest),
                resources.updateValue(digest, forKey: name) == nil
            else { throw HubError(.badRequest, "The bundle lists a file twice or without a SHA-256.") }
            root.update(data: Self.bytes(digest))
        }
        guard Hexadecimal.encode(root.finalize()) == statement.subjects[0].sha256 else {
            throw HubError(.badRequest, "The bundle's digest is not that of the files it lists.")
        }
        self.resources = resources
    }

    /// Nil when it covers all files of a revision, otherwise what is wrong, for people.
    /// - Parameter own: the path of the bundle itself among them.
    package func problem(with files: [FileDigest], own: String?) -> String? {
        var left = resources
        for file in files where file.path != own {
            guard let stated = left.removeValue(forKey: file.path) else {
                if Self.isIgnored(file.path, Self.ignoredAlways) { continue }
                return "it says nothing about '\(file.path.onOneLine)'"
            }
            guard stated == file.sha256 else { return "its digest of '\(file.path.onOneLine)' is another one" }
        }
        return left.keys.sorted().first.map { "it is about the file '\($0.prefix(200).onOneLine)', which is not here" }
    }

    // MARK: Parts

    private static func isIgnored(_ path: String, _ ignored: [String]) -> Bool {
        ignored.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// By the parts of a path, as the reference implementation sorts.
    private static func inOrder(_ left: String, _ right: String) -> Bool {
        left.split(separator: "/").map { Array($0.unicodeScalars.map(\.value)) }
            .lexicographicallyPrecedes(right.split(separator: "/").map { Array($0.unicodeScalars.map(\.value)) }) {
                $0.lexicographicallyPrecedes($1)
            }
    }

    /// The bytes of hexadecimal digits that were looked at.
    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
    }

    private static func value(_ digit: UInt8) -> UInt8 { digit >= 97 ? digit &- 87 : digit &- 48 }
}

extension JSONValue {
    /// An object of those members that are there.
    package static func members(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    /// A text, or nothing.
    package static func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }
}
