import HTTPTypes
import HubCore
import MirrorGateway
import Synchronization
import WebPages

/// Pages: upstreams, syncs and jobs.
struct SyncWebRoutes: Sendable {
    let web: WebContext
    private let limits = LiveLimits()

    /// Jobs of each list on the page of all, and of a list alone.
    private static let shown = 30
    private static let pageSize = 100
    /// Jobs that are stopped by one press.
    private static let stoppedAtMost = 2_000
    /// Files of a plan that are shown of each repository, and repositories.
    private static let planFiles = 100
    private static let planEntries = 100

    init(web: WebContext) { self.web = web }

    var routes: [Route] {
        let job = "/console/jobs/{job}"
        return [
            Route(.get, "/console/sync", .authenticated, errors: web.errors, handler: sync),
            Route(.get, "/console/sync/new", .hub(.mirrorSync), errors: web.errors, handler: newSync),
            Route(.post, "/console/sync/plan", .hub(.mirrorSync), errors: web.errors, handler: plan),
            Route(.post, "/console/sync/start", .hub(.mirrorSync), errors: web.errors, handler: start),
            Route(.post, "/console/sync/pause", .hub(.mirrorSync), errors: web.errors) { request in
                try await steerAll(request, [.queued, .running], "paused") { try await jobs.pause($0, by: $1) }
            },
            Route(.post, "/console/sync/resume", .hub(.mirrorSync), errors: web.errors) { request in
                try await steerAll(request, [.paused], "resumed") { try await jobs.resume($0, by: $1) }
            },
            Route(.get, job, .authenticated, errors: web.errors, handler: show),
            Route(.post, job + "/pause", .hub(.mirrorSync), errors: web.errors) { request in
                try await steer(request, "paused") { try await jobs.pause($0, by: $1) }
            },
            Route(.post, job + "/resume", .hub(.mirrorSync), errors: web.errors) { request in
                try await steer(request, "resumed") { try await jobs.resume($0, by: $1) }
            },
            Route(.post, job + "/cancel", .hub(.mirrorSync), errors: web.errors) { request in
                try await steer(request, "cancelled") { try await jobs.cancel($0, by: $1) }
            },
            Route(.post, job + "/retry", .hub(.mirrorSync), errors: web.errors) { request in
                try await steer(request, "retried") { try await jobs.retry($0, by: $1) }
            },
            Route(.get, "/console/upstreams", .authenticated, errors: web.errors, handler: upstreams),
            Route(.get, "/console/upstreams/{upstream}", .authenticated, errors: web.errors, handler: upstream),
            Route(.post, "/console/upstreams/{upstream}/test", .hub(.mirrorSync), errors: web.errors, handler: test),
            Route(.get, "/events", .authenticated, errors: PlainErrorRendering(), handler: events),
        ]
    }

    private var gateway: Gateway { web.gateway }
    private var jobs: JobStore { gateway.jobs }
    private var access: JobAccess { JobAccess(gateway: gateway) }

    // MARK: Looking

    private func sync(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let audience = try await access.audience(of: principal)
        let maySteer = try await access.maySteer(principal)
        let only = request.query.first("state").flatMap(JobState.init(rawValue:))
        // Before the rest is read: what happens meanwhile is told by the stream.
        let lastEvent = try await jobs.lastEvent()
        let counts = try await jobs.counts(JobQuery(audience: audience))
        var lists: [SyncPage.List] = []
        var next: String?
        for state in only.map({ [$0] }) ?? [.running, .paused, .queued, .failed, .succeeded] {
            let (found, cursor) = try await jobs.jobs(
                JobQuery(
                    states: [state], audience: audience, after: only == nil ? nil : request.query.first("cursor"),
                    limit: only == nil ? (state == .succeeded ? 10 : Self.shown) : Self.pageSize))
            lists.append(
                SyncPage.List(
                    JobView.State(rawValue: state.rawValue) ?? .queued, found.map { JobViews.view($0, gateway) },
                    count: counts[state] ?? 0))
            next = cursor.map { "/console/sync?state=\(state.rawValue)&cursor=\($0)" }
        }
        let recent = try await jobs.jobs(JobQuery(audience: audience, limit: 1_000)).jobs
        let hour = JobViews.throughput(recent, now: gateway.hub.clock.now())
        return try await web.page(request) { [lists, next] context in
            let upstreams = UpstreamViews(gateway: gateway, t: context.t).all().map {
                SyncPage.Upstream(name: $0.name, health: $0.health)
            }
            return SyncPage(
                lists: lists, throughput: hour, upstreams: upstreams, maySteer: maySteer, isPartial: audience != nil,
                lastEvent: lastEvent, done: request.query.first("done"), next: only == nil ? nil : next
            ).page(context)
        }
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let id = try JobAccess.id(try request.parameter("job"))
        let lastEvent = try await jobs.lastEvent()
        let job = try await access.visible(id, to: principal)
        let maySteer = try await access.maySteer(principal)
        let (files, hasMore) = try await JobViews.files(of: id, gateway)
        // What happened since is told by the stream, and not twice.
        let log = try await JobViews.log(of: id, gateway).filter { $0.sequence <= lastEvent }
        let subject = String(job.draft.subject.prefix { $0 != "@" })
        let repository = RepositoryID(parsing: subject).map(WebAddress.of)
        return try await web.page(request) { context in
            JobPage(
                job: JobViews.view(job, gateway), files: files, hasMoreFiles: hasMore, log: log, maySteer: maySteer,
                lastEvent: lastEvent, done: request.query.first("done"), repository: repository
            ).page(context)
        }
    }

