/// One event as the transparency log tells it for good.
package struct TransparencyLeaf: Sendable, Hashable {
    /// What happened.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A commit came from an upstream.
        case acquisition
        /// A ref of a repository moved here.
        case ref
        /// A statement was signed.
        case statement
        /// A revision was let in, or refused, by somebody.
        case approval
        /// Content was buried.
        case tombstone
        /// A bundle left.
        case bundleExport = "bundle.export"
        /// A bundle came.
        case bundleImport = "bundle.import"
        /// A record was added to the audit log.
        case audit
    }

    package let kind: Kind
    /// The key of the repository that it is about; nil for the hub.
    package let repository: Int64?
    /// What it is about, such as `model:acme/demo`.
    package let subject: String
    /// What else is kept: names, ids and digests, never a secret.
    package let detail: JSONValue

    package init(_ kind: Kind, of repository: Int64? = nil, subject: String, detail: JSONValue) {
        self.kind = kind
        self.repository = repository
        self.subject = subject
        self.detail = detail
    }

    /// The text whose UTF-8 bytes are the leaf: JSON, its members in the order of their names.
    ///
    /// The salt keeps what is guessed from being confirmed: hashes of leaves are public, names of private
    /// repositories are not.
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - salt: 32 random hexadecimal digits.
    func text(at now: Int64, salt: String) throws -> String {
        try JSONText.encode(
            .object([
                .init(key: "at", value: .integer(now)),
                .init(key: "detail", value: detail),
                .init(key: "kind", value: .string(kind.rawValue)),
                .init(key: "repository", value: repository.map { .integer($0) } ?? .null),
                .init(key: "salt", value: .string(salt)),
                .init(key: "subject", value: .string(subject)),
                .init(key: "version", value: .integer(1)),
            ]))
    }
}
