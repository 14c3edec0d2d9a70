#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A signed document about files, in either of the forms that go around: a DSSE envelope with a statement, or an OpenSSF
/// Model Signing bundle.
package enum SignedDocument: Sendable {
    case statement(InTotoStatement, DSSEEnvelope)
    case bundle(ModelSigningBundle)

    /// - Throws: `.badRequest` when it is neither.
    package init(json: [UInt8]) throws(HubError) {
        if let bundle = try? ModelSigningBundle(json: json) {
            self = .bundle(bundle)
            return
        }
        let envelope = try DSSEEnvelope(json: json)
        guard envelope.payloadType == DSSEEnvelope.inToto else {
            throw HubError(
                .badRequest, "The envelope holds '\(envelope.payloadType.prefix(100).onOneLine)' and no statement.")
        }
        self = .statement(try InTotoStatement(json: envelope.payload), envelope)
    }

    /// All documents of a file: one, one on each line, or a hub's answer to `/statements`.
    /// - Throws: `.badRequest` when there is one that cannot be read.
    package static func all(in file: [UInt8]) throws -> [SignedDocument] {
        if let whole = try? SignedDocument(json: file) { return [whole] }
        if let answer = JSONText.decode(String(decoding: file, as: UTF8.self)),
            case .array(let statements) = answer["statements"] ?? .null
        {
            return try statements.compactMap { $0["envelope"] }.map {
                try SignedDocument(json: Array(try JSONText.encode($0).utf8))
            }
        }
        let lines = file.split(separator: UInt8(ascii: "\n"))
        guard !lines.isEmpty else { throw HubError(.badRequest, "There is no signed document in it.") }
        return try lines.map { try SignedDocument(json: Array($0)) }
    }

    package var envelope: DSSEEnvelope {
        switch self {
        case .statement(_, let envelope): envelope
        case .bundle(let bundle): bundle.envelope
        }
    }

    package var predicateType: String {
        switch self {
        case .statement(let statement, _): statement.predicateType
        case .bundle: StatementTypes.modelSigning
        }
    }

    /// How many files it names.
    package var count: Int {
        switch self {
        case .statement(let statement, _): statement.subjects.count
        case .bundle(let bundle): bundle.resources.count
        }
    }

    /// Nil when it is about exactly these files, otherwise what is wrong, for people.
    /// - Parameters:
    ///   - names: as ``StatementMatch`` takes them.
    ///   - commit: nil where only the files are known.
    package func problem(with files: [FileDigest], names: [String], commit: CommitID?) -> String? {
        switch self {
        case .bundle(let bundle): return bundle.problem(with: files, own: nil)
        case .statement(let statement, _):
            switch StatementMatch(statement, names: names, commit: commit, files: files) {
            case .exact: return nil
            case .otherName(let name): return "it is about \(name.prefix(200).onOneLine)"
            case .mismatch(let reason): return reason
            }
        }
    }
}

extension VerifyingKey {
    /// All keys of a PEM text.
    /// - Throws: `.badRequest` when there is none, or one that is of another kind.
    package static func all(pem text: String) throws(HubError) -> [VerifyingKey] {
        let end = "-----END PUBLIC KEY-----"
        var keys: [VerifyingKey] = []
        for part in text.components(separatedBy: end) where part.contains("-----BEGIN PUBLIC KEY-----") {
            keys.append(try VerifyingKey(pem: part + end))
        }
        guard !keys.isEmpty else { throw HubError(.badRequest, "There is no PUBLIC KEY in PEM form.") }
        return keys
    }
}
