import HTTPTypes
import HubCore

/// Errors of one request's address, which refusals name: who opens it in a browser has no token there, and is led to the
/// page of the request.
struct ApprovalLinkErrors: DescribedErrorRendering {
    static let dialect = PlainErrorRendering.dialect
    static let schema = PlainErrorRendering.schema

    private let plain = PlainErrorRendering()

    func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        let isBrowser =
            request.method == .get && request.headers[.accept]?.hasPrefix("text/html") == true
            && request.headers[.authorization] == nil
        guard error.status == 401, isBrowser, let id = request.rawPath.split(separator: "/").last.flatMap({ Int64($0) })
        else { return plain.render(error, for: request) }
        return .redirect(to: "/console/approvals/\(id)", status: 303).with("Cache-Control", "no-store")
    }
}
