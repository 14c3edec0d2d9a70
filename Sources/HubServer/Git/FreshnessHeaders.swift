import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How a response says that the upstream was silent and the last known state answers.
enum FreshnessHeaders {
    static func add(_ freshness: Freshness, to response: inout HubResponse) {
        guard case .stale(let since, let reason) = freshness else { return }
        let age = max(0, Int64(Date().timeIntervalSince1970) - since / 1_000)
        let text = String(reason.map { $0 == "\"" || $0.isNewline ? " " : $0 })
        response.headers["Warning"] = "110 weir \"Response is stale: \(text)\""
        response.headers["X-Weir-Stale"] = "\(age)"
    }
}
