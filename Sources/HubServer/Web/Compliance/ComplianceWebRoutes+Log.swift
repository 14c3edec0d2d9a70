import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: the transparency log, and proofs from it.
extension ComplianceWebRoutes {
    func log(_ request: HubRequest) async throws -> HubResponse {
        let log = hub.transparency
        var content = LogPage.Content()
        content.isAuditor = try await may(request.principal(), .auditRead)
        content.origin = try await log.origin()
        content.size = try await log.size()
        content.keys = try await log.verifierKeys()
        content.checkpoint = try await log.latestCheckpoint().map { ($0.note, $0.size, $0.createdAt) }
        let end =
            try request.query.integer("before", in: 0...Int.max).map { min(Int64($0), content.size) } ?? content.size
        let start = max(0, end - Int64(Self.pageSize))
        let isAuditor = content.isAuditor
        content.entries = try await log.entries(from: start, to: end).reversed().map { entry in
            LogPage.Entry(
                index: entry.index, at: entry.at, kind: entry.kind, hash: entry.hash,
                subject: isAuditor ? entry.content?["subject"]?.string : nil)
        }
        content.older = start > 0 ? start : nil
        content.isNewest = end == content.size
        content.asked = request.query.first("entry") ?? ""
        if !content.asked.isEmpty {
            content.proof = try await proof(content.asked)
            content.isMissing = content.proof == nil
        }
        var found = content
        return try await web.page(request) { context in
            found.notice = web.notice(request, context)
            return LogPage(found).page(context)
        }
    }

    /// Proves an entry by its number or its hash, and checks the proof as a stranger would; nil where there is none.
    private func proof(_ text: String) async throws -> LogPage.Proof? {
        let log = hub.transparency
        var index = Int64(text)
        if index == nil, let hash = MerkleHash(hex: text) { index = try await log.index(of: hash) }
        guard let index else { return nil }
        do {
            let proof = try await log.inclusion(of: index)
            return LogPage.Proof(
                index: proof.index, size: proof.size, leaf: proof.leaf.hex, root: proof.root.hex,
                path: proof.path.map(\.hex),
                holds: MerkleProof.includes(
                    proof.leaf, at: proof.index, in: proof.root, of: proof.size, path: proof.path))
        } catch let error as HubError where error.code == .notFound {
            return nil
        }
    }

    func sign(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request, .auditRead) { return try await web.askToSignIn(request) }
        _ = try await web.form(request)
        _ = try await hub.transparency.checkpoint()
        return web.seeOther("/console/log?done=created")
    }
}
