/// The fields of one mapping, by key.
struct MappingFields {
    let node: DocumentNode
    let entries: [DocumentNode.Entry]

    subscript(_ key: String) -> DocumentNode? {
        entries.first { $0.key == key }?.value
    }

    /// Where a key is written.
    func location(of key: String) -> SourceLocation? {
        entries.first { $0.key == key }?.keyLocation
    }
}
