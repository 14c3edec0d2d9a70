import HTTPTypes
import HubCore

/// Where this hub says it is, in links it hands out.
///
/// A configured URL wins. Otherwise the `Host` header is believed after a check of its form; `X-Forwarded-*` are read
/// only when a proxy is trusted, because anyone can send them (S23).
package struct BaseURL: Sendable {
    private let configured: String?
    private let trustsForwarded: Bool

    package init(configured: String? = nil, trustsForwarded: Bool = false) {
        var configured = configured
        while configured?.hasSuffix("/") == true { configured?.removeLast() }
        self.configured = configured
        self.trustsForwarded = trustsForwarded
    }

    /// Whether a request names one authority, or none, in a form that cannot be read two ways.
    func accepts(authority: String?, headers: HTTPFields) -> Bool {
        (try? resolve(authority: authority, headers: headers, fallback: "")) != nil
    }

    /// - Throws: `badRequest` when there is more than one authority or it is not `host[:port]`.
    func resolve(authority: String?, headers: HTTPFields, fallback: @autoclosure () -> String) throws -> String {
        // The codec takes the first `Host` away; one that is left is a second one (RFC 9112 §3.2).
        if headers["Host"] != nil {
            throw HubError(.badRequest, "The request has more than one Host header.")
        }
        if let authority, !Self.isAuthority(authority) {
            throw HubError(.badRequest, "The Host header is not a host and port.")
        }
        if let configured { return configured }
        var scheme = "http"
        var host = authority ?? fallback()
        if trustsForwarded {
            if let forwarded = Self.first(headers["X-Forwarded-Proto"]), forwarded == "https" || forwarded == "http" {
                scheme = forwarded
            }
            if let forwarded = Self.first(headers["X-Forwarded-Host"]), Self.isAuthority(forwarded) {
                host = forwarded
            }
        }
        return "\(scheme)://\(host)"
    }

    /// The client's address: the connection's, or the last hop a trusted proxy names.
    func client(_ address: String?, headers: HTTPFields) -> String? {
        guard trustsForwarded, let forwarded = headers["X-Forwarded-For"]?.split(separator: ",").last else {
            return address
        }
        let text = String(forwarded.trimmed)
        let isAddress =
            text.utf8.count <= 45
            && text.utf8.allSatisfy {
                (0x30...0x3A).contains($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2E
            }
        return isAddress && !text.isEmpty ? text : address
    }

    private static func first(_ list: String?) -> String? {
        list?.split(separator: ",").first.map { String($0.trimmed) }
    }

    private static func isAuthority(_ text: String) -> Bool {
        guard (1...255).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["),
                UInt8(ascii: "]"):
                true
            default: false
            }
        }
    }
}
