import HubCore

/// The batch request of the LFS API, with the leniency real clients need (wire/git-lfs.md §1.2):
/// `ref` may be an object, empty or null, and unknown members are ignored.
struct LFSBatchRequest: Decodable {
    struct Object: Decodable {
        let oid: String
        let size: Int64

        private enum CodingKeys: String, CodingKey { case oid, size }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            oid = (try? container.decode(String.self, forKey: .oid)) ?? ""
            // A size that is no 64-bit number is a wrong size of this object, not a wrong request.
            size = (try? container.decode(Int64.self, forKey: .size)) ?? -1
        }

        /// Nil for an object id that is not 64 lower-case hex digits or a negative size.
        var pointer: LFSPointer? {
            guard size >= 0, let id = BlobID(oid) else { return nil }
            return LFSPointer(oid: id, size: size)
        }
    }

    let operation: String
    let transfers: [String]?
    let objects: [Object]
    let hashAlgorithm: String?
    /// Whether the member `upload_id` is there, null or not: CSGHub's client for large folders sends it, and can only
    /// send parts, however small the object.
    let needsParts: Bool

    private enum CodingKeys: String, CodingKey {
        case operation, transfers, objects
        case hashAlgorithm = "hash_algo"
        case uploadID = "upload_id"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        operation = try container.decode(String.self, forKey: .operation)
        transfers = try container.decodeIfPresent([String].self, forKey: .transfers)
        objects = try container.decode([Object].self, forKey: .objects)
        hashAlgorithm = try container.decodeIfPresent(String.self, forKey: .hashAlgorithm)
        needsParts = container.contains(.uploadID)
    }
}

/// One thing a client is to do with an object: where, and with which headers.
struct LFSAction {
    let name: String
    let href: String
    let expiresIn: Int64
    var headers: [(name: String, value: String)] = []
}

/// The answer for one object of a batch.
enum LFSBatchAnswer {
    case actions([LFSAction])
    /// An upload of what is here already.
    case present
    case error(code: Int, message: String)
}
