/// That something is served nowhere any more, fetched from nobody and taken from nobody; until it is lifted.
package struct Tombstone: Sendable, Hashable, Identifiable {
    package let id: Int64
    /// Grows with every change; lists go by it.
    package let sequence: Int64
    /// The same at every hub that it reaches.
    package let origin: String
    package let target: TombstoneTarget
    /// The object id of the same bytes in git, where that is known.
    package let gitID: ObjectID?
    package let reason: String
    /// The peer that it came from, as `mirror/upstream`; nil for one made here.
    package let peer: String?
    package let buriedBy: String
    /// Milliseconds since 1970.
    package let buriedAt: Int64
    package let liftedBy: String?
    package let liftedAt: Int64?
    package let liftNote: String?

    /// The most characters of a reason.
    package static let maximumReason = 1_000

    package var isLifted: Bool { liftedAt != nil }

    /// What whoever asks for it is told.
    package var refusal: HubError {
        let day = JSONDate.text(milliseconds: buriedAt).prefix(10)
        let from = peer.map { " (told by the peer \($0))" } ?? ""
        return HubError(
            .buried, "withdrawn on \(day)\(from): \(reason) [tombstone #\(id): \(target)]",
            remedy: "Use something else, or ask whoever keeps this hub to lift the tombstone.")
    }

    /// The tombstone as JSON, with the names that the REST surface, the command line and peers use.
    package var json: JSONValue {
        func time(_ milliseconds: Int64?) -> JSONValue {
            milliseconds.map { .string(JSONDate.text(milliseconds: $0)) } ?? .null
        }
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        return .object([
            .init(key: "id", value: .integer(id)), .init(key: "sequence", value: .integer(sequence)),
            .init(key: "origin", value: .string(origin)), .init(key: "kind", value: .string(target.kind)),
            .init(key: "target", value: .string(target.text)), .init(key: "gitId", value: text(gitID?.hex)),
            .init(key: "reason", value: .string(reason)), .init(key: "peer", value: text(peer)),
            .init(key: "buriedBy", value: .string(buriedBy)), .init(key: "buriedAt", value: time(buriedAt)),
            .init(key: "liftedBy", value: text(liftedBy)), .init(key: "liftedAt", value: time(liftedAt)),
            .init(key: "liftNote", value: text(liftNote)),
        ])
    }
}
