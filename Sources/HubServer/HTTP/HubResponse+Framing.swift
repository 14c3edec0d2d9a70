import HTTPTypes
import NIOCore

extension HubResponse {
    /// Whether its status has no content (RFC 9110 §6.4.1).
    var hasNoContent: Bool { status == 204 || status == 304 || (100..<200).contains(status) }

    /// Whether the answer itself says that no other follows it.
    var isLast: Bool { headers[.connection] == "close" }

    /// The headers with what says where the body ends.
    var framedHeaders: HTTPFields {
        var framed = headers
        framed[.contentLength] = hasNoContent ? nil : body.length.map(String.init)
        return framed
    }

    /// The same response under the name of its request, and with what every answer carries.
    func named(_ id: RequestID) -> HubResponse {
        var named = self
        named.headers["X-Request-Id"] = id.text
        named.headers[.xContentTypeOptions] = "nosniff"
        return named
    }

    /// A body that can be written at once; `.some(nil)` is none.
    func immediateBody(to method: HTTPRequest.Method) -> ByteBuffer?? {
        if method == .head || hasNoContent { return .some(nil) }
        switch body {
        case .none: return .some(nil)
        case .bytes(let buffer): return .some(buffer)
        case .file(_, let range): return range.isEmpty ? .some(nil) : nil
        case .stream: return nil
        }
    }
}
