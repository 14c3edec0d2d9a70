import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: what is stored, and what of it is damaged.
extension ComplianceWebRoutes {
    func storage(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request, .mirrorSync) { return try await web.askToSignIn(request) }
        let principal = try await request.principal()
        let figures = try await hub.store.storageFigures()
        var content = StoragePage.Content()
        content.logical = figures.logical
        content.physical = figures.physical
        content.blobs = figures.blobs
        content.kinds = figures.kinds.map { .init(name: $0.name, repositories: $0.repositories, bytes: $0.bytes) }
        content.owners = figures.owners.map { .init(name: $0.name, repositories: $0.repositories, bytes: $0.bytes) }
        content.canCollect = principal.isAdministrator
        if let last = try await Reclaimer(hub: hub, settings: ReclaimSettings()).lastRun() {
            content.collectedAt = last.at
            content.collected = Self.amounts(last.report)
        }
        if content.canCollect, request.query.first("preview") != nil {
            var settings = ReclaimSettings()
            settings.isDryRun = true
            do {
                content.preview = Self.amounts(try await Reclaimer(hub: hub, settings: settings).run().json)
            } catch let error as HubError where error.code == .conflict {
                content.isBusy = true
            }
        }
        let scrubs = gateway.integrity.scrubs
        content.scrub = try await scrubs.last().map { run in
            StoragePage.Scrub(
                startedAt: run.startedAt, finishedAt: run.finishedAt, part: run.position.part.rawValue,
                bytes: run.counts.bytes, files: run.counts.blobs + run.counts.gitFiles + run.counts.xorbs,
                damaged: run.counts.damaged, healed: run.counts.healed)
        }
        for damage in try await scrubs.damages(limit: 200) {
            let finding = damage.finding
            let name = finding.repository == 0 ? nil : try await scrubs.repository(finding.repository)?.description
            content.damages.append(
                .init(
                    kind: finding.kind.rawValue, name: finding.name, repository: name, reason: finding.reason,
                    foundAt: damage.foundAt, healedAt: damage.healedAt, source: damage.source))
        }
        var shown = content
        return try await web.page(request) { context in
            shown.notice = web.notice(request, context)
            return StoragePage(shown).page(context)
        }
    }

    /// The amounts of a collector's report, as it was stored.
    private static func amounts(_ report: JSONValue) -> [StoragePage.Amount] {
        var amounts: [StoragePage.Amount] = []
        for (member, isKept) in [("removed", false), ("waiting", true)] {
            guard case .object(let kinds)? = report[member] else { continue }
            for kind in kinds {
                guard case .integer(let count)? = kind.value["count"], case .integer(let bytes)? = kind.value["bytes"]
                else { continue }
                amounts.append(.init(kind: kind.key, count: count, bytes: bytes, isKept: isKept))
            }
        }
        return amounts
    }

    func changeStorage(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request, .mirrorSync) { return try await web.askToSignIn(request) }
        let principal = try await request.principal()
        let form = try await web.form(request)
        if form.text("do") == "collect" {
            guard principal.isAdministrator else {
                throw HubError(.forbidden, "Only administrators may collect garbage.")
            }
            hub.reclaimRequests.ask()
        } else {
            _ = try await gateway.scrubJobs.start(rate: nil, by: principal.user?.name)
        }
        return web.seeOther("/console/storage?done=started")
    }
}
