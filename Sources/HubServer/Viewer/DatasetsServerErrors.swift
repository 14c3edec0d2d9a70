import HubCore

/// Errors as the datasets server words them: `{"error": …}` and a code in `X-Error-Code`.
/// - SeeAlso: huggingface/dataset-viewer, openapi.json.
struct DatasetsServerErrors: ErrorRendering {
    func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        let (code, status) = Self.name(of: error)
        var response = HubResponse.json(status: status) { json in
            json.object { $0.member("error", error.line) }
        }
        response.headers["X-Error-Code"] = code
        response.headers["Retry-After"] = error.retryAfter.map(String.init)
        if status == 401 { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }

    private static func name(of error: HubError) -> (code: String, status: Int) {
        switch error.code {
        case .repositoryNotFound where error.status == 401: ("ExternalUnauthenticatedError", 401)
        case .repositoryNotFound: ("ExternalAuthenticatedError", 404)
        case .invalidCredentials, .authenticationRequired: ("ExternalUnauthenticatedError", 401)
        case .gated, .policyDenied, .policyReview, .forbidden: ("ExternalAuthenticatedError", error.status)
        case .notFound, .revisionNotFound, .entryNotFound, .blobNotFound: ("ResponseNotFound", 404)
        case .badRequest where error.status == 422: ("InvalidParameter", 422)
        case .badRequest: ("MissingRequiredParameter", 422)
        case .unprocessable: ("UnexpectedError", 422)
        case .scanPending: ("ResponseNotReady", 500)
        case .notSupported: ("ResponseNotReady", 501)
        case .internalError: ("UnexpectedError", 500)
        default: ("UnexpectedError", error.status)
        }
    }
}
