import SQL

/// A leaf where it stands in the transparency log.
package struct TransparencyEntry: Sendable, Hashable {
    /// From 0, without gaps.
    package let index: Int64
    /// Milliseconds since 1970.
    package let at: Int64
    package let kind: String
    /// The key of the repository that it is about; nil for the hub.
    package let repository: Int64?
    /// What was hashed, as text.
    package let text: String
    /// The hash, as the row has it.
    package let hash: String
    /// Hashes of the subtrees that it completes, as the row has them: 64 digits each.
    let nodes: String

    init(_ row: Row) throws {
        index = try row.integer("seq")
        at = try row.integer("at")
        kind = try row.text("kind")
        repository = try row.optionalInteger("repository")
        text = try row.text("leaf")
        hash = try row.text("leaf_hash")
        nodes = try row.text("nodes")
    }

    /// What the leaf says; nil when it is not JSON.
    package var content: JSONValue? { JSONText.decode(text) }
}
