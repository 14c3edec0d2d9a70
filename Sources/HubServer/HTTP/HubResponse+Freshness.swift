import HubCore

extension HubResponse {
    /// Says when an answer is older than it should be, because the upstream is silent: `Warning: 110` (RFC 7234 §5.5.1)
    /// and `X-Weir-Stale: <seconds>; <reason>`.
    ///
    /// - Parameter now: milliseconds since 1970.
    func showing(_ freshness: Freshness, now: Int64) -> HubResponse {
        if case .held(let commit, let reason) = freshness {
            var response = self
            response.headers["X-Weir-Held"] = "\(commit.hex); \(reason.headerText)"
            return response
        }
        guard case .stale(let since, let reason) = freshness else { return self }
        let text = reason.headerText.replacing("\"", with: "'").replacing("\\", with: "/")
        var response = self
        response.headers["Warning"] = "110 - \"\(text)\""
        response.headers["X-Weir-Stale"] = "\(max(0, now - since) / 1000); \(text)"
        return response
    }
}

extension String {
    /// The text as a header's value: visible ASCII and spaces. HTTP stacks differ in how they read the rest.
    var headerText: String {
        String(
            String.UnicodeScalarView(
                // Arrows are how lineages are written.
                replacing("←", with: "<-").unicodeScalars.map { scalar in
                    switch scalar.value {
                    case 0x20...0x7E: scalar
                    case 0..<0x20, 0x7F: " "
                    default: "?"
                    }
                }))
    }
}
