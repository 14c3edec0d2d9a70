import HTTPTypes
import HubCore

/// The cookie that carries a session. Over HTTPS it has the prefix with which browsers take it from this host alone.
///
/// - SeeAlso: RFC 6265bis §4.1.3.2, "The __Host- prefix".
enum SessionCookie {
    static let secureName = "__Host-weir-session"
    static let plainName = "weir-session"

    /// The session a request brings along.
    static func read(_ request: HubRequest) -> String? {
        let wanted = name(request)
        for field in request.headers where field.name == .cookie {
            for pair in field.value.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].trimmed == wanted else { continue }
                return String(parts[1].trimmed)
            }
        }
        return nil
    }

    /// The header that hands a session to a browser.
    static func set(_ secret: Secret, for request: HubRequest) -> String {
        let age = Session.lifetime / 1_000
        return "\(name(request))=\(secret.reveal()); Max-Age=\(age)\(attributes(request))"
    }

    /// The header that takes it back.
    static func clear(for request: HubRequest) -> String { "\(name(request))=; Max-Age=0\(attributes(request))" }

    private static func isSecure(_ request: HubRequest) -> Bool { request.baseURL.hasPrefix("https://") }
    private static func name(_ request: HubRequest) -> String {
        isSecure(request) ? secureName : plainName
    }
    private static func attributes(_ request: HubRequest) -> String {
        "; Path=/; HttpOnly; SameSite=Lax" + (isSecure(request) ? "; Secure" : "")
    }
}
