import Crypto
import HTTPTypes
import HubCore
import NIOCore
import SQL

/// One request as far as its answer depends on it, and what the hub held when it came.
struct AnswerQuestion: Sendable {
    /// A digest, so that credentials are kept nowhere and every question is as large as any other.
    struct Key: Sendable, Hashable {
        private let words: SIMD4<UInt64>

        init(_ digest: SHA256.Digest) {
            var words = SIMD4<UInt64>()
            withUnsafeMutableBytes(of: &words) { target in digest.withUnsafeBytes { target.copyMemory(from: $0) } }
            self.words = words
        }
    }

    /// Everything that decides what is answered. Equal states have had nothing between them.
    struct State: Sendable, Equatable {
        let database: DatabaseVersion
        let settings: UInt64
    }

    /// How much of a request its question is made of.
    enum Extent {
        case head, whole
    }

    /// Bytes of the body of a question.
    static let largestBody: Int64 = 64 << 10

    /// How much of a request has to be read to know what it asks; nil for one whose answer is never kept.
    ///
    /// - Parameter path: as it was sent.
    static func extent(_ method: HTTPRequest.Method, path: String, _ framing: RequestFraming) -> Extent? {
        switch method {
        case .get, .head: return .head
        case .post:
            // Of all that is sent this alone changes nothing.
            guard let length = framing.declaredLength, length <= largestBody, framing.encodings.isEmpty,
                !framing.expectsInvitation, path.contains("/paths-info/")
            else { return nil }
            return .whole
        default: return nil
        }
    }

    let key: Key
    let state: State
    /// Milliseconds since 1970.
    let askedAt: Int64

    init(_ request: HubRequest, body: ByteBuffer?, state: State, askedAt: Int64) {
        self.state = state
        self.askedAt = askedAt
        var text = Text()
        text.add(request.method.rawValue)
        text.add(request.target)
        text.add(request.baseURL)
        text.add(request.remoteAddress ?? "")
        for field in request.headers where !Self.irrelevant.contains(field.name) {
            text.add(field.name.canonicalName)
            text.add(field.value)
        }
        if let body {
            text.add("")
            text.bytes += body.readableBytesView
        }
        key = Key(SHA256.hash(data: text.bytes))
    }

    /// Headers that no answer which is kept depends on: they differ from request to request, or from client to client.
    /// All others count, read or not.
    private static let irrelevant: Set<HTTPField.Name> = Set(
        [
            "User-Agent", "Accept-Encoding", "Connection", "X-Request-Id", "X-Amzn-Trace-Id", "traceparent",
            "tracestate",
            "Content-Length",
        ].compactMap { HTTPField.Name($0) })

    /// Fields with their lengths, so that no two lists of fields are the same bytes.
    private struct Text {
        var bytes: [UInt8] = []

        init() { bytes.reserveCapacity(512) }

        mutating func add(_ field: String) {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: field.utf8.count)) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: field.utf8)
        }
    }
}
