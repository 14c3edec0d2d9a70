import HubCore
import MirrorGateway

/// Who sees and decides which requests for reviews, whatever asks: REST or pages.
struct ApprovalAccess: Sendable {
    let gateway: Gateway

    private var authority: ApprovalAuthority { gateway.approvalAuthority }

    // MARK: Asking

    /// Asks for a review of what policy holds.
    /// - Parameters:
    ///   - name: as in `model:acme/demo`.
    ///   - reason: what it is needed for, which approvers read.
    /// - Throws: `.badRequest`; `.conflict` for what is not held; what opening the repository throws.
    func ask(
        for name: String, at revision: String?, because reason: String?, _ principal: Principal
    ) async throws -> Approval {
        if let reason, reason.count > Approval.maximumNote {
            throw HubError(.badRequest, "A reason has at most \(Approval.maximumNote) characters.")
        }
        let revision = try revision.map { text in
            guard let revision = Revision(text) else { throw HubError(.badRequest, "'\(text)' is not a revision.") }
            return revision
        }
        let repository = try await gateway.authorizer.open(principal, .metaRead, try GovernedName.repository(name))
        let id = try await gateway.requestReview(of: repository, at: revision)
        if let reason {
            // Who asks is counted before what he says can be kept.
            try await gateway.approvals.flush()
            try await gateway.hub.approvals.keep(reason: reason, of: principal.label, for: id)
        }
        return try await gateway.hub.approvals.approval(id)
    }

    // MARK: Deciding

    /// Decides on a request that was found ``decidable(_:by:)`` or ``closable(_:_:by:)``.
    func decide(
        _ approval: Approval, _ ruling: ApprovalStore.Ruling, note: String?, by principal: Principal
    ) async throws -> Approval {
        let isAlone = try await authority.isAlone(principal, mirror: approval.mirror)
        // Who asked a moment ago counts as well.
        try await gateway.approvals.flush()
        let decided = try await gateway.hub.approvals.decide(
            approval.id, ruling, note: note, by: principal, isOnlyApprover: isAlone)
        gateway.approvals.expire()
        return decided
    }

    /// A request on which somebody may decide.
    /// - Throws: `.notFound`, `.forbidden`.
    func decidable(_ text: String, by principal: Principal) async throws -> Approval {
        let (approval, _) = try await visible(text, to: principal)
        guard try await authority.mayDecide(principal, mirror: approval.mirror) else {
            throw HubError(
                .forbidden, "You may not decide on the request #\(approval.id).",
                remedy: "Ask a gatekeeper of this hub, or whom the mirror file names as approvers.")
        }
        return approval
    }

    /// A request that somebody may reject or, where it is his, withdraw.
    /// - Throws: `.notFound`, `.forbidden`.
    func closable(_ text: String, _ ruling: ApprovalStore.Ruling, by principal: Principal) async throws -> Approval {
        guard ruling == .withdraw else { return try await decidable(text, by: principal) }
        let (approval, _) = try await visible(text, to: principal)
        var isHis = approval.requestedBy == principal.label
        if !isHis { isHis = try await authority.mayDecide(principal, mirror: approval.mirror) }
        guard isHis else {
            throw HubError(.forbidden, "Only who made the request #\(approval.id) may withdraw it.")
        }
        return approval
    }

    // MARK: Looking

    /// Of requests those that somebody finds in lists: auditors, operators and approvers all, others their own.
    func listed(_ approvals: [Approval], to principal: Principal) async throws -> [Approval] {
        if try await authority.mayRead(principal) { return approvals }
        var listed: [Approval] = []
        for approval in approvals {
            var isShown = approval.requestedBy == principal.label
            if !isShown { isShown = try await authority.mayDecide(principal, mirror: approval.mirror) }
            if isShown { listed.append(approval) }
        }
        return listed
    }

    /// A request, and whether all of it is shown: whoever may see the repository sees why it is held.
    /// - Throws: `.notFound`.
    func visible(_ text: String, to principal: Principal) async throws -> (Approval, isWhole: Bool) {
        let unknown = HubError(.notFound, "There is no request #\(text.prefix(20)).")
        guard let id = Int64(text), id > 0 else { throw unknown }
        let approval: Approval
        do {
            approval = try await gateway.hub.approvals.approval(id)
        } catch let error as HubError where error.code == .notFound {
            throw unknown
        }
        if try await authority.mayRead(principal) { return (approval, true) }
        if try await authority.mayDecide(principal, mirror: approval.mirror) { return (approval, true) }
        do {
            _ = try await Authorizer(store: gateway.hub.store, source: nil).open(
                principal, .metaRead, approval.repository)
        } catch let error as HubError where error.code == .repositoryNotFound || error.code == .forbidden {
            throw unknown
        }
        return (approval, false)
    }
}
