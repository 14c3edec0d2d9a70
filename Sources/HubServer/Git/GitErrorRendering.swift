import HTTPTypes
import HubCore

/// Errors as git prints them: a plain text body of a failed discovery becomes `remote: ...`, and an `ERR` packet
/// becomes `fatal: remote error: ...`.
struct GitErrorRendering: ErrorRendering {
    func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        if error.status == 401 {
            // Without the challenge git reports a plain failure and never asks for credentials.
            var response = HubResponse.text(error.line + "\n", status: 401)
            response.headers[.wwwAuthenticate] = "Basic realm=\"weir\", charset=\"UTF-8\""
            return response
        }
        // In a push nobody would read an `ERR` packet: the client has agreed on side-bands by then.
        guard request.method == .post, !request.rawPath.hasSuffix("/git-receive-pack") else {
            var response = HubResponse.text(error.line + "\n", status: error.status)
            response.headers["Retry-After"] = error.retryAfter.map(String.init)
            return response
        }
        let packet = PktLine.data(Array("ERR \(error.line)\n".utf8)).encoded + PktLine.flush.encoded
        var response = HubResponse(status: 200, body: .bytes(packet))
        response.headers[.contentType] = "application/x-git-upload-pack-result"
        response.headers[.cacheControl] = "no-cache"
        response.headers["Retry-After"] = error.retryAfter.map(String.init)
        return response
    }
}
