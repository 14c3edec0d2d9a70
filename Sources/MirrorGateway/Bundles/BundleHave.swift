import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the reader of a bundle has already.
struct BundleHave: Sendable {
    var digests: Set<String> = []
    /// Targets of refs by repository and name.
    var refs: [String: [String: String]] = [:]
    /// Bundles that it is taken to have.
    var base: [String] = []

    init() {}

    init(_ receipt: BundleReceipt) {
        digests = Set(receipt.predicate.digests)
        base = receipt.predicate.bundles
        for repository in receipt.predicate.repositories { refs[repository.id] = repository.refs }
    }

    init(_ statement: BundleStatement) {
        let predicate = statement.predicate
        digests = Set(predicate.contains.filter { $0.role == "lfs" }.map(\.digest) + predicate.requires.map(\.digest))
        base = [predicate.bundleId]
        for repository in predicate.repos {
            refs["\(repository.kind):\(repository.id)"] = Dictionary(
                repository.refs.map { ($0.name, $0.target) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// - Parameter text: the file of an earlier bundle, or its id.
    /// - Throws: `.notFound`, `.forbidden` for a bundle that was not made here.
    init(since text: String, hub: Hub) async throws {
        if BlobID(text) != nil {
            guard let record = try await hub.bundles.bundle(text, .outgoing),
                let statement = try? JSONDecoder().decode(BundleStatement.self, from: Data(record.statement.utf8))
            else { throw HubError(.notFound, "No bundle with the id \(text) went out from here.") }
            self.init(statement)
            return
        }
        let archive = try await hub.blobs.blocking { try BundleArchive(head: text) }
        let trust = BundleTrust(keys: try hub.signingKeys.publicKeys() + (try BundleTrust(hub.directory)).keys)
        _ = try trust.require(archive.envelope, of: "The bundle '\(text)'")
        self.init(archive.statement)
    }
}
