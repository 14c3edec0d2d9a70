package import HubCore
import Policies
import Synchronization

/// Makes a request for whatever is held when somebody asks for it, and tells where it stands.
package final class ApprovalDesk: Sendable {
    /// What a request would be made of, as long as nothing changes that it is made from.
    struct Key: Hashable {
        let repository: Int64
        let commit: CommitID
        let revision: String?
        let policy: String
        let user: String?
        let generations: [Int]
    }

    package let register: ApprovalRegister
    package let address: PublicAddress
    private let drafts = Mutex<[Key: ApprovalDraft]>([:])
    private static let maximumDrafts = 1_024

    package init(register: ApprovalRegister, address: PublicAddress) {
        self.register = register
        self.address = address
    }

    /// Where a request is shown.
    package func link(to id: Int64) -> String { address.link("/api/gateway/v1/approvals/\(id)") }

    /// `request #12: https://hub/api/gateway/v1/approvals/12`
    package func text(of id: Int64) -> String { "request #\(id): \(link(to: id))" }

    func draft(_ key: Key, make: () async throws -> ApprovalDraft) async throws -> ApprovalDraft {
        if let known = drafts.withLock({ $0[key] }) { return known }
        let made = try await make()
        drafts.withLock { drafts in
            if drafts.count >= Self.maximumDrafts { drafts.removeAll() }
            drafts[key] = made
        }
        return made
    }
}
