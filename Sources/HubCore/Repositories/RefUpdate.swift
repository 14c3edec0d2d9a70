/// One ref's move: from what the caller saw to what it shall be.
package struct RefUpdate: Sendable, Hashable {
    package let name: RefName
    /// Where the caller saw it; nil for a ref that must not exist yet.
    package let expected: ObjectID?
    /// Where it goes; nil to delete it.
    package let target: ObjectID?
    /// What an annotated tag finally points at.
    package let peeled: ObjectID?
    /// Whether somebody asks for a new ref, rather than for a change that happens to begin one.
    let isCreation: Bool
    /// Whether it was compared with the grants on paths and refs.
    private(set) var isJudged = false

    package init(_ name: RefName, from expected: ObjectID?, to target: ObjectID?, peeled: ObjectID? = nil) {
        self.init(name, from: expected, to: target, peeled: peeled, isCreation: false)
    }

    private init(
        _ name: RefName, from expected: ObjectID?, to target: ObjectID?, peeled: ObjectID?, isCreation: Bool
    ) {
        self.name = name
        self.expected = expected
        self.target = target
        self.peeled = peeled
        self.isCreation = isCreation
    }

    /// A ref that somebody asks to be made; one that exists already is a conflict.
    package static func creation(_ name: RefName, at target: ObjectID, peeled: ObjectID? = nil) -> RefUpdate {
        RefUpdate(name, from: nil, to: target, peeled: peeled, isCreation: true)
    }

    /// The same, found to change nothing that is kept from who asks for it.
    var judged: RefUpdate {
        var update = self
        update.isJudged = true
        return update
    }

    /// For the audit log.
    var detail: JSONValue {
        .object([
            .init(key: "ref", value: .string(name.name)),
            .init(key: "from", value: expected.map { .string($0.hex) } ?? .null),
            .init(key: "to", value: target.map { .string($0.hex) } ?? .null),
        ])
    }
}
