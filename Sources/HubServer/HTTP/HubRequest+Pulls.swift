import HTTPTypes

extension HubRequest {
    /// Whether it takes content from its beginning: what counts as one pull, in however many parts the rest comes.
    var takesContent: Bool {
        guard method == .get else { return false }
        guard let range = headers[.range]?.lowercased().filter({ $0 != " " }), range.hasPrefix("bytes=") else {
            return true
        }
        return range.dropFirst("bytes=".count).hasPrefix("0-")
    }
}
