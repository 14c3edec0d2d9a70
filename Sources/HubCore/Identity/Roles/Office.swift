/// A standard role beside the ladder: one duty, and no more sight than that takes. Offices are given by grants, on a
/// repository, on all of an organisation, or on the whole hub; they read no content and write none.
///
/// - SeeAlso: the table in the reference on security, §5.
package enum Office: Int64, Sendable, Hashable, CaseIterable {
    /// Reads the record of changes.
    case auditor = 101
    /// Runs and changes mirroring, and, given on the whole hub, says how much accounts may store.
    case `operator` = 102
    /// Lets people through gates.
    case gatekeeper = 103

    /// The word people write.
    package var name: String {
        switch self {
        case .auditor: "auditor"
        case .operator: "operator"
        case .gatekeeper: "gatekeeper"
        }
    }

    package init?(name: String) {
        guard let office = Self.allCases.first(where: { $0.name == name.lowercased() }) else { return nil }
        self = office
    }

    /// What the office is for.
    package var duties: Set<Verb> {
        switch self {
        case .auditor: [.auditRead]
        case .operator: [.mirrorSync, .quotaSet]
        case .gatekeeper: [.gateApprove]
        }
    }

    /// The duties, and seeing what they are about.
    package var verbs: Set<Verb> { duties.union([.discover, .metaRead]) }
}
