import HubCore

/// The target of a request line, taken apart: origin-form only (RFC 9112 §3.2.1).
struct RequestTarget: Equatable {
    /// Bytes of path and query together.
    static let sizeLimit = 16 << 10

    let path: String
    let rawPath: String
    let query: QueryParameters

    /// - Throws: `badRequest` for what is not a path, is too long, or does not decode.
    init(_ target: String) throws {
        guard target.utf8.count <= Self.sizeLimit else {
            throw HubError(
                .badRequest, "The request target is longer than \(Self.sizeLimit) bytes.", status: 414)
        }
        guard target.utf8.first == UInt8(ascii: "/"),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") })
        else {
            throw HubError(.badRequest, "The request target is not a path.")
        }
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        rawPath = halves.first.map(String.init) ?? "/"
        guard let path = PercentCoding.decode(rawPath) else {
            throw HubError(.badRequest, "The path is not valid percent-encoded UTF-8.")
        }
        self.path = path
        query = try QueryParameters(parsing: halves.count > 1 ? halves[1] : "")
    }
}
