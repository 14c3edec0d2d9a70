package import HubCore

/// `HubError` as Hugging Face's clients read it: the class from `X-Error-Code`, the text from `X-Error-Message` and
/// from `{"error"}` (wire/huggingface.md §1).
package struct HuggingFaceErrorRendering: ErrorRendering {
    /// Seconds to wait where the thrower gave none: clients retry 503 on their own, five times within a quarter minute.
    private static let retryAfter = 10

    package init() {}

    package func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        let message = error.code == .invalidCredentials ? Self.invalidCredentials : error.line
        var response = HubResponse.json(status: error.status) { json in
            json.object { $0.member("error", message) }
        }
        response.headers["X-Error-Code"] = Self.name(of: error.code)
        response.headers["X-Error-Message"] = message.headerText
        if Self.isShownAsWarning(error) {
            // The command line of huggingface_hub >= 1 prints its own sentence for GatedRepo and RepoNotFound and keeps
            // the message to itself; this header it shows as it is, once per topic.
            response.headers["X-HF-Warning"] = "\(Self.topic(of: request)); \(message.headerText)"
        }
        switch error.code {
        case .upstreamUnavailable, .shuttingDown, .scanPending:
            response.headers["Retry-After"] = String(error.retryAfter ?? Self.retryAfter)
        case .tooManyRequests:
            let seconds = error.patientRetryAfter() ?? Self.retryAfter
            response.headers["Retry-After"] = String(seconds)
            response.headers["RateLimit"] = "\"api\";r=0;t=\(seconds)"
        default:
            response.headers["Retry-After"] = error.retryAfter.map(String.init)
        }
        if error.status == 401 { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }

    /// Refusals, and whatever people can do something about; never the many files that clients only look for.
    private static func isShownAsWarning(_ error: HubError) -> Bool {
        switch error.code {
        case .policyDenied, .policyReview, .buried, .offline, .scanPending: true
        case .entryNotFound: false
        default: error.remedy != nil
        }
    }

    /// The exact text by which clients tell a bad token from a missing repository.
    private static let invalidCredentials = "Invalid credentials in Authorization header"

    /// The codes clients know, and ours in their style for the rest.
    private static func name(of code: HubError.Code) -> String {
        switch code {
        case .repositoryNotFound: "RepoNotFound"
        case .revisionNotFound: "RevisionNotFound"
        case .entryNotFound: "EntryNotFound"
        case .gated, .policyDenied, .policyReview, .buried: "GatedRepo"
        default: code.rawValue.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
    }

    private static func topic(of request: HubRequest) -> String {
        let names = ["namespace", "name"].compactMap { request.parameters[$0] }
        return "weir \(names.joined(separator: "/").headerText.replacing(";", with: ","))"
    }
}
