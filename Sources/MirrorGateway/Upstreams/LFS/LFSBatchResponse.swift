import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a batch answered, object by object.
///
/// - SeeAlso: git-lfs `docs/api/batch.md`, "Successful Responses".
struct LFSBatchResponse: Sendable, Hashable {
    /// What came of one object.
    enum Outcome: Sendable, Hashable {
        case link(LFSLink)
        /// `error` of the object.
        case failed(code: Int, message: String)
        /// No download action, or one that is no URL.
        case unusable(String)
    }

    /// The objects that were named, the first time each.
    private(set) var outcomes: [BlobID: Outcome] = [:]

    /// Why the whole answer is of no use.
    struct Failure: Error, Sendable, Hashable {
        let reason: String
    }

    /// - Parameters:
    ///   - document: the answer's JSON.
    ///   - url: where it came from; links may be relative to it.
    ///   - now: milliseconds since 1970, from which `expires_in` counts.
    init(_ document: JSONValue, from url: EgressURL, now: Int64) throws(Failure) {
        if let algorithm = document["hash_algo"]?.string, !algorithm.isEmpty, algorithm != "sha256" {
            throw Failure(reason: "objects that are not named by SHA-256")
        }
        if let transfer = document["transfer"]?.string, !transfer.isEmpty, transfer != "basic" {
            throw Failure(reason: "the transfer \(transfer), which was not offered")
        }
        guard case .array(let objects)? = document["objects"] else { throw Failure(reason: "no list of objects") }
        for object in objects {
            guard let oid = object["oid"]?.string.flatMap({ BlobID($0.lowercased()) }), outcomes[oid] == nil else {
                continue
            }
            outcomes[oid] = Self.outcome(of: object, from: url, now: now)
        }
    }

    private static func outcome(of object: JSONValue, from url: EgressURL, now: Int64) -> Outcome {
        if let error = object["error"], error != .null {
            return .failed(
                code: error["code"]?.integer.flatMap { Int(exactly: $0) } ?? 0, message: error["message"]?.string ?? "")
        }
        guard let action = object["actions"]?["download"], action != .null else { return .unusable("no download link") }
        guard let href = action["href"]?.string, !href.isEmpty, let target = try? url.resolving(location: href) else {
            return .unusable("a download link that is no URL")
        }
        var headers: [(String, String)] = []
        if case .object(let members)? = action["header"] {
            headers = members.compactMap { member in member.value.scalarText.map { (member.key, $0) } }
        }
        guard let checked = try? HeaderRules.checked(headers) else {
            return .unusable("a download link with a header that is not allowed")
        }
        let link = LFSLink(
            url: target, headers: checked.map { LFSLink.Header(name: $0.0, value: $0.1) },
            size: object["size"]?.integer, expires: expiry(of: action, now: now))
        return .link(link)
    }

    /// `expires_in` wins over `expires_at`; nil when neither can be read.
    private static func expiry(of action: JSONValue, now: Int64) -> Int64? {
        if let seconds = action["expires_in"]?.integer, seconds != 0 {
            let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
            let (instant, tooFar) = now.addingReportingOverflow(milliseconds)
            return overflow || tooFar ? nil : instant
        }
        guard let text = action["expires_at"]?.string, let date = try? Date(text, strategy: .iso8601) else {
            return nil
        }
        // Year 1 is how Go writes "never".
        let seconds = date.timeIntervalSince1970
        return seconds > 0 && seconds < 1e12 ? Int64(seconds * 1000) : nil
    }
}

/// Where the bytes of one object are, and for how long.
struct LFSLink: Sendable, Hashable {
    struct Header: Sendable, Hashable {
        let name: String
        let value: String
    }

    let url: EgressURL
    /// Exactly what the link's server wants; credentials of ours are never added.
    let headers: [Header]
    /// What the upstream says the object's length is.
    let size: Int64?
    /// Milliseconds since 1970; nil when it does not say.
    let expires: Int64?

    var hasAuthorization: Bool { headers.contains { $0.name.lowercased() == "authorization" } }
}

extension JSONValue {
    /// A whole number, also one that came as `5.0`.
    fileprivate var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }
}
