/// The one error that crosses a surface: a stable code, an HTTP status, a text for people and what to do about it.
///
/// Each surface renders it in its own dialect (`X-Error-Code`, `{"code","msg"}`, LFS JSON, git `ERR`).
/// Codes are documented in `docs/errors.md` and never change their meaning.
package struct HubError: Error, Sendable, Equatable {
    /// A stable, machine-readable name of what went wrong.
    package enum Code: String, Sendable, CaseIterable {
        case badRequest = "bad-request"
        case invalidCredentials = "invalid-credentials"
        case authenticationRequired = "authentication-required"
        case forbidden = "forbidden"
        case policyDenied = "policy-denied"
        case policyReview = "policy-review"
        /// The content waits for its scan; nobody refuses it.
        case scanPending = "scan-pending"
        case gated = "gated"
        /// A tombstone says that it is served nowhere any more, and why.
        case buried = "buried"
        case repositoryNotFound = "repository-not-found"
        case revisionNotFound = "revision-not-found"
        case entryNotFound = "entry-not-found"
        case blobNotFound = "blob-not-found"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case conflict = "conflict"
        case preconditionFailed = "precondition-failed"
        case payloadTooLarge = "payload-too-large"
        case unsupportedMediaType = "unsupported-media-type"
        case rangeNotSatisfiable = "range-not-satisfiable"
        case unprocessable = "unprocessable"
        case tooManyRequests = "too-many-requests"
        case internalError = "internal-error"
        case notSupported = "not-supported"
        /// The upstream answered bytes or metadata that contradict their digest, size or format.
        case upstreamCorrupt = "upstream-corrupt"
        /// The upstream refused us: credentials, terms or existence.
        case upstreamRefused = "upstream-refused"
        /// The upstream could not be reached or failed, and nothing stored can answer instead.
        case upstreamUnavailable = "upstream-unavailable"
        /// Offline mode, and the content is not stored here.
        case offline = "offline"
        case storageFull = "storage-full"
        /// The account that would have to hold the content has reached its limit.
        case quotaExceeded = "quota-exceeded"
        case storageCorrupt = "storage-corrupt"
        case shuttingDown = "shutting-down"
    }

    package var code: Code
    /// HTTP status this code is answered with.
    package var status: Int
    /// One sentence that names the thing and the place.
    package var message: String
    /// What the reader can do; nil when there is nothing to do.
    package var remedy: String?
    /// Seconds after which a retry may succeed, for 429 and 503.
    package var retryAfter: Int?

    package init(
        _ code: Code, _ message: String, remedy: String? = nil, status: Int? = nil, retryAfter: Int? = nil
    ) {
        self.code = code
        self.status = status ?? code.defaultStatus
        self.message = message
        self.remedy = remedy
        self.retryAfter = retryAfter
    }

    /// Message and remedy on one line, without control characters or marks that turn the direction of text, as it fits
    /// into a header, a pkt-line or a terminal (S37).
    package var line: String {
        let isSentence = message.last.map { ".!?".contains($0) } ?? true
        let text = remedy.map { "\(message)\(isSentence ? "" : ".") \($0)" } ?? message
        return text.onOneLine
    }
}

extension HubError.Code {
    /// The HTTP status a code is answered with unless the thrower knows better.
    package var defaultStatus: Int {
        switch self {
        case .badRequest: 400
        case .invalidCredentials, .authenticationRequired: 401
        case .forbidden, .policyDenied, .policyReview, .gated: 403
        case .repositoryNotFound, .revisionNotFound, .entryNotFound, .blobNotFound, .notFound: 404
        case .methodNotAllowed: 405
        case .conflict: 409
        case .buried: 410
        case .preconditionFailed: 412
        case .payloadTooLarge, .quotaExceeded: 413
        case .unsupportedMediaType: 415
        case .rangeNotSatisfiable: 416
        case .unprocessable: 422
        case .tooManyRequests: 429
        case .internalError, .storageCorrupt: 500
        case .notSupported: 501
        case .upstreamCorrupt, .upstreamRefused: 502
        case .upstreamUnavailable, .shuttingDown, .scanPending: 503
        case .offline: 504
        case .storageFull: 507
        }
    }
}

extension HubError: CustomStringConvertible {
    package var description: String { "\(code.rawValue): \(line)" }
}
