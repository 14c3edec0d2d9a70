#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A statement about files: in-toto Statement v1. Unknown members are passed over, as the specification asks.
package struct InTotoStatement: Sendable, Hashable {
    package struct Subject: Sendable, Hashable {
        package let name: String
        /// Hexadecimal digits by algorithm; `sha256` is among them.
        package let digest: [String: String]

        package var sha256: String { digest["sha256"] ?? "" }

        package init(name: String, sha256: String) {
            self.name = name
            digest = ["sha256": sha256]
        }

        init(name: String, digest: [String: String]) {
            self.name = name
            self.digest = digest
        }
    }

    package let subjects: [Subject]
    /// A URI.
    package let predicateType: String
    package let predicate: JSONValue

    /// `_type` of every statement.
    package static let type = "https://in-toto.io/Statement/v1"
    /// What is older and reads the same.
    private static let olderType = "https://in-toto.io/Statement/v0.1"
    private static let maximumSubjects = 1_000_000

    package init(subjects: [Subject], predicateType: String, predicate: JSONValue) {
        self.subjects = subjects
        self.predicateType = predicateType
        self.predicate = predicate
    }

    private struct Wire: Codable {
        struct Subject: Codable {
            var name: String?
            var digest: [String: String]
        }
        var _type: String
        var subject: [Subject]
        var predicateType: String
        var predicate: JSONValue?
    }

    /// Reads a statement's JSON.
    ///
    /// A document in which a member stands twice is refused: who verifies it and who reads it could see two documents.
    /// - Throws: `.badRequest` when it is no statement with at least one subject that has a SHA-256.
    package init(json: [UInt8]) throws(HubError) {
        try JSONMembers.requireUnique(in: json)
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(json)) else {
            throw HubError(.badRequest, "This is not an in-toto statement.")
        }
        guard wire._type == Self.type || wire._type == Self.olderType else {
            throw HubError(.badRequest, "'\(wire._type.onOneLine)' is not a type of statement that is known here.")
        }
        guard !wire.subject.isEmpty, wire.subject.count <= Self.maximumSubjects else {
            throw HubError(.badRequest, "The statement is about nothing, or about too much.")
        }
        var subjects: [Subject] = []
        subjects.reserveCapacity(wire.subject.count)
        for subject in wire.subject {
            guard let digest = subject.digest["sha256"], Self.isDigest(digest) else {
                throw HubError(.badRequest, "A subject of the statement has no SHA-256 in hexadecimal digits.")
            }
            subjects.append(Subject(name: subject.name ?? "", digest: subject.digest))
        }
        self.init(subjects: subjects, predicateType: wire.predicateType, predicate: wire.predicate ?? .null)
    }

    /// The statement as JSON, members in one order.
    package var json: [UInt8] {
        let wire = Wire(
            _type: Self.type, subject: subjects.map { Wire.Subject(name: $0.name, digest: $0.digest) },
            predicateType: predicateType, predicate: predicate)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(wire)).map(Array.init) ?? []
    }

    /// 64 lower-case hexadecimal digits.
    package static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
