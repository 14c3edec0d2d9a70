import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: what was taken away, and what it would take along.
extension ComplianceWebRoutes {
    func tombstones(_ request: HubRequest) async throws -> HubResponse {
        guard try await !request.principal().isAnonymous else { return try await web.askToSignIn(request) }
        return try await tombstonesPage(request, target: request.query.first("target") ?? "")
    }

    private func tombstonesPage(
        _ request: HubRequest, target text: String, reason: String = "",
        problems: (L10n) -> [String: String] = { _ in [:] }
    ) async throws -> HubResponse {
        let principal = try await request.principal()
        let since = try request.query.integer("since", in: 0...Int.max).map(Int64.init) ?? 0
        let stones = try await hub.tombstones.list(since: since, limit: Self.pageSize + 1)
        let page = stones.prefix(Self.pageSize)
        var content = TombstonesPage.Content()
        content.stones = page.map { stone in
            TombstonesPage.Stone(
                id: stone.id, target: stone.target.description, reason: stone.reason, peer: stone.peer,
                by: stone.buriedBy, at: stone.buriedAt, liftedAt: stone.liftedAt)
        }
        content.next = stones.count > Self.pageSize ? page.last?.sequence : nil
        content.isFirst = since == 0
        content.canBury = try await may(principal, .mirrorSync)
        content.canAsk = try await may(principal, .auditRead)
        content.target = String(text.trimmingCharacters(in: .whitespaces).prefix(300))
        content.reason = reason
        var isWrong = false
        if !content.target.isEmpty, content.canAsk {
            if let target = TombstoneTarget(parsing: content.target) {
                content.radius = try await radius(of: target)
            } else {
                isWrong = true
            }
        }
        var shown = content
        return try await web.page(request) { context in
            shown.notice = web.notice(request, context)
            shown.problems = problems(context.t)
            if isWrong { shown.problems["target"] = context.t.complianceTargetWrong }
            return TombstonesPage(shown).page(context)
        }
    }

    private func radius(of target: TombstoneTarget) async throws -> TombstonesPage.Radius {
        // What was handed out a moment ago counts.
        try await hub.pulls.flush()
        let found = try await gateway.blastRadius.find(target, offset: 0, limit: Self.pageSize)
        var radius = TombstonesPage.Radius()
        radius.holders = found.holders.map {
            ($0.repository.description, GovernedAddress.repository($0.repository), $0.path)
        }
        radius.pulls = found.pulls.map { ($0.account, $0.repository, $0.lastAt, $0.pulls) }
        radius.descendants = found.descendants.map {
            ($0.repository.description, GovernedAddress.repository($0.repository))
        }
        radius.bundles = found.bundles
        radius.hasMore = found.hasMore
        return radius
    }

    func changeTombstones(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request, .mirrorSync) { return try await web.askToSignIn(request) }
        let principal = try await request.principal()
        let form = try await web.form(request)
        if form.text("do") == "lift" {
            guard let id = Int64(form.text("tombstone")), id > 0 else {
                throw HubError(.notFound, "There is no such tombstone.")
            }
            _ = try await hub.tombstones.lift(id, note: form.first("note"), by: principal)
            return web.seeOther("/console/tombstones?done=lifted")
        }
        let (text, reason) = (form.text("target"), form.text("reason").trimmingCharacters(in: .whitespaces))
        func refuse(_ field: String, _ words: @escaping (L10n) -> String) async throws -> HubResponse {
            try await tombstonesPage(request, target: text, reason: reason) { [field: words($0)] }
        }
        guard let target = TombstoneTarget(parsing: text) else {
            return try await refuse("target") { $0.complianceTargetWrong }
        }
        guard !reason.isEmpty else { return try await refuse("reason") { $0.complianceReasonNeeded } }
        guard form.text("typed").trimmingCharacters(in: .whitespaces) == text else {
            return try await refuse("typed") { $0.complianceTypedWrong }
        }
        do {
            if form.isTicked("descendants") || form.isTicked("digests") {
                _ = try await gateway.blastRadius.buryAll(
                    target, reason: reason, withDescendants: form.isTicked("descendants"),
                    withDigests: form.isTicked("digests"), by: principal)
            } else {
                _ = try await gateway.bury(target, reason: reason, by: principal)
            }
        } catch let error as HubError where error.code == .badRequest || error.code == .conflict {
            return try await refuse("target") { _ in error.message }
        }
        return web.seeOther("/console/tombstones?done=buried")
    }
}
