package import HTTPTypes

/// How a request's head says its body comes.
package struct RequestFraming: Sendable, Equatable {
    /// Bytes as they are sent; nil for a chunked body; 0 without a body.
    package let declaredLength: Int64?
    /// The content codings, lower case, without `identity`.
    package let encodings: [String]
    /// The client waits to be invited.
    package let expectsInvitation: Bool

    package init(length: Int64?, encodings: [String] = [], expectsInvitation: Bool = false) {
        declaredLength = length
        self.encodings = encodings
        self.expectsInvitation = expectsInvitation
    }

    /// Reads the head. The HTTP decoder has refused contradictory lengths already (S49).
    package init(_ headers: HTTPFields) {
        if headers[.transferEncoding] != nil {
            declaredLength = nil
        } else {
            declaredLength = headers[.contentLength].flatMap { Int64($0) } ?? 0
        }
        encodings = headers[values: .contentEncoding].flatMap { $0.split(separator: ",") }
            .map { $0.trimmed.lowercased() }.filter { !$0.isEmpty && $0 != "identity" }
        expectsInvitation = headers["Expect"]?.lowercased() == "100-continue" && declaredLength != 0
    }
}
