import HubCore

/// What one signed link allows: one operation on one object, and where it matters the sizes. A link for another
/// operation is another link: one that downloads can never upload.
struct LFSLink: Sendable, Hashable {
    enum Operation: String, Sendable, CaseIterable {
        case download, upload, verify, tus, part, complete
    }

    let operation: Operation
    let blob: BlobID
    /// Bytes of the object; 0 where the link does not say.
    var size: Int64 = 0
    /// The number of the part, from 1; 0 for links that are for none.
    var part: Int64 = 0
    /// Bytes of a part; 0 for an object that is not cut.
    var partSize: Int64 = 0

    init(_ operation: Operation, _ blob: BlobID, size: Int64 = 0, part: Int64 = 0, partSize: Int64 = 0) {
        self.operation = operation
        self.blob = blob
        self.size = size
        self.part = part
        self.partSize = partSize
    }

    /// The link that a request for this operation claims to be.
    init(_ operation: Operation, _ blob: BlobID, part: Int64 = 0, of request: HubRequest) {
        func number(_ name: String) -> Int64 { request.query.first(name).flatMap { Int64($0) } ?? 0 }
        // How a download's size is told is not the link's business: it is the caller's word.
        self.init(
            operation, blob, size: operation == .download ? 0 : number("size"), part: part,
            partSize: number("partSize"))
    }

    /// Seconds a link is good for. Uploads of many objects wait for each other in the client, and it cannot ask anew
    /// for one that it has begun in parts.
    var lifetime: Int64 { operation == .download ? LFSLinkSigner.lifetime : LFSLinkSigner.uploadLifetime }

    /// What stands in the query before the signature. `uploadId` is nothing to us: CSGHub's client takes an upload
    /// without one for one that is not finished, for ever.
    var parameters: String {
        (size > 0 ? "size=\(size)&" : "") + (partSize > 0 ? "partSize=\(partSize)&" : "")
            + (operation == .part ? "uploadId=\(blob.hex.prefix(16))&" : "")
    }

    /// What goes into the signature, beside who, where and until when.
    var fields: [String] { [operation.rawValue, blob.hex, String(size), String(part), String(partSize)] }
}
