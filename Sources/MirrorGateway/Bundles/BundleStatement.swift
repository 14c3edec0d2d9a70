import Crypto
import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The signed table of contents of an air-gap bundle: an in-toto statement about every blob in it.
///
/// - SeeAlso: in-toto Statement v1; `docs/governance/bundles.md` for each member.
package struct BundleStatement: Codable, Sendable, Hashable {
    package struct Subject: Codable, Sendable, Hashable {
        package var name: String
        package var digest: [String: String]
    }

    /// A file of a commit.
    package struct File: Codable, Sendable, Hashable {
        package var path: String
        /// SHA-256 in hex of an LFS object, the git object's id otherwise.
        package var oid: String
        package var size: Int64
        package var lfs: Bool
        /// Why the bytes of an LFS object do not come along; nil when they do, or when the reader has them.
        package var withheld: String?
    }

    package struct Ref: Codable, Sendable, Hashable {
        package var name: String
        package var target: String
        /// What an annotated tag finally points at.
        package var peeled: String?
        /// The files of the commit.
        package var files: [File]
        package var license: [String]
        /// What the exporter's policy decided, in its words.
        package var verdict: String
        package var approval: String?

        /// The commit it stands for.
        package var commit: String { peeled ?? target }
    }

    package struct Repository: Codable, Sendable, Hashable {
        package var kind: String
        /// `owner/name`
        package var id: String
        package var visibility: String
        package var defaultBranch: String
        package var refs: [Ref]
        /// The commit of the default branch, or of the first ref.
        package var commit: String
        /// The git bundle among the blobs; nil when the reader has all commits.
        package var git: String?
        /// Commits that the reader needs to have.
        package var prerequisites: [String]
        /// The OCI manifests of its commits among the blobs.
        package var manifests: [String]
    }

    /// A blob of the bundle.
    package struct Content: Codable, Sendable, Hashable {
        package var digest: String
        package var size: Int64
        /// Bytes from the end of the statement's entry to the blob's first byte.
        package var offset: Int64
        /// `lfs`, `git`, `manifest`, `config` or `referrer`.
        package var role: String
    }

    /// An entry of the archive that is no blob.
    package struct Entry: Codable, Sendable, Hashable {
        package var name: String
        package var size: Int64
        package var digest: String
    }

    /// A blob that the reader needs to have.
    package struct Required: Codable, Sendable, Hashable {
        package var digest: String
        package var size: Int64
    }

    /// Something that is no longer to be there.
    package struct Tombstone: Codable, Sendable, Hashable {
        /// `ref`, `repository` or `blob`.
        package var type: String
        /// `model:acme/demo`, or the digest of a blob.
        package var subject: String
        package var ref: String?
        package var reason: String?
    }

    /// One of several files.
    package struct Part: Codable, Sendable, Hashable {
        /// From 1: file 0 is the head, which holds this statement.
        package var n: Int
        package var sha256: String
        package var size: Int64
    }

    package struct Predicate: Codable, Sendable, Hashable {
        /// SHA-256 in hex over this predicate without `bundleId` and `parts`.
        package var bundleId: String
        package var seq: Int64
        /// Bundles whose content the reader is taken to have.
        package var base: [String]
        package var recipient: String?
        package var createdAt: String
        package var expiresAt: String?
        package var policyDigest: String
        package var repos: [Repository]
        package var entries: [Entry]
        package var contains: [Content]
        package var requires: [Required]
        package var tombstones: [Tombstone]
        package var parts: [Part]
    }

    package static let statementType = "https://in-toto.io/Statement/v1"
    package static let predicateType = "https://weir.invalid/hubpack/v1"

    package var type: String
    package var subject: [Subject]
    package var predicateType: String
    package var predicate: Predicate

    enum CodingKeys: String, CodingKey {
        case type = "_type"
        case subject, predicateType, predicate
    }

    /// A statement whose subjects and id follow from its predicate.
    /// - Throws: `.internalError` when it cannot be written as JSON.
    package init(_ predicate: Predicate) throws {
        type = Self.statementType
        predicateType = Self.predicateType
        self.predicate = predicate
        self.predicate.bundleId = try Self.identifier(of: predicate)
        subject =
            predicate.entries.map { Subject(name: $0.name, digest: ["sha256": $0.digest]) }
            + predicate.contains.map { Subject(name: "blobs/sha256/\($0.digest)", digest: ["sha256": $0.digest]) }
    }

    /// The bundle's id, from everything that makes it another bundle; how it is cut into files does not.
    static func identifier(of predicate: Predicate) throws -> String {
        var bare = predicate
        bare.bundleId = ""
        bare.parts = []
        return BlobID(hashing: try CanonicalJSON.encode(bare)).hex
    }

    /// The bytes that are signed.
    package func encoded() throws -> [UInt8] { try CanonicalJSON.encode(self) }

    /// Milliseconds since 1970.
    package var createdAt: Int64? { BundleTime.milliseconds(predicate.createdAt) }
}

/// JSON with one form for one value: members in order, nothing but the value.
enum CanonicalJSON {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw HubError(.internalError, "A part of the bundle cannot be written as JSON.")
        }
    }
}

/// Times as bundles have them: `2026-01-31T12:00:00.000Z`.
enum BundleTime {
    /// Milliseconds since 1970; nil for anything that is written in another way.
    static func milliseconds(_ text: String) -> Int64? {
        guard text.utf8.count == 24, let date = try? Date(text, strategy: style) else { return nil }
        let value = Int64((date.timeIntervalSince1970 * 1_000).rounded())
        return JSONDate.text(milliseconds: value) == text ? value : nil
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
