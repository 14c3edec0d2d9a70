import Foundation
import HTTPTypes
import HubCore

/// Whether a browser sent a request from a page of this hub (S39). Browsers write `Sec-Fetch-Site` and `Origin`
/// themselves; pages cannot.
///
/// - SeeAlso: Fetch Metadata Request Headers, §2.3; RFC 6454 §7.
enum SameOrigin {
    /// Refuses a change that another site's page may have sent, or anything that does not say where it comes from.
    /// - Throws: `.forbidden`.
    static func require(_ request: HubRequest) throws {
        guard request.method != .get, request.method != .head else { return }
        guard isStated(request) == true else { throw refusal }
    }

    /// Refuses what says that it comes from another site's page; programs that are no browsers say nothing.
    /// - Throws: `.forbidden`.
    static func refuseOthers(_ request: HubRequest) throws {
        guard isStated(request) != false else { throw refusal }
    }

    /// Whether a page of this hub sent it, or something that is no browser.
    static func isAsked(_ request: HubRequest) -> Bool { isStated(request) != false }

    /// What the headers say; nil for nothing.
    private static func isStated(_ request: HubRequest) -> Bool? {
        if let site = request.headers["Sec-Fetch-Site"] { return site == "same-origin" }
        guard let origin = request.headers[.origin] else { return nil }
        return origin.lowercased() == self.origin(of: request.baseURL).lowercased()
    }

    /// Scheme and authority of a URL.
    private static func origin(of url: String) -> String {
        guard let scheme = url.range(of: "://") else { return url }
        return String(url[..<scheme.upperBound]) + url[scheme.upperBound...].prefix { $0 != "/" }
    }

    private static let refusal = HubError(
        .forbidden, "With a session, changes are taken from this site's own pages only.",
        remedy: "Programs send an access token.")
}
