/// What somebody is in an organisation or to a repository: a ladder, on which each step may do all that those below may.
///
/// - SeeAlso: the table in the reference on security, §5.
package enum Role: Int64, Sendable, Hashable, CaseIterable, Comparable {
    /// Sees and reads.
    case reader = 1
    /// Creates repositories, and writes to those.
    case contributor
    /// Writes to every repository.
    case writer
    /// Changes settings and lets people through gates.
    case maintainer
    /// Decides who is what, and removes repositories or gives them another name.
    case admin

    package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }

    /// The word people write.
    package var name: String {
        switch self {
        case .reader: "reader"
        case .contributor: "contributor"
        case .writer: "writer"
        case .maintainer: "maintainer"
        case .admin: "admin"
        }
    }

    /// Reads our words and those of Hugging Face and CSGHub: `read`, `write`.
    package init?(name: String) {
        switch name.lowercased() {
        case "reader", "read": self = .reader
        case "contributor": self = .contributor
        case "writer", "write": self = .writer
        case "maintainer": self = .maintainer
        case "admin": self = .admin
        default: return nil
        }
    }
}

extension Verb {
    /// The lowest role that carries this verb.
    package var minimumRole: Role {
        switch self {
        case .discover, .metaRead, .contentRead, .discuss: .reader
        case .contentWrite: .writer
        case .settings, .gateApprove: .maintainer
        case .delete, .mirrorSync, .auditRead, .memberAdmin, .tokenAdmin, .quotaSet: .admin
        }
    }

    /// The scope a token needs for this verb.
    package var requiredScope: TokenGrant.Scope {
        switch self {
        case .discover, .metaRead, .contentRead, .auditRead: .read
        case .contentWrite: .upload
        case .settings, .delete, .mirrorSync, .discuss, .gateApprove, .memberAdmin, .tokenAdmin, .quotaSet: .write
        }
    }
}
