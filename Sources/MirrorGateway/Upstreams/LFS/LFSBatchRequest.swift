import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The question for download links.
///
/// `ref` is left out: servers use it for authorization of pushes only, and some take an empty one for an error.
/// - SeeAlso: git-lfs `docs/api/batch.md`.
struct LFSBatchRequest: Sendable {
    let pointers: [LFSPointer]

    /// Objects per request; git-lfs's own default, which servers are built for.
    static let limit = 100
    static let mediaType = "application/vnd.git-lfs+json"

    func encoded() throws -> [UInt8] {
        let wire = Wire(objects: pointers.map { Wire.Object(oid: $0.oid.hex, size: $0.size) })
        return Array(try JSONEncoder().encode(wire))
    }

    private struct Wire: Encodable {
        struct Object: Encodable {
            let oid: String
            let size: Int64
        }
        let operation = "download"
        let transfers = ["basic"]
        let objects: [Object]
        let hash_algo = "sha256"
    }
}
