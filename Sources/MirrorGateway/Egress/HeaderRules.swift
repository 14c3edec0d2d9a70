import HubCore

/// Which header fields of a caller go out, and in which shape.
enum HeaderRules {
    /// Framing and connection belong to the client: a caller's word on them could split or smuggle requests.
    private static let owned: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// The caller's fields without those that belong to the client.
    ///
    /// - Throws: `bad-request` when a name is no token or a value holds a line break or another control character.
    static func checked(_ headers: [(String, String)]) throws(HubError) -> [(String, String)] {
        var out: [(String, String)] = []
        for (name, value) in headers {
            guard isToken(name) else { throw HubError(.badRequest, "A request header has a name that is not allowed.") }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw HubError(.badRequest, "The request header \(name) holds a control character.")
            }
            let lower = name.lowercased()
            if !owned.contains(lower), !lower.hasPrefix("proxy-") { out.append((name, value)) }
        }
        return out
    }

    /// A method as a request line may hold it.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// The fields of one hop: the caller's, the credentials bound to its origin, and our name.
    ///
    /// What the caller sets wins: an LFS action brings the `Authorization` its href wants.
    /// - Throws: `bad-request` when a credential holds a control character, such as the line break of a token file.
    static func outgoing(
        _ headers: [(String, String)], to origin: Origin, credentials: [Origin: Credentials], agent: String
    ) throws(HubError) -> [(String, String)] {
        var out = headers
        func has(_ name: String) -> Bool { out.contains { $0.0.lowercased() == name.lowercased() } }
        if let field = credentials[origin]?.headerField, !has(field.name) {
            out += try checked([(field.name, field.value)])
        }
        if !has("user-agent") { out.append(("User-Agent", agent)) }
        if !has("accept") { out.append(("Accept", "*/*")) }
        return out
    }
}
