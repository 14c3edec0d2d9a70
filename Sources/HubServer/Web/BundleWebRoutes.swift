import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: air-gap bundles.
struct BundleWebRoutes: Sendable {
    let web: WebContext

    private static let pageSize = 50

    var routes: [Route] {
        let base = "/console/bundles"
        return [
            Route(.get, base, .hub(.auditRead), errors: web.errors, handler: list),
            Route(.post, base + "/preview", .hub(.mirrorSync), errors: web.errors, handler: preview),
            Route(.post, base + "/export", .hub(.mirrorSync), errors: web.errors, handler: export),
            Route(.post, base + "/verify", .hub(.mirrorSync), errors: web.errors, handler: verify),
            Route(.post, base + "/import", .hub(.mirrorSync), errors: web.errors, handler: take),
            Route(.get, base + "/{bundle}", .hub(.auditRead), errors: web.errors, handler: show),
            Route(.get, base + "/{bundle}/content", .hub(.mirrorSync), errors: web.errors, handler: content),
        ]
    }

    private var gateway: Gateway { web.gateway }
    private var desk: BundleDesk { BundleDesk(gateway: gateway) }

    // MARK: History

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .auditRead)
        let page = try await listPage(request, principal)
        return try await web.page(request) { context in page.page(context) }
    }

    private func listPage(_ request: HubRequest, _ principal: Principal) async throws -> BundlesPage {
        let before = request.query.first("cursor").flatMap { Int64($0, radix: 16) }
        let (bundles, next) = try await gateway.hub.bundles.list(before: before, limit: Self.pageSize)
        let mayOperate = try await gateway.authorizer.decide(principal, .mirrorSync, in: "").isAllowed
        let folder = gateway.bundleSettings.folder
        return BundlesPage(
            bundles: bundles.map(Self.view), next: next.map { "/console/bundles?cursor=\(String($0, radix: 16))" },
            mirrors: gateway.policies?.current.mirrors.map(\.name) ?? [], mayOperate: mayOperate,
            // A name is enough to find it again; where data lies is nobody's business.
            folder: folder.map { String($0.split(separator: "/").last ?? "") },
            ready: mayOperate ? try await desk.ready() : [])
    }

    private static func view(_ bundle: BundleRecord) -> BundleView {
        BundleView(
            id: bundle.bundleID, isOutgoing: bundle.direction == .outgoing, number: bundle.sequence, key: bundle.keyID,
            recipient: bundle.recipient, handledAt: bundle.handledAt, handledBy: bundle.handledBy, bytes: bundle.bytes,
            isComplete: bundle.state == .complete, file: bundle.file.map { String($0.split(separator: "/").last ?? "") }
        )
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .auditRead)
        let id = try request.parameter("bundle")
        for direction in BundleRecord.Direction.allCases where BlobID(id) != nil {
            guard let bundle = try await gateway.hub.bundles.bundle(id, direction) else { continue }
            let repositories = try await gateway.hub.bundles.repositories(of: id, direction)
            let mayDownload = direction == .outgoing && bundle.handledBy == principal.label
            return try await web.page(request) { context in
                BundlePage(
                    bundle: Self.view(bundle),
                    repositories: repositories.map { one in
                        BundledRepository(
                            name: one.id.description, address: WebAddress.of(one.id), commit: one.commit,
                            outcome: one.outcome, note: one.reason)
                    }, mayDownload: mayDownload
                ).page(context)
            }
        }
        throw BundleDesk.absent
    }

    private func content(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operating(request)
        let id = try request.parameter("bundle")
        var response = try await desk.content(of: id, part: nil, for: principal, request)
        response.headers[.contentDisposition] = "attachment; filename=\"\(id.prefix(16)).hubpack\""
        return response
    }

    // MARK: Out

    private static func wish(_ form: WebForm) -> (BundlesPage.Wish, BundleDesk.Wish) {
        var shown = BundlesPage.Wish()
        shown.mirrors = form.all("mirror").filter { !$0.isEmpty }
        shown.repositories = form.text("repos")
        shown.since = form.text("since")
        shown.recipient = form.text("recipient")
        let repositories = shown.repositories.split(whereSeparator: \.isNewline).map { String($0.trimmed) }
        return (
            shown,
            BundleDesk.Wish(
                mirrors: shown.mirrors, repos: repositories.filter { !$0.isEmpty }, since: form.first("since"),
                recipient: form.first("recipient"))
        )
    }

    private func preview(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operating(request)
        let (shown, wish) = Self.wish(try await web.form(request))
        var page = try await listPage(request, principal)
        page.wish = shown
        do {
            var repositories: [(name: String, address: String, bytes: Int64)] = []
            for repository in try await desk.chosen(wish, by: principal) {
                let bytes = try await gateway.hub.store.storedBytes(of: repository.key)
                repositories.append(
                    (name: repository.id.description, address: WebAddress.of(repository.id), bytes: bytes))
            }
            repositories.sort { $0.name < $1.name }
            page.preview = BundlesPage.Preview(
                repositories: repositories, bytes: repositories.reduce(0) { $0 + $1.bytes })
        } catch let error as HubError where error.code == .badRequest || error.code == .repositoryNotFound {
            page.problem = error.line
        }
        return try await web.page(request) { [page] context in page.page(context) }
    }

    private func export(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operating(request)
        let (shown, wish) = Self.wish(try await web.form(request))
        do {
            let (_, job) = try await desk.export(wish, by: principal)
            return web.seeOther("/console/jobs/\(job.id)?done=exporting")
        } catch let error as HubError where error.code == .badRequest || error.code == .repositoryNotFound {
            var page = try await listPage(request, principal)
            page.wish = shown
            page.problem = error.line
            return try await web.page(request) { [page] context in page.page(context) }
        }
    }

    // MARK: In

    private func verify(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operating(request)
        let name = try await web.form(request).require("file")
        var page = try await listPage(request, principal)
        do {
            let report = try await gateway.importBundle(
                BundleImportOrder(files: [name], allowOlder: false, allowRewind: false), isDryRun: true)
            page.verified = BundlesPage.Verified(
                file: name, key: report.key, problem: nil,
                repositories: report.repositories.map { one in
                    BundledRepository(
                        name: one.repository, address: RepositoryID(parsing: one.repository).map(WebAddress.of) ?? "#",
                        commit: one.commit, outcome: one.outcome, note: one.reason ?? one.leftOut.first)
                }, missing: report.missing, bytes: report.bytes)
        } catch let error as HubError {
            page.verified = BundlesPage.Verified(
                file: name, key: nil, problem: error.line, repositories: [], missing: [], bytes: 0)
        }
        return try await web.page(request) { [page] context in page.page(context) }
    }

    private func take(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operating(request)
        let name = try await web.form(request).require("file")
        let order = BundleImportOrder(files: [name], allowOlder: false, allowRewind: false)
        _ = try gateway.bundlePaths(order.files)
        let job = try await desk.take(order, by: principal)
        return web.seeOther("/console/jobs/\(job.id)?done=importing")
    }

    private func operating(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        return principal
    }
}
