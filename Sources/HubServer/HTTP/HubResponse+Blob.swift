package import HTTPTypes
package import HubCore

extension HubResponse {
    /// A blob as an answer to GET or HEAD: 200, 206, 304 or 416, with entity tag, lengths and ranges as RFC 9110 has them.
    ///
    /// - Parameters:
    ///   - etag: the entity tag without quotes; by default the blob's digest.
    ///   - contentType: never guessed from the bytes.
    ///   - headers: added to every one of these answers; 304 and 416 carry them too, as hub clients read theirs there.
    package static func blob(
        _ reader: BlobReader, _ request: HubRequest, etag: String? = nil,
        contentType: String = "application/octet-stream", headers extra: HTTPFields = [:]
    ) -> HubResponse {
        let tag = "\"\(etag ?? reader.id.hex)\""
        return representation(
            request, size: reader.size, etag: tag, contentType: contentType, headers: extra,
            mayResume: !reader.isSuspect
        ) { .file(reader, range: $0) }
    }

    /// The same decisions for any body of known size that can be cut: `body` gets the bytes to send.
    ///
    /// - Parameters:
    ///   - etag: the entity tag as it is sent, with quotes.
    ///   - mayResume: whether a client that holds the beginning may be given the rest of it.
    package static func representation(
        _ request: HubRequest, size: Int64, etag: String, contentType: String, headers extra: HTTPFields = [:],
        mayResume: Bool = true, body: (Range<Int64>) -> HubBody
    ) -> HubResponse {
        var headers = extra
        headers[.eTag] = etag
        headers[.acceptRanges] = "bytes"
        let conditions = ConditionalRequest(request.headers)
        if conditions.isPreconditionFailed(etag) {
            return HubResponse(status: 412, headers: headers)
        }
        if conditions.isUnmodified(etag) {
            return HubResponse(status: 304, headers: headers)
        }
        headers[.contentType] = contentType
        // A range is defined for GET only (RFC 9110 §14.2), but Hugging Face's clients learn sizes by HEAD with one.
        let asked = conditions.allowsRange(etag) ? request.headers[.range] : nil
        switch ByteRange(asked, size: size, mayResume: mayResume) {
        case .whole:
            return HubResponse(status: 200, headers: headers, body: body(0..<size))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            return HubResponse(status: 206, headers: headers, body: body(range))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(size)"
            headers[.contentType] = nil
            return HubResponse(status: 416, headers: headers)
        }
    }
}
