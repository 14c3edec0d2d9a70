import HubCore
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Tells decisions which approvals hold now.
struct ApprovalFactSource: FactSource {
    let register: ApprovalRegister

    var generation: Int { register.generation }

    func add(
        to facts: inout Facts, for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws {
        facts.approvals = try await register.facts(
            of: request.repository.id, commit: request.commit, scope: request.scope)
    }
}

extension ApprovalRegister {
    /// The approvals that may let something of a repository pass.
    /// - Parameters:
    ///   - commit: nil for a question about the repository as a whole.
    ///   - scope: one that was given for a file lets only that file pass, and what describes the commit.
    func facts(of repository: RepositoryID, commit: CommitID?, scope: ContentRequest.Scope) async throws
        -> [ApprovalFact]
    {
        try await approvals(of: repository).compactMap { approval in
            switch approval.scope {
            case .repository?: break
            case .revision?: guard let commit, approval.commit == commit else { return nil }
            case .file(let path)?:
                guard let commit, approval.commit == commit else { return nil }
                if case .file(let asked, _) = scope, asked != path { return nil }
            case nil: return nil
            }
            return approval.fact
        }
    }
}

extension Approval {
    /// What a decision names of it.
    var fact: ApprovalFact {
        let covered =
            switch scope {
            case .repository?, nil: "every revision"
            case .revision?: "revision \(commit?.hex ?? "")"
            case .file(let path)?: "'\(path)' of revision \(commit?.hex ?? "")"
            }
        return ApprovalFact(
            id: id, approver: decidedBy ?? "", scope: covered, expiresAt: expiresAt, covers: covers)
    }
}
