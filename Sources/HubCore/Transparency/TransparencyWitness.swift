/// What is compared with the log from outside of the database.
package struct TransparencyWitness: Sendable {
    /// Checkpoints that were kept elsewhere.
    package var checkpoints: [TransparencyCheckpoint] = []
    /// The only keys that are believed, as verifiers take them; empty for those of the hub's own key folder.
    package var keys: [String] = []

    package init() {}
}

/// What a look through the whole log found.
package struct TransparencyReport: Sendable {
    /// Entries of the log.
    package var size: Int64 = 0
    package var root = MerkleHash.empty
    /// Checkpoints that were compared, stored ones and others.
    package var checkpoints = 0
    /// What is wrong and where, the first of it first.
    package var problems: [String] = []

    /// Told at most: one damaged row makes many.
    static let problemLimit = 50

    mutating func note(_ problem: String) {
        if problems.count < Self.problemLimit { problems.append(problem) }
    }
}
