/// One value of a YAML document together with where it stands; independent of the YAML library.
struct DocumentNode: Sendable {
    enum Content: Sendable {
        /// `isPlain`: written without quotes, so that `true` and `10` may be more than text.
        case scalar(String, isPlain: Bool)
        case sequence([DocumentNode])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        let key: String
        let keyLocation: SourceLocation
        let value: DocumentNode
    }

    let content: Content
    let location: SourceLocation
    /// RFC 6901 pointer within the document.
    let pointer: String

    /// Whether nothing was written: `key:` or `~`.
    var isNothing: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// What kind of value this is, for messages.
    var kindOfValue: String {
        switch content {
        case .scalar where isNothing: "nothing"
        case .scalar(let text, isPlain: true) where text == "true" || text == "false": "'\(text)'"
        case .scalar(let text, isPlain: true) where Int64(text) != nil || Double(text) != nil: "the number \(text)"
        case .scalar: "text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// A pointer's segment with `~` and `/` escaped as RFC 6901 asks.
    static func pointer(_ base: String, _ segment: String) -> String {
        base + "/"
            + segment.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }
}
