/// The name people use for a repository: kind, owner namespace and name, as in `model:acme/demo`.
///
/// Names keep their case and are compared without it. The grammar keeps names out of trouble (S26): they never become
/// paths on disk, never begin with an option dash and never look like a git file.
package struct RepositoryID: Hashable, Sendable, CustomStringConvertible {
    package let kind: RepositoryKind
    package let namespace: String
    package let name: String

    /// Nil unless both parts are valid names.
    package init?(kind: RepositoryKind, namespace: some StringProtocol, name: some StringProtocol) {
        guard Self.isValidName(namespace), Self.isValidName(name) else { return nil }
        self.kind = kind
        self.namespace = String(namespace)
        self.name = String(name)
    }

    /// Parses `model:acme/demo`, the form of the command line and of policy files.
    package init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = RepositoryKind(word: parts[0]) else { return nil }
        self.init(kind: kind, path: parts[1])
    }

    /// Parses `acme/demo`.
    package init?(kind: RepositoryKind, path: some StringProtocol) {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2 else { return nil }
        self.init(kind: kind, namespace: names[0], name: names[1])
    }

    /// `acme/demo`
    package var path: String { "\(namespace)/\(name)" }
    /// `model:acme/demo`
    package var description: String { "\(kind.rawValue):\(path)" }
    /// The case-folded namespace under which uniqueness is decided.
    package var namespaceKey: String { Self.key(namespace) }
    /// The case-folded name under which uniqueness is decided.
    package var nameKey: String { Self.key(name) }

    /// Folds an ASCII name for comparison.
    package static func key(_ name: String) -> String { name.lowercased() }

    /// `[A-Za-z0-9][A-Za-z0-9._-]{0,95}`, without `..` and without an end that git or a file system would take for its own.
    package static func isValidName(_ name: some StringProtocol) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, bytes.count <= 96, isAlphanumeric(first) else { return false }
        guard
            bytes.allSatisfy({
                isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            })
        else { return false }
        let lowered = name.lowercased()
        guard !lowered.contains(".."), !lowered.hasSuffix("."), !lowered.hasSuffix(".git"), !lowered.hasSuffix(".lock")
        else { return false }
        return true
    }

    /// Words that routes use where a namespace could stand; nobody may own them.
    package static let reservedNamespaces: Set<String> = [
        "api", "hf", "csg", "ms", "models", "datasets", "spaces", "codes", "prompts", "mcps", "mcpservers", "skills",
        "kernels", "collections", "livez", "readyz", "metrics", "ui", "static", "assets", "login", "logout", "settings",
        "admin", "organizations", "users", "new", "search", "docs", "resolve", "raw", "blob", "tree", "uploads",
        "oauth", "console", "events", "notifications",
        "_cas", "well-known",
    ]

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