    private func events(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let audience = try await access.audience(of: principal)
        let words = request.query.all("topics").flatMap { $0.split(separator: ",") }
        guard !words.isEmpty, words.count <= 20 else {
            throw HubError(.badRequest, "Say what is to be told of.", remedy: "Send topics=jobs or topics=job:42.")
        }
        var topics: [LiveStream.Topic] = []
        for word in words {
            if word == "jobs" {
                topics.append(.jobs)
            } else if word.hasPrefix("job:") {
                // Of another's job nothing is told, not even that it is there.
                let id = try JobAccess.id(String(word.dropFirst(4)))
                if audience != nil { _ = try await access.visible(id, to: principal) }
                topics.append(.job(id))
            } else {
                throw HubError(.badRequest, "'\(word.prefix(32))' is no topic.", remedy: "Write jobs or job:42.")
            }
        }
        let position = request.headers["Last-Event-ID"] ?? request.query.first("after")
        let after: Int64
        if let position {
            guard let number = Int64(position), number >= 0 else {
                throw HubError(.badRequest, "'\(position.prefix(32))' is no event's number.")
            }
            after = number
        } else {
            after = try await jobs.lastEvent()
        }
        let caller = principal.label
        try limits.enter(caller)
        let stream: LiveStream
        do {
            stream = LiveStream(
                gateway: gateway, reader: try await web.context(request), topics: topics, audience: audience,
                maySteer: try await access.maySteer(principal), after: after)
        } catch {
            limits.leave(caller)
            throw error
        }
        let place = LivePlace(limits, caller)
        var response = HubResponse(
            body: .stream(length: nil) { writer in
                defer { place.leave() }
                try await stream.send(to: writer)
            })
        response.headers[.contentType] = "text/event-stream"
        response.headers[.cacheControl] = "no-store"
        // Proxies that collect answers would hold events back.
        response.headers["X-Accel-Buffering"] = "no"
        return response
    }

    // MARK: Steering

