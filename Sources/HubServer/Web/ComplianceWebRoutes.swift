import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: licences, provenance, scans, storage, the records of what happened, and what was taken away. Each is for
/// whoever may ask the same of the REST surface.
struct ComplianceWebRoutes: Sendable {
    let web: WebContext
    /// Lines of a page.
    private static let pageSize = 100

    var routes: [Route] {
        let errors = web.errors
        return [
            Route(.get, "/console/licenses", .authenticated, errors: errors, handler: licenses),
            Route(.get, "/console/provenance", .repository(.metaRead), errors: errors, handler: provenance),
            Route(.get, "/console/log", .open, errors: errors, handler: log),
            Route(.post, "/console/log", .hub(.auditRead), errors: errors, handler: sign),
            Route(.get, "/console/scans", .hub(.auditRead), errors: errors, handler: scans),
            Route(.post, "/console/scans", .hub(.mirrorSync), errors: errors, handler: rescan),
            Route(.get, "/console/storage", .hub(.mirrorSync), errors: errors, handler: storage),
            Route(.post, "/console/storage", .hub(.mirrorSync), errors: errors, handler: changeStorage),
            Route(.get, "/console/audit", .authenticated, errors: errors, handler: audit),
            Route(.get, "/console/audit/export", .authenticated, errors: errors, handler: exportAudit),
            Route(.get, "/console/tombstones", .authenticated, errors: errors, handler: tombstones),
            Route(.post, "/console/tombstones", .hub(.mirrorSync), errors: errors, handler: changeTombstones),
        ]
    }

    private var gateway: Gateway { web.gateway }
    private var hub: Hub { web.gateway.hub }

    private func may(_ principal: Principal, _ verb: Verb) async throws -> Bool {
        try await gateway.authorizer.decide(principal, verb, in: "").isAllowed
    }

