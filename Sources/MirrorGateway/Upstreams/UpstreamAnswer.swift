import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An upstream's answer with as much of its body as was read: for metadata all of it, for failures the beginning.
struct UpstreamAnswer: Sendable {
    var status: Int
    var headers: EgressHeaders
    var finalURL: EgressURL
    var body: [UInt8]

    /// Whether the body is a page for people: a login form, a captcha, a proxy's error.
    var isWebPage: Bool {
        if mediaType == "text/html" || mediaType == "application/xhtml+xml" { return true }
        let start = body.drop { $0 == 0x20 || (0x09...0x0D).contains($0) || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
        let word = String(decoding: start.prefix(9), as: UTF8.self).lowercased()
        return word.hasPrefix("<!doctype") || word.hasPrefix("<html")
    }

    /// `Content-Type` without parameters, lower case.
    var mediaType: String {
        let value = headers["content-type"] ?? ""
        return value.prefix { $0 != ";" }.trimmingSpaces.lowercased()
    }

    /// The body as JSON; nil when it is none.
    var json: JSONValue? {
        guard !isWebPage else { return nil }
        return try? JSONDecoder().decode(JSONValue.self, from: Data(body))
    }

    /// What the upstream says about its status, in any of the dialects; nil when it says nothing for people.
    ///
    /// `X-Error-Message`, `{"error": …}`, `{"errors": [{"message"}]}`, `{"msg"}` or `{"message"}`, or a short plain text.
    var explanation: String? {
        if let header = headers["x-error-message"], !header.isEmpty { return header }
        if let json {
            let candidates: [JSONValue?] = [
                json["error"], json["msg"], json["message"], json["error"]?["message"],
                json["errors"]?.first?["message"],
                json["error_description"],
            ]
            return candidates.lazy.compactMap { $0?.strings.first }.first { !$0.isEmpty }
        }
        guard !isWebPage, mediaType == "text/plain", !body.isEmpty else { return nil }
        return String(decoding: body, as: UTF8.self)
    }
}

extension JSONValue {
    /// The first element of an array.
    fileprivate var first: JSONValue? {
        if case .array(let values) = self { values.first } else { nil }
    }
}

extension EgressResponse {
    /// Reads the whole body.
    ///
    /// - Throws: `upstream-corrupt` when it is longer than `limit` bytes.
    func answer(upTo limit: Int) async throws -> UpstreamAnswer {
        UpstreamAnswer(
            status: status, headers: headers, finalURL: finalURL, body: try await body.collect(upTo: limit))
    }

    /// Reads the beginning of a body that only explains a failure.
    func failure() async -> UpstreamAnswer {
        var bytes: [UInt8] = []
        do {
            for try await chunk in body {
                bytes += chunk.prefix(Self.explanationLimit - bytes.count)
                if bytes.count >= Self.explanationLimit { break }
            }
        } catch {
            // What was read until the connection broke has to do: the status is what counts.
        }
        return UpstreamAnswer(status: status, headers: headers, finalURL: finalURL, body: bytes)
    }

    private static var explanationLimit: Int { 16 * 1024 }
}
