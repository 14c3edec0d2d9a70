import HTTPTypes
import HubCore

/// Errors in the LFS API's JSON, with the headers git-lfs needs to go on.
struct LFSErrorRendering: ErrorRendering {
    static let mediaType = "application/vnd.git-lfs+json"

    func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        var response = HubResponse.json(status: Self.status(of: error, for: request)) { json in
            json.object {
                $0.member("message", error.line)
                $0.member("request_id", request.id.text)
            }
        }
        response.headers[.contentType] = Self.mediaType
        if error.status == 401 {
            response.headers["LFS-Authenticate"] = "Basic realm=\"weir\""
            response.headers[.wwwAuthenticate] = "Basic realm=\"weir\", charset=\"UTF-8\""
        }
        if response.status == 429 || response.status == 503 {
            // git-lfs 3.3.0 crashes on a 429 without this header (wire/git-lfs.md §0).
            response.headers["Retry-After"] = String(error.patientRetryAfter() ?? 5)
        }
        return response
    }

    /// The same, but for a batch that is to be asked again in hours: git-lfs would sleep until then. 509 is the batch
    /// API's word for a used-up bandwidth, and final.
    private static func status(of error: HubError, for request: HubRequest) -> Int {
        let isBatch = request.rawPath.hasSuffix("/objects/batch")
        return error.code == .tooManyRequests && error.isForLater && isBatch ? 509 : status(of: error)
    }

    /// A batch that fails with 5xx is final for git-lfs, one with 429 is tried again: busy is said by 429.
    static func status(of error: HubError) -> Int {
        switch error.code {
        case .upstreamUnavailable, .shuttingDown, .scanPending: 429
        // "Insufficient Storage" is what the batch API has for an account that is full.
        case .quotaExceeded: 507
        default: error.status
        }
    }
}
