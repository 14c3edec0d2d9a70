import HubCore

/// `HubError` as CSGHub's clients read it: `{"code":"AUTH-ERR-2","msg":"AUTH-ERR-2: …","trace_id":…}`
/// (wire/csghub.md §2.1, A8). The numbers are those of CSGHub where it has the case; `POLICY-ERR` and `QUOTA-ERR` are
/// ours, and so is the header `X-Error-Code` with the code that every surface knows.
struct CSGHubErrorRendering: ErrorRendering {
    /// Seconds to wait where the thrower gave none.
    private static let retryAfter = 10

    func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        let code = Self.code(of: error.code)
        var response = HubResponse.json(status: error.status) { json in
            json.object { json in
                json.member("code", code)
                json.member("msg", "\(code): \(error.line)")
                json.member("trace_id", request.id.text)
            }
        }
        response.headers["X-Error-Code"] = error.code.rawValue
        switch error.code {
        case .upstreamUnavailable, .shuttingDown, .scanPending, .tooManyRequests:
            response.headers["Retry-After"] = String(error.patientRetryAfter() ?? Self.retryAfter)
        default:
            response.headers["Retry-After"] = error.retryAfter.map(String.init)
        }
        if error.status == 401 { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }

    private static func code(of code: HubError.Code) -> String {
        switch code {
        case .authenticationRequired: "AUTH-ERR-1"
        case .forbidden, .gated: "AUTH-ERR-2"
        case .invalidCredentials: "AUTH-ERR-5"
        case .policyDenied: "POLICY-ERR-0"
        case .policyReview: "POLICY-ERR-1"
        case .buried: "POLICY-ERR-2"
        case .conflict: "REPO-ERR-0"
        case .repositoryNotFound: "REPO-ERR-3"
        case .revisionNotFound: "GIT-ERR-6"
        case .entryNotFound: "GIT-ERR-15"
        case .blobNotFound: "SYS-ERR-5"
        case .badRequest, .notFound, .methodNotAllowed, .preconditionFailed, .rangeNotSatisfiable, .unprocessable:
            "REQ-ERR-0"
        case .payloadTooLarge: "REQ-ERR-3"
        case .quotaExceeded: "QUOTA-ERR-0"
        case .unsupportedMediaType: "REQ-ERR-9"
        case .tooManyRequests: "REQ-ERR-10"
        case .upstreamCorrupt, .upstreamRefused, .upstreamUnavailable, .offline, .scanPending: "SYS-ERR-1"
        case .internalError, .notSupported, .storageFull, .storageCorrupt, .shuttingDown: "SYS-ERR-0"
        }
    }
}

/// A query parameter with a value this surface does not take: 400 with a `context` that says what it takes.
struct CSGHubParameterProblem: Error, Equatable {
    let parameter: String
    let provided: String
    /// Every value there is; empty where ``expected`` says more.
    var allowed: [String] = []
    var expected = ""

    func response(to request: HubRequest) -> HubResponse {
        let wanted = allowed.isEmpty ? expected : "one of \(allowed.joined(separator: ", "))"
        return .json(status: 400) { json in
            json.object { json in
                json.member("code", "REQ-ERR-6")
                json.member("msg", "REQ-ERR-6: The parameter '\(parameter)' must be \(wanted).")
                json.object("context") { json in
                    json.member("param", parameter)
                    json.member("provided", provided)
                    if allowed.isEmpty { json.member("expected", expected) } else { json.member("allowed", allowed) }
                }
                json.member("trace_id", request.id.text)
            }
        }.with("X-Error-Code", HubError.Code.badRequest.rawValue)
    }
}
