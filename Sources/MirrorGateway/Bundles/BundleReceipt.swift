import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What an importer has, signed by it: with this an exporter leaves out what need not travel again.
package struct BundleReceipt: Codable, Sendable, Hashable {
    package struct Repository: Codable, Sendable, Hashable {
        /// `model:acme/demo`
        package var id: String
        /// Full names of refs and their targets.
        package var refs: [String: String]
    }

    package struct Predicate: Codable, Sendable, Hashable {
        package var createdAt: String
        /// Ids of the bundles that came in, in order.
        package var bundles: [String]
        /// SHA-256 of the blobs that are here, in order.
        package var digests: [String]
        package var repositories: [Repository]
    }

    package static let predicateType = "https://weir.invalid/hubpack/receipt/v1"

    package var type: String
    package var subject: [BundleStatement.Subject]
    package var predicateType: String
    package var predicate: Predicate

    enum CodingKeys: String, CodingKey {
        case type = "_type"
        case subject, predicateType, predicate
    }

    package init(_ predicate: Predicate) {
        type = BundleStatement.statementType
        subject = predicate.bundles.map { BundleStatement.Subject(name: "hubpack:\($0)", digest: ["sha256": $0]) }
        predicateType = Self.predicateType
        self.predicate = predicate
    }

    /// Bytes of the largest receipt that is read.
    private static let largest = 512 << 20

    /// Reads a receipt and checks whose it is.
    /// - Throws: `.forbidden` when no trusted key signed it, `.unprocessable` for what is none.
    package init(file path: String, trust: BundleTrust) throws {
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.largest else {
            throw HubError(.notFound, "The receipt '\(path)' cannot be read.")
        }
        guard let envelope = try? DSSEEnvelope(json: Array(data)), envelope.payloadType == DSSEEnvelope.inToto else {
            throw HubError(.unprocessable, "'\(path)' is no receipt.")
        }
        _ = try trust.require(envelope, of: "The receipt '\(path)'")
        guard let receipt = try? JSONDecoder().decode(BundleReceipt.self, from: Data(envelope.payload)),
            receipt.predicateType == Self.predicateType, receipt.type == BundleStatement.statementType,
            receipt.predicate.digests.allSatisfy({ BlobID($0) != nil })
        else { throw HubError(.unprocessable, "'\(path)' is no receipt.") }
        self = receipt
    }

    /// Signs what is here of all bundles.
    static func make(_ hub: Hub, key: SigningKey, now: Int64) async throws -> DSSEEnvelope {
        let (bundles, names) = try await hub.bundles.imported()
        var digests: Set<BlobID> = []
        var repositories: [Repository] = []
        for name in names {
            guard case .mirrored(let repository, _, _) = try await hub.store.standing(ofBundled: name) else { continue }
            digests.formUnion(try await hub.bundles.blobs(of: repository))
            let refs = try await hub.store.refs(of: repository)
            repositories.append(
                Repository(
                    id: name.description,
                    refs: Dictionary(
                        refs.map { ($0.name.name, $0.target.hex) }, uniquingKeysWith: { first, _ in first })))
        }
        let receipt = BundleReceipt(
            Predicate(
                createdAt: JSONDate.text(milliseconds: now), bundles: bundles, digests: digests.map(\.hex).sorted(),
                repositories: repositories))
        return try DSSEEnvelope(signing: try CanonicalJSON.encode(receipt), with: [key])
    }
}
