package import HubCore
package import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is here, from where, under which terms, and what the policy in force says of it: one entry at a time, however many
/// there are.
package struct ComplianceReport: Sendable {
    /// One repository at its newest commit here.
    package struct Entry: Sendable {
        package let repository: Repository
        /// Short name of the default branch.
        package let revision: String
        /// Nil where nothing of it is stored.
        package let commit: CommitID?
        /// Where it came from; nil for what was made here.
        package let origin: Origin?
        package let finding: LicenseFinding?
        /// Nil for what no policy applies to.
        package let decision: Decision?
        /// Milliseconds since 1970.
        package let acquiredAt: Int64?
        /// For whom it came; nil where nobody knows.
        package let acquiredBy: String?
        /// What could not be looked at.
        package let problem: String?

        /// Who let it pass a review, where somebody did.
        package var approval: String? { decision?.facts.first { $0.name == "approval" }?.value }
    }

    /// Where a mirrored repository came from.
    package struct Origin: Sendable, Hashable {
        package let mirror: String
        package let upstream: String
        /// Nil where the policy files no longer have the upstream.
        package let url: String?
        /// Its name there.
        package let path: String
    }

    private let hub: Hub
    private let gate: PolicyGate?
    private let policies: PolicyEngine?
    private let licensing: Licensing
    private static let page = 100

    package init(hub: Hub, gate: PolicyGate?, policies: PolicyEngine?, licensing: Licensing) {
        self.hub = hub
        self.gate = gate
        self.policies = policies
        self.licensing = licensing
    }

    /// Identifies the policy in force; nil for a hub without policy files.
    package var policyDigest: String? { policies?.current.digest }

    /// Milliseconds since 1970.
    package var now: Int64 { hub.clock.now() }

    /// Hands over the repositories of an organisation, or all, one by one in the order in which they came.
    /// - Parameter namespace: nil for all.
    package func forEach(in namespace: String?, _ body: (Entry) async throws -> Void) async throws {
        var after: Int64?
        while true {
            try Task.checkCancellation()
            let page = try await hub.store.inventory(of: namespace, after: after, limit: Self.page)
            for (repository, head) in page {
                try await body(try await entry(repository, head: head))
                after = repository.key
            }
            guard page.count == Self.page else { return }
        }
    }

    /// One repository at its newest commit here.
    package func entry(_ repository: Repository, head: CommitID?) async throws -> Entry {
        do {
            return try await entry(repository, at: head, revision: repository.defaultBranch)
        } catch let error as HubError {
            // One that cannot be read is told of as such, and keeps nobody from the others.
            return Entry(
                repository: repository, revision: repository.defaultBranch, commit: head,
                origin: origin(of: repository),
                finding: nil, decision: nil, acquiredAt: nil, acquiredBy: nil, problem: error.message)
        }
    }

    /// One repository at a commit.
    /// - Parameter revision: by which name the commit is asked for.
    package func entry(_ repository: Repository, at commit: CommitID?, revision: String) async throws -> Entry {
        let stored = try await isStored(commit, in: repository) ? commit : nil
        let reading = RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        var finding: LicenseFinding?
        if let stored { finding = try await licensing.finding(of: repository, commit: stored) }
        var decision: Decision?
        if repository.isMirror, let gate {
            let request = ContentRequest(
                repository: repository, revision: Revision(revision), commit: stored, scope: .metadata)
            decision = try await gate.explain(request, user: "") {
                guard let stored else { throw HubError(.internalError, "Nothing was fetched yet.") }
                return try await reading.contents(ofAcquired: stored, in: repository)
            }
        }
        let acquired = try await acquisition(of: stored, repository)
        return Entry(
            repository: repository, revision: revision, commit: stored, origin: origin(of: repository),
            finding: finding, decision: decision, acquiredAt: acquired.at, acquiredBy: acquired.by,
            problem: stored == nil ? "nothing of it is stored here" : nil)
    }

    private func isStored(_ commit: CommitID?, in repository: Repository) async throws -> Bool {
        guard let commit else { return false }
        return try await hub.git.contains(commit, in: repository.key)
    }

    private func origin(of repository: Repository) -> Origin? {
        guard case .mirror(let mirror) = repository.origin else { return nil }
        let document = policies?.current.mirrors.first { $0.name == mirror.mirror }?.document
        return Origin(
            mirror: mirror.mirror, upstream: mirror.upstream,
            url: document?.upstreams.first { $0.name == mirror.upstream }?.url.description, path: mirror.path)
    }

    private func acquisition(of commit: CommitID?, _ repository: Repository) async throws -> (at: Int64?, by: String?) {
        guard repository.isMirror else { return (repository.createdAt, nil) }
        guard let commit else { return (nil, nil) }
        let at = try await hub.store.acquisition(of: commit, in: repository.key)?.at
        let record = try await hub.store.provenance(of: commit, in: repository.key)
        return (at, record.flatMap { JSONText.decode($0.json)?["requestedBy"]?.string })
    }
}
