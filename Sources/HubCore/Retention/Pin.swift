/// That a repository, or one revision of it, is kept whatever happens.
package struct Pin: Sendable, Hashable, Identifiable {
    package let id: Int64
    /// By the name it has here; nothing of it needs to be here yet.
    package let repository: RepositoryID
    /// Nil for all of the repository.
    package let revision: Revision?
    /// The commit that the revision named when that was last known.
    package let commit: CommitID?
    package let note: String?
    /// Who pinned it; nil when that is not known.
    package let createdBy: String?
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// Milliseconds since 1970; nil for never.
    package let expiresAt: Int64?

    /// The most characters of a note.
    package static let maximumNote = 1_000

    /// The pin as JSON, with the names that the REST surface and the command line use.
    package var json: JSONValue {
        .object([
            .init(key: "id", value: .string(String(id, radix: 16))),
            .init(key: "repository", value: .string(repository.description)),
            .init(key: "revision", value: revision.map { .string($0.description) } ?? .null),
            .init(key: "commit", value: commit.map { .string($0.hex) } ?? .null),
            .init(key: "note", value: note.map { .string($0) } ?? .null),
            .init(key: "createdBy", value: createdBy.map { .string($0) } ?? .null),
            .init(key: "createdAt", value: .string(JSONDate.text(milliseconds: createdAt))),
            .init(key: "expiresAt", value: expiresAt.map { .string(JSONDate.text(milliseconds: $0)) } ?? .null),
        ])
    }
}
