import HubCore

/// Errors of the content-addressed storage: bytes that contradict their hashes are 400 there, as its specification has
/// it, and what is wrong with a grant is 401, upon which clients ask for a new one.
struct XetErrorRendering: ErrorRendering {
    func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        var error = error
        if error.code == .unprocessable { error.status = 400 }
        var response = PlainErrorRendering().render(error, for: request)
        if error.code == .tooManyRequests {
            response.headers["Retry-After"] = error.patientRetryAfter(10).map(String.init)
        }
        if error.status == 401 { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }
}