    /// Whether the caller has to sign in first.
    /// - Throws: `.forbidden` for whoever may not do this with the hub.
    private func isNobody(_ request: HubRequest, _ verb: Verb) async throws -> Bool {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return true }
        try await gateway.authorizer.requireOfHub(principal, verb)
        return false
    }

    // MARK: Licences

    private func licenses(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        var organisation = request.query.first("org").flatMap { $0.isEmpty ? nil : $0 }
        let scopes = try await scopes(principal)
        // Whoever may see no more than one organisation's begins with that.
        if organisation == nil, let first = scopes.first, first != nil { organisation = first }
        try await LicenseRoutes.requireReport(principal, organisation, gateway)
        var summary = LicenseSummary()
        var isTruncated = false
        let compliance = gateway.compliance
        var after: Int64?
        while !isTruncated {
            let page = try await hub.store.inventory(of: organisation, after: after, limit: Self.pageSize)
            for (repository, head) in page {
                guard summary.content.assets < LicenseSummary.limit else {
                    isTruncated = true
                    break
                }
                summary.add(try await compliance.entry(repository, head: head))
                after = repository.key
            }
            if page.count < Self.pageSize { break }
        }
        var content = summary.finished(isTruncated: isTruncated)
        content.organisation = organisation
        content.scopes = scopes
        content.exceptions = try await exceptions(in: organisation)
        let found = content
        return try await web.page(request) { context in LicensesPage(found).page(context) }
    }

    /// What somebody may have a report on; nil stands for all of the hub.
    private func scopes(_ principal: Principal) async throws -> [String?] {
        let audits = try await may(principal, .auditRead)
        let operates = try await may(principal, .mirrorSync)
        if audits || operates {
            let all = try await hub.store.organisations.list(for: principal, limit: 200)
            return [nil] + all.map { $0.name }
        }
        guard let user = principal.user else { return [] }
        var names: [String?] = []
        for (organisation, _) in try await hub.store.organisations.memberships(of: user, seenBy: principal) {
            if try await gateway.authorizer.decide(principal, .auditRead, in: organisation.name).isAllowed {
                names.append(organisation.name)
            }
        }
        return names
    }

    private func exceptions(in organisation: String?) async throws -> [LicensesPage.Exception] {
        let now = hub.clock.now()
        return try await hub.approvals.list(state: .approved, limit: 500).filter {
            $0.isInForce(at: now) && (organisation == nil || $0.repository.namespaceKey == organisation?.lowercased())
        }.sorted { ($0.expiresAt ?? .max, $0.id) < ($1.expiresAt ?? .max, $1.id) }.prefix(200).map { approval in
            LicensesPage.Exception(
                id: approval.id, repository: approval.repository.description,
                address: GovernedAddress.repository(approval.repository),
                rule: approval.reasons.map(\.rule).joined(separator: ", "), by: approval.decidedBy ?? "–",
                expiresAt: approval.expiresAt)
        }
    }

    // MARK: Provenance

    private func provenance(_ request: HubRequest) async throws -> HubResponse {
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

    // MARK: Transparency log

    private func log(_ request: HubRequest) async throws -> HubResponse {
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

    private func sign(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request, .auditRead) { return try await web.askToSignIn(request) }
        _ = try await web.form(request)
        _ = try await hub.transparency.checkpoint()
        return web.seeOther("/console/log?done=created")
    }

    // MARK: Scans

    private func scans(_ request: HubRequest) async throws -> HubResponse {
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

    private func rescan(_ request: HubRequest) async throws -> HubResponse {
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

    // MARK: Storage

    private func storage(_ request: HubRequest) async throws -> HubResponse {
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

    private func changeStorage(_ request: HubRequest) async throws -> HubResponse {
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

    // MARK: Audit

    /// What the address asks for, for somebody who may see it; nil for somebody who has to sign in first.
    private func auditFilter(_ request: HubRequest, _ t: L10n) async throws -> (
        written: AuditPage.Filter, filter: AuditFilter, organisation: Organisation?, problems: [String: String]
    )? {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return nil }
        func text(_ name: String) -> String {
            String((request.query.first(name) ?? "").trimmingCharacters(in: .whitespaces).prefix(250))
        }
        var written = AuditPage.Filter()
        written.organisation = text("org")
        written.actor = text("actor")
        written.action = text("action")
        written.object = text("object")
        written.since = text("since")
        written.until = text("until")
        var organisation: Organisation?
        if written.organisation.isEmpty {
            try await gateway.authorizer.requireOfHub(principal, .auditRead)
        } else {
            organisation = try await gateway.authorizer.openOrganisation(principal, .auditRead, written.organisation)
        }
        var filter = AuditFilter()
        filter.actor = written.actor.isEmpty ? nil : written.actor
        filter.action = written.action.isEmpty ? nil : written.action
        filter.object = written.object.isEmpty ? nil : written.object
        var problems: [String: String] = [:]
        func day(_ name: String, _ text: String) -> Int64? {
            guard !text.isEmpty else { return nil }
            let moment = try? GovernedName.time("\(text)T00:00:00Z")
            if moment == nil { problems[name] = t.complianceDayWrong }
            return moment
        }
        filter.since = day("since", written.since)
        // The last day counts as a whole.
        filter.until = day("until", written.until).map { $0 + 86_400_000 }
        return (written, filter, organisation, problems)
    }

    private func audit(_ request: HubRequest) async throws -> HubResponse {
        let t = L10n(WebPreferences(request).language)
        guard let asked = try await auditFilter(request, t) else { return try await web.askToSignIn(request) }
        let before = try request.query.integer("before", in: 1...Int.max).map(Int64.init)
        let records =
            asked.problems.isEmpty
            ? try await hub.store.audit.records(
                matching: asked.filter, of: asked.organisation, before: before, limit: Self.pageSize + 1) : []
        let page = records.prefix(Self.pageSize)
        var chain: AuditPage.Chain?
        if asked.organisation == nil, request.query.first("check") != nil {
            let result = try await hub.store.audit.verify()
            chain = result.broken.map { .broken($0) } ?? .whole(result.count)
        }
        let checked = chain
        return try await web.page(request) { context in
            AuditPage(
                filter: asked.written, records: page.map(AuditPage.Record.init),
                next: records.count > Self.pageSize ? page.last?.sequence : nil, isFirst: before == nil, chain: checked,
                canCheck: asked.organisation == nil, problems: asked.problems
            ).page(context)
        }
    }

    /// The same records as lines of JSON, however many there are.
    private func exportAudit(_ request: HubRequest) async throws -> HubResponse {
        let t = L10n(WebPreferences(request).language)
        guard let asked = try await auditFilter(request, t) else { return try await web.askToSignIn(request) }
        if let problem = asked.problems.first { throw HubError(.badRequest, "'\(problem.key)' is no day.") }
        let (filter, organisation, audit) = (asked.filter, asked.organisation, hub.store.audit)
        var response = HubResponse(
            body: .stream(length: nil) { writer in
                var before: Int64?
                while true {
                    let page = try await audit.records(
                        matching: filter, of: organisation, before: before, limit: 1_000)
                    var text = ""
                    for record in page { text += try JSONText.encode(AuditRoutes.json(of: record)) + "\n" }
                    try await writer.send(text)
                    guard page.count == 1_000, let last = page.last else { return }
                    before = last.sequence
                }
            })
        response.headers[.contentType] = "application/x-ndjson"
        response.headers[.contentDisposition] = "attachment; filename=\"audit.ndjson\""
        response.headers[.cacheControl] = "no-store"
        return response
    }

    // MARK: Tombstones

    private func tombstones(_ request: HubRequest) async throws -> HubResponse {
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

    private func changeTombstones(_ request: HubRequest) async throws -> HubResponse {
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

extension AuditPage.Record {
    init(_ record: AuditRecord) {
        self.init(
            sequence: record.sequence, at: record.at, actor: record.actor, action: record.action,
            object: record.object, detail: record.detail, hash: record.hash)
    }
}
