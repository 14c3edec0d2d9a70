package import HTTPTypes
import MirrorGateway

/// What a handler answers. `Content-Length`, `Date`, `Server`, `X-Request-Id` and `nosniff` are added when it is sent.
package struct HubResponse: Sendable {
    package var status: Int
    package var headers: HTTPFields
    package var body: HubBody
    /// What the bytes of the body are taken of, where somebody may have only so many.
    var use: QuotaUse?

    package init(status: Int = 200, headers: HTTPFields = [:], body: HubBody = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer without a body.
    package static func status(_ status: Int) -> HubResponse {
        HubResponse(status: status)
    }

    /// Plain text.
    package static func text(_ text: String, status: Int = 200) -> HubResponse {
        HubResponse(status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .text(text))
    }

    /// A page.
    package static func html(_ html: String, status: Int = 200) -> HubResponse {
        HubResponse(status: status, headers: [.contentType: "text/html; charset=utf-8"], body: .text(html))
    }

    /// Sends the client to another place. `location` is a path or an absolute URL, already encoded.
    package static func redirect(to location: String, status: Int = 302) -> HubResponse {
        HubResponse(status: status, headers: [.location: location])
    }

    /// The same response with a header set.
    package func with(_ name: String, _ value: String?) -> HubResponse {
        var response = self
        response.headers[name] = value
        return response
    }
}
