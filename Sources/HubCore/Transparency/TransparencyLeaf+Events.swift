extension TransparencyLeaf {
    /// A commit came from an upstream.
    /// - Parameters:
    ///   - record: the SHA-256 of its provenance record; nil when there is none.
    ///   - contents: the digest over its files; nil when they are not known.
    static func acquisition(of key: Int64, named name: String, commit: String, record: String?, contents: String?)
        -> TransparencyLeaf
    {
        TransparencyLeaf(
            .acquisition, of: key, subject: name,
            detail: .object([
                .init(key: "commit", value: .string(commit)),
                .init(key: "contents", value: contents.map { .string($0) } ?? .null),
                .init(key: "record", value: record.map { .string($0) } ?? .null),
            ]))
    }

    /// A ref moved; nil for where it was not, or is no more.
    static func ref(_ ref: String, of key: Int64, named name: String, from: String?, to: String?) -> TransparencyLeaf {
        TransparencyLeaf(
            .ref, of: key, subject: name,
            detail: .object([
                .init(key: "from", value: from.map { .string($0) } ?? .null),
                .init(key: "ref", value: .string(ref)),
                .init(key: "to", value: to.map { .string($0) } ?? .null),
            ]))
    }

    /// A record was added to the audit log. Its hash says the rest.
    static func audit(sequence: Int64, hash: String) -> TransparencyLeaf {
        TransparencyLeaf(
            .audit, subject: "",
            detail: .object([
                .init(key: "hash", value: .string(hash)), .init(key: "sequence", value: .integer(sequence)),
            ]))
    }
}
