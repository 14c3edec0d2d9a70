package import HubCore

/// Turns the one error into a surface's dialect.
package protocol ErrorRendering: Sendable {
    func render(_ error: HubError, for request: HubRequest) -> HubResponse
}

/// Errors where no surface speaks: `{"error": ..., "code": ..., "remedy": ...}`, which Hugging Face's clients read too.
package struct PlainErrorRendering: ErrorRendering {
    package init() {}

    package func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        var response = HubResponse.json(status: error.status) { json in
            json.object {
                $0.member("error", error.message)
                $0.member("code", error.code.rawValue)
                if let remedy = error.remedy { $0.member("remedy", remedy) }
                $0.member("request_id", request.id.text)
            }
        }
        response.headers["X-Error-Code"] = error.code.rawValue
        response.headers["Retry-After"] = error.retryAfter.map(String.init)
        return response
    }
}
