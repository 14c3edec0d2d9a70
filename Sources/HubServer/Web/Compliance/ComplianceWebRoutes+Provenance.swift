import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: where a revision came from.
extension ComplianceWebRoutes {
    func provenance(_ request: HubRequest) async throws -> HubResponse {
        let (name, revision) = (request.query.first("repo") ?? "", request.query.first("rev") ?? "")
        guard !name.isEmpty else {
            return try await web.page(request) { context in
                ProvenancePage(repository: "", revision: "", found: nil).page(context)
            }
        }
        let id = try GovernedName.repository(name)
        let repository = try await gateway.authorizer.open(request.principal(), .metaRead, id)
        // What is stated names every file with its digest.
        try gateway.repositories.requireWholeReading(repository, for: "what is stated about it")
        var asked: Revision?
        if !revision.isEmpty {
            guard let parsed = Revision(revision) else {
                throw HubError(.badRequest, "'\(revision.prefix(200))' is not a revision.")
            }
            asked = parsed
        }
        let snapshot = try await gateway.repositories.snapshot(of: repository, at: asked)
        _ = try await gateway.repositories.contents(of: snapshot)
        let found = try await found(snapshot, repository)
        return try await web.page(request) { context in
            ProvenancePage(repository: id.description, revision: revision, found: found).page(context)
        }
    }

    private func found(_ snapshot: Snapshot, _ repository: Repository) async throws -> ProvenancePage.Found {
        let commit = snapshot.commit
        var found = ProvenancePage.Found()
        found.repository = repository.id.description
        found.address = GovernedAddress.repository(repository.id)
        found.path = "\(repository.id.kind.rawValue)/\(repository.id.path)"
        found.commit = commit.hex
        if case .mirror(let origin) = repository.origin {
            found.upstream = (origin.mirror, origin.upstream, origin.path)
            found.acquiredAt = try await hub.store.acquisition(of: commit, in: repository.key)?.at
        }
        if let record = try await hub.store.provenance(of: commit, in: repository.key) {
            found.recordDigest = record.sha256
            found.askedBy = JSONText.decode(record.json)?["requestedBy"]?.string
        }
        if let finding = try await gateway.licensing.finding(of: snapshot, for: repository) {
            found.chain = finding.chain.map { link in
                ProvenancePage.Link(
                    name: link.name, address: nil, knowledge: link.knowledge.rawValue, licenses: link.licenses,
                    parents: link.parents.map { ($0.id, $0.relation.rawValue) })
            }
        }
        let keys = try await gateway.statements.keys().map(\.key)
        found.statements = try await gateway.statements.statements(of: repository.key, commit: commit).map { one in
            let envelope = try? DSSEEnvelope(json: one.envelope)
            let isKnown = keys.contains { $0.id == one.keyID }
            let signature: ProvenancePage.Statement.Signature =
                envelope?.signer(among: keys) != nil ? .verified : envelope == nil || isKnown ? .broken : .foreign
            return .init(
                type: one.predicateType, source: one.source.text, keyID: one.keyID, digest: one.sha256,
                storedAt: one.storedAt, signature: signature)
        }
        return found
    }
}
