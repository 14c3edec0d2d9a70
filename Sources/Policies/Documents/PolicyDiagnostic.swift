/// Something to say about a place in a policy file.
package struct PolicyDiagnostic: Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable {
        /// The policy is refused as a whole.
        case error
        /// It loads, but probably does not mean what its author meant.
        case warning
        /// It loads; part of it has no effect in this release.
        case notice
    }

    package let severity: Severity
    package let location: SourceLocation
    /// RFC 6901 JSON pointer of the value within its document; empty for the document itself.
    package let pointer: String
    package let message: String
    /// What to write instead; nil when the message says it all.
    package let remedy: String?

    package init(
        _ severity: Severity, at location: SourceLocation, pointer: String, message: String, remedy: String? = nil
    ) {
        self.severity = severity
        self.location = location
        self.pointer = pointer
        self.message = message
        self.remedy = remedy
    }

    /// `mirrors.d/x.yaml:12:7: error: unknown key 'limts' in /spec/upstreams/0 (did you mean 'limits'?)`
    package var description: String {
        var text = "\(location): \(severity.rawValue): \(message)"
        if severity != .notice, !pointer.isEmpty { text += " in \(pointer)" }
        if let remedy { text += " (\(remedy))" }
        return text
    }
}
