package import HubCore
import Policies

/// Who decides on requests for reviews: administrators, gatekeepers of the whole hub, and whom the mirror file names.
package struct ApprovalAuthority: Sendable {
    let authorizer: Authorizer
    let policies: PolicyEngine?
    let hub: Hub

    /// Whether somebody may decide on requests of a mirror, and so see what they are about.
    /// - Parameter mirror: nil for requests of every mirror.
    package func mayDecide(_ principal: Principal, mirror: String?) async throws -> Bool {
        guard let user = principal.user else { return false }
        if principal.isAdministrator { return true }
        if try await authorizer.decide(principal, .gateApprove, in: "").isAllowed { return true }
        guard let mirror, let settings = settings(of: mirror), !settings.approvers.isEmpty else { return false }
        // What a token is narrowed to, or may only read, decides nothing.
        if let token = principal.token, token.scope < .write || token.resources != nil { return false }
        let organisations = try await hub.store.organisations.names(ofAccount: user.id)
        let names = Set(["user:\(user.name.lowercased())"] + organisations.map { "org:\($0.lowercased())" })
        return settings.approvers.contains { names.contains($0.lowercased()) }
    }

    /// Whether somebody may read all requests without deciding: auditors, and operators of mirrors.
    package func mayRead(_ principal: Principal) async throws -> Bool {
        if try await mayDecide(principal, mirror: nil) { return true }
        if try await authorizer.decide(principal, .auditRead, in: "").isAllowed { return true }
        return try await authorizer.decide(principal, .mirrorSync, in: "").isAllowed
    }

    /// Whether nobody but the principal could decide on requests of a mirror.
    package func isAlone(_ principal: Principal, mirror: String) async throws -> Bool {
        guard principal.isAdministrator, settings(of: mirror)?.approvers.isEmpty ?? true else { return false }
        return try await hub.approvals.hasOneApprover()
    }

    /// When an approval ends that was given without an end.
    package func usualEnd(mirror: String) -> Int64? {
        settings(of: mirror)?.expireAfter.map { span in
            let (seconds, overflow) = span.components.seconds.multipliedReportingOverflow(by: 1_000)
            let (end, isTooFar) = hub.clock.now().addingReportingOverflow(overflow ? .max : seconds)
            return isTooFar ? .max : end
        }
    }

    private func settings(of mirror: String) -> ApprovalSettings? {
        policies?.current.mirrors.first { $0.name == mirror }?.document.approvals
    }
}

extension Gateway {
    /// Who decides on requests for reviews.
    package var approvalAuthority: ApprovalAuthority {
        ApprovalAuthority(authorizer: authorizer, policies: policies, hub: hub)
    }

    /// Reads a file of what a request is about, as evidence: past the policy that holds it, never past a tombstone.
    /// - Parameter repository: opened for `.contentRead` by somebody who may decide on the request.
    /// - Throws: `.entryNotFound`; `.payloadTooLarge` for what is no evidence but content.
    package func evidence(_ path: String, of approval: Approval, in repository: Repository) async throws -> [UInt8] {
        guard let commit = approval.commit else {
            throw HubError(
                .entryNotFound, "Nothing of \(approval.repository) was fetched when #\(approval.id) was made.")
        }
        let reading = RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        let snapshot = try await reading.snapshot(of: repository, at: .commit(commit))
        let entry = try await reading.entry(at: path, in: snapshot)
        guard entry.lfs == nil, entry.size <= 1 << 20 else {
            throw HubError(
                .payloadTooLarge, "'\(path)' is too large to be shown as evidence.",
                remedy: "Look at what the scans found of it.")
        }
        guard case .object(let bytes) = try await reading.open(entry, in: snapshot, isPull: false).content else {
            throw HubError(.entryNotFound, "'\(path)' is no file.")
        }
        return bytes
    }

    /// Makes a request by hand.
    /// - Parameter repository: opened for `.metaRead` by who asks.
    /// - Throws: `.conflict` for what is not held; `.revisionNotFound`.
    package func requestReview(of repository: Repository, at revision: Revision?) async throws -> Int64 {
        guard let gate, repository.isMirror, let source else {
            throw HubError(.conflict, "\(repository.id) is no mirror: no policy holds it.")
        }
        // Past the gate, which would refuse it: what is asked for is that it looks.
        let reading = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: isOffline ? nil : source, gate: nil)
        let snapshot = try await reading.snapshot(of: repository, at: revision)
        let request = ContentRequest(
            repository: repository, revision: snapshot.revision, commit: snapshot.commit, scope: .metadata)
        return try await gate.ask(for: request) { try await reading.contents(of: snapshot) }
    }
}