    private func steer(
        _ request: HubRequest, _ word: String, _ act: (Int64, String?) async throws -> Job
    ) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        let id = try JobAccess.id(try request.parameter("job"))
        let form = try await web.form(request)
        _ = try await act(id, principal.user?.name)
        return web.seeOther(WebAddress.adding(done: word, to: form.first("next") ?? "/console/jobs/\(id)"))
    }

    private func steerAll(
        _ request: HubRequest, _ states: Set<JobState>, _ word: String,
        _ act: (Int64, String?) async throws -> Job
    ) async throws -> HubResponse {
        let principal = try await operating(request)
        _ = try await web.form(request)
        var cursor: String?
        var count = 0
        repeat {
            let (page, next) = try await jobs.jobs(JobQuery(states: states, after: cursor, limit: 500))
            for job in page {
                // One that ended meanwhile needs no more.
                do {
                    _ = try await act(job.id, principal.user?.name)
                } catch let error as HubError where error.code == .conflict || error.code == .notFound {}
            }
            count += page.count
            cursor = next
        } while cursor != nil && count < Self.stoppedAtMost
        return web.seeOther("/console/sync?done=\(word)")
    }

    // MARK: A new one

    private func newSync(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operating(request)
        var wish = NewSyncPage.Wish()
        wish.repository = request.query.first("repo") ?? ""
        wish.mirror = request.query.first("mirror") ?? ""
        wish.revision = request.query.first("rev") ?? ""
        return try await web.page(request) { [wish] context in
            NewSyncPage(wish: wish, mirrors: mirrorNames).page(context)
        }
    }

    private var mirrorNames: [String] { gateway.policies?.current.mirrors.map(\.name) ?? [] }

    private func plan(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operating(request)
        let form = try await web.form(request)
        let wish = Self.wish(form)
        do {
            let plan = try await gateway.sync.plan(try Self.request(wish, by: principal))
            return try await web.page(request) { context in
                NewSyncPage(wish: wish, mirrors: mirrorNames, plan: Self.view(plan)).page(context)
            }
        } catch let error as HubError {
            return try await refused(wish, error, request)
        }
    }

    private func start(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operating(request)
        let form = try await web.form(request)
        let wish = Self.wish(form)
        do {
            let started = try await gateway.sync.start(try Self.request(wish, by: principal))
            let next = form.first("next") ?? started.first.map { "/console/jobs/\($0.id)" } ?? "/console/sync"
            return web.seeOther(WebAddress.adding(done: "started", to: next))
        } catch let error as HubError {
            return try await refused(wish, error, request)
        }
    }

    private func refused(_ wish: NewSyncPage.Wish, _ error: HubError, _ request: HubRequest) async throws -> HubResponse
    {
        try await web.page(request) { context in
            NewSyncPage(wish: wish, mirrors: mirrorNames, problem: error.line).page(context)
        }
    }

    private static func wish(_ form: WebForm) -> NewSyncPage.Wish {
        var wish = NewSyncPage.Wish()
        wish.repository = String(Substring(form.text("repo")).trimmed)
        wish.mirror = form.text("mirror")
        wish.revision = String(Substring(form.text("rev")).trimmed)
        wish.files = form.text("files")
        wish.priority = form.first("priority") ?? "normal"
        return wish
    }

    private static func request(_ wish: NewSyncPage.Wish, by principal: Principal) throws -> SyncRequest {
        func given(_ text: String) -> String? { text.isEmpty ? nil : text }
        let patterns = wish.files.split(whereSeparator: \.isNewline).map { String($0.trimmed) }.filter { !$0.isEmpty }
        return try SyncOrderText(
            mirror: given(wish.mirror), repo: given(wish.repository), rev: given(wish.revision), files: patterns,
            notFiles: nil, priority: wish.priority
        ).request(by: principal)
    }

    private static func view(_ plan: SyncPlan) -> NewSyncPage.Plan {
        let entries = plan.entries.prefix(planEntries).map { entry -> NewSyncPage.Plan.Entry in
            let files = entry.branches.flatMap(\.files)
            return NewSyncPage.Plan.Entry(
                repository: entry.local.description, upstream: entry.upstream, verdict: entry.verdict.rawValue,
                reason: entry.reason, problem: entry.problem?.line,
                files: files.prefix(planFiles).map { file in
                    NewSyncPage.Plan.File(
                        path: file.path, size: file.size, verdict: file.verdict.rawValue, reason: file.reason,
                        isHere: file.isHere)
                }, more: max(0, files.count - planFiles))
        }
        return NewSyncPage.Plan(
            entries: Array(entries), files: plan.filesToFetch, bytes: plan.bytesToFetch,
            seconds: plan.estimatedDuration?.components.seconds)
    }

    // MARK: Upstreams

    private func upstreams(_ request: HubRequest) async throws -> HubResponse {
        try await requireAccount(request)
        return try await web.page(request) { context in
            UpstreamsPage(upstreams: UpstreamViews(gateway: gateway, t: context.t).all()).page(context)
        }
    }

    private func upstream(_ request: HubRequest) async throws -> HubResponse {
        try await requireAccount(request)
        return try await upstreamPage(request, steps: nil)
    }

    private func test(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operating(request)
        _ = try await web.form(request)
        let name = try request.parameter("upstream")
        guard let probe = gateway.probe(upstream: name) else { throw Self.noUpstream(name) }
        guard !gateway.isOffline else {
            throw HubError(.offline, "Weir is offline: no upstream is asked.", remedy: "Start it without --offline.")
        }
        return try await upstreamPage(request, steps: await probe.run())
    }

    private func upstreamPage(_ request: HubRequest, steps: [UpstreamProbe.Result]?) async throws -> HubResponse {
        let name = try request.parameter("upstream")
        let maySteer = try await access.maySteer(try await request.principal())
        return try await web.page(request) { context in
            let views = UpstreamViews(gateway: gateway, t: context.t)
            guard let upstream = views.all().first(where: { $0.name == name }) else { throw Self.noUpstream(name) }
            return UpstreamPage(upstream: upstream, steps: steps.map(views.steps), mayTest: maySteer).page(context)
        }
    }

    private static func noUpstream(_ name: String) -> HubError {
        HubError(.notFound, "No policy file has an upstream '\(name.prefix(64))'.")
    }

    // MARK: Who may

    private func operating(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        return principal
    }

    private func requireAccount(_ request: HubRequest) async throws {
        guard try await !request.principal().isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in to see this.")
        }
    }
}

/// A place among those that are kept fresh, given back once, also when nobody read the answer.
private final class LivePlace: Sendable {
    private let limits: LiveLimits
    private let caller: String
    private let isLeft = Mutex(false)

    init(_ limits: LiveLimits, _ caller: String) {
        self.limits = limits
        self.caller = caller
    }

    func leave() {
        let isFirst = isLeft.withLock { left in
            defer { left = true }
            return !left
        }
        if isFirst { limits.leave(caller) }
    }

    deinit { leave() }
}
