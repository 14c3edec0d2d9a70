import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: what scans found.
extension ComplianceWebRoutes {
    func scans(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request, .auditRead) { return try await web.askToSignIn(request) }
        if let text = request.query.first("sha256") { return try await file(text, request) }
        return try await scansPage(request)
    }

    private func scansPage(_ request: HubRequest, asked: String = "", problem: ((L10n) -> String)? = nil) async throws
        -> HubResponse
    {
        let scans = hub.scans
        var content = ScansPage.Content()
        content.counts = try await scans.counts()
        let backlog = try await scans.backlog()
        (content.waiting, content.running, content.failing) = (backlog.waiting, backlog.running, backlog.failing)
        let malware = await gateway.scanning.malwareScanner()
        content.malware = malware?.version
        content.malwareProblem = malware?.problem
        let verdict = request.query.first("verdict") ?? "dangerous"
        content.verdict = ScansPage.verdicts.contains(verdict) ? verdict : "dangerous"
        let before = request.query.first("before").flatMap { text -> (at: Int64, digest: String)? in
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let at = Int64(parts[0]) else { return nil }
            return (at, parts[1])
        }
        let found = try await scans.records(verdict: content.verdict, before: before, limit: Self.pageSize + 1)
        let page = found.prefix(Self.pageSize)
        content.records = page.map(ScansPage.Record.init)
        if found.count > Self.pageSize, let last = page.last {
            content.next = "\(last.scannedAt):\(last.digest.hex)"
        }
        content.isFirst = before == nil
        content.queue = try await scans.queue(limit: 50).map {
            .init(
                digest: $0.digest.hex, since: $0.since, attempts: $0.attempts, failure: $0.failure,
                isRunning: $0.isRunning)
        }
        content.canRescan = try await may(request.principal(), .mirrorSync)
        content.asked = asked
        var shown = content
        return try await web.page(request) { context in
            shown.notice = web.notice(request, context)
            shown.problem = problem?(context.t)
            return ScansPage(shown).page(context)
        }
    }

    private func file(_ text: String, _ request: HubRequest) async throws -> HubResponse {
        guard let digest = BlobID(text) else {
            throw HubError(.badRequest, "'\(text.prefix(80))' is not a SHA-256 in hex.")
        }
        let records = try await hub.scans.records(of: digest)
        let waits = try await hub.scans.waiting(digest)
        let holders = try await hub.store.holders(of: .digest(digest), limit: Self.pageSize)
        let canRescan = try await may(request.principal(), .mirrorSync)
        return try await web.page(request) { context in
            ScannedFilePage(
                digest: digest.hex, verdict: BlobScans(digest, records).verdict?.rawValue,
                records: records.map(ScansPage.Record.init), waitsSince: waits?.since,
                holders: holders.map {
                    ($0.repository.description, GovernedAddress.repository($0.repository), $0.path)
                }, canRescan: canRescan
            ).page(context)
        }
    }

    func rescan(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request, .mirrorSync) { return try await web.askToSignIn(request) }
        let form = try await web.form(request)
        let what = form.text("what").trimmingCharacters(in: .whitespaces)
        let principal = try await request.principal()
        let mayLook = try await may(principal, .auditRead)
        let back = mayLook ? "/console/scans?done=started" : "/console?done=started"
        if let digest = BlobID(what), try await hub.blobs.size(of: digest) != nil {
            try await gateway.scanning.rescan([digest])
            return web.seeOther(mayLook ? "/console/scans?sha256=\(digest.hex)" : back)
        }
        do {
            let id = try GovernedName.repository(what)
            // To scan what is here nothing may be asked of an upstream.
            let stored = Authorizer(store: hub.store, source: nil)
            let repository = try await stored.open(principal, .metaRead, id)
            _ = try await gateway.rescan(repository, at: nil)
            return web.seeOther(back)
        } catch let error as HubError where error.status < 500 {
            guard mayLook else { throw error }
            return try await scansPage(request, asked: what) { $0.complianceRescanWrong }
        }
    }
}

extension ScansPage.Record {
    init(_ record: ScanRecord) {
        let findings = BlobScans(record.digest, [record]).findings
        self.init(
            digest: record.digest.hex, scanner: record.scanner.rawValue, format: record.format,
            verdict: record.verdict, size: record.size, scannedAt: record.scannedAt,
            findings: findings.map {
                $0.place.isEmpty ? "\($0.code): \($0.text)" : "\($0.code): \($0.text) (\($0.place))"
            }
        )
    }
}
