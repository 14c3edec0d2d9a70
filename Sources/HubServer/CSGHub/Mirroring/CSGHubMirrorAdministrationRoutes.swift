import HTTPTypes
import HubCore
import MirrorGateway

/// What CSGHub's administrators do with mirrors: `POST /mirror/repo` and `/mirror/batch`, the lists and the queue of the
/// Sync page, and `POST /lfs_sync/{sync_now|cancel}` (wire/csghub.md §2.5, §4.6). For administrators, and for who was made
/// operator of the hub.
struct CSGHubMirrorAdministrationRoutes: CSGHubRouteFamily {
    private static let maximumBody = 1 << 20
    private static let maximumMirrors = 1_000
    /// What ended longer ago is found by `/api/gateway/v1/jobs`.
    private static let maximumRows = 1_000

    let context: CSGHubContext

    var routes: [Route] {
        [
            route(.post, "/mirror/repo", create), route(.post, "/mirror/batch", createMany),
            route(.get, "/mirror/repos", repositories), route(.get, "/mirrors", mirrors),
            route(.get, "/mirror/tasks", tasks), route(.get, "/mirror/statistics", statistics),
            route(.delete, "/mirror/{id}", cancelMirror), route(.post, "/lfs_sync/sync_now", syncNow),
            route(.post, "/lfs_sync/cancel", cancel),
        ]
    }

    private var mirroring: CSGHubMirroring { context.mirroring }

    private func route(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (HubRequest, Principal) async throws -> HubResponse
    ) -> Route {
        context.route(method, path, .hub(.mirrorSync)) { request in
            let principal = try await request.principal()
            try await context.access.authorizer.requireOfHub(principal, .mirrorSync)
            return try await handler(request, principal)
        }
    }

    // MARK: Asking for repositories

    private struct Creation: Decodable {
        let namespace: String
        let name: String
        let address: String
        let type: String
        var branch: String?
        var username: String?
        var token: String?
        var priority: Int64?
        var urgent: Bool?

        enum CodingKeys: String, CodingKey {
            case namespace = "source_namespace"
            case name = "source_name"
            case address = "source_url"
            case type = "repo_type"
            case token = "access_token"
            case branch, username, priority, urgent
        }
    }

    private func create(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let body = try await request.body.json(Creation.self, upTo: Self.maximumBody)
        guard [body.username, body.token].allSatisfy({ $0?.isEmpty ?? true }) else {
            throw CSGHubRefusal.credentials()
        }
        let order = try order(
            body.address, type: body.type, branch: body.branch,
            priority: JobPriority(csghub: body.priority, isUrgent: body.urgent ?? false))
        let named = "\(body.namespace)/\(body.name)"
        guard order.place.path.path.lowercased() == named.lowercased() else {
            throw HubError(.badRequest, "'source_url' names \(order.place.path.path), and not '\(named.prefix(200))'.")
        }
        try await start(order, by: principal)
        return .csghubDone
    }

    private struct Batch: Decodable {
        struct Item: Decodable {
            let address: String
            let type: String
            var branch: String?
            var priority: Int64?

            enum CodingKeys: String, CodingKey {
                case address = "source_url"
                case type = "repo_type"
                case branch, priority
            }
        }
        let mirrors: [Item]
    }

    /// All of them, or none when the policy files do not say all of them.
    private func createMany(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let items = try await request.body.json(Batch.self, upTo: Self.maximumBody).mirrors
        guard items.count <= Self.maximumMirrors else {
            throw HubError(.badRequest, "Name \(Self.maximumMirrors) mirrors at once at most.")
        }
        let orders = try items.map {
            try order(
                $0.address, type: $0.type, branch: $0.branch,
                priority: JobPriority(csghub: $0.priority, isUrgent: false))
        }
        for order in orders { try await start(order, by: principal) }
        return .csghubDone
    }

    private struct Order {
        let place: UpstreamLocator.Place
        let revision: Revision?
        let priority: JobPriority
    }

    private func order(_ address: String, type: String, branch: String?, priority: JobPriority) throws -> Order {
        guard let kind = RepositoryKind(word: type) else {
            throw CSGHubParameterProblem(
                parameter: "repo_type", provided: String(type.prefix(64)),
                allowed: RepositoryKind.allCases.map(\.rawValue))
        }
        let revision = try branch.flatMap { text -> Revision? in
            guard !text.isEmpty else { return nil }
            guard let revision = Revision(text) else {
                throw HubError(.badRequest, "'\(text.prefix(200))' is not a branch.")
            }
            return revision
        }
        return Order(place: try context.place(of: address, kind: kind), revision: revision, priority: priority)
    }

    private func start(_ order: Order, by principal: Principal) async throws {
        _ = try await mirroring.sync(
            order.place.local, of: order.place.source.mirror, revision: order.revision, priority: order.priority,
            by: principal)
    }

    // MARK: Looking

    /// What is mirrored and how that stands, the latest changed first.
    private func repositories(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let (found, tasks, total) = try await page(request, principal)
        return .nestedList(total: total) { json in
            for repository in found {
                let task = tasks[repository.key]
                json.object { json in
                    json.member("id", repository.key)
                    json.member("task_id", task?.id ?? 0)
                    json.member("path", repository.id.path)
                    json.member("sync_status", task?.syncStatus.rawValue ?? "")
                    json.member("progress", task?.progress ?? 0)
                    json.member("repo_type", repository.id.kind.rawValue)
                }
            }
        }
    }

    private func mirrors(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let (found, tasks, total) = try await page(request, principal)
        let sources = mirroring.locator.sources
        return .nestedList(total: total) { json in
            for repository in found {
                guard case .mirror(let origin) = repository.origin else { continue }
                let source = sources.first { $0.mirror == origin.mirror && $0.upstream == origin.upstream }
                let task = tasks[repository.key]
                json.object { json in
                    json.member("id", repository.key)
                    json.member("source_url", source.map { "\($0.address)/\(origin.path)" } ?? "")
                    json.object("mirror_source") { json in
                        json.member("id", source?.number ?? 0)
                        json.member("source_name", origin.upstream)
                    }
                    json.member("source_repo_path", origin.path)
                    json.member("local_repo_path", repository.id.path)
                    json.member("repo_type", repository.id.kind.rawValue)
                    json.member("status", task?.status.rawValue ?? "")
                    json.member("progress", task?.progress ?? 0)
                    json.member("last_message", task?.message ?? "")
                    json.member(
                        "last_updated_at", JSONDate.text(milliseconds: task?.updatedAt ?? repository.updatedAt))
                }
            }
        }
    }

    private func page(_ request: HubRequest, _ principal: Principal) async throws
        -> ([Repository], [Int64: CSGHubTask], Int64)
    {
        let page = try CSGHubPage(request.query)
        let (found, total) = try await context.access.store.mirrors(
            for: principal, offset: page.offset, limit: page.per)
        return (found, try await mirroring.tasks(of: found, in: context.access.store), total)
    }

    /// The queue with what ended lately, newest first.
    private func tasks(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let query = JobQuery(kind: CSGHubMirroring.jobKind, limit: min(page.offset + page.per, Self.maximumRows))
        let jobs = try await mirroring.jobs.jobs(query).jobs.dropFirst(page.offset).filter { $0.repository != nil }
        let total = try await mirroring.jobs.counts(query).values.reduce(0, +)
        let known = Authorizer(store: context.access.store, source: nil)
        var keys: [RepositoryID: Int64] = [:]
        var addresses: [RepositoryID: String] = [:]
        let sources = mirroring.locator.sources
        for id in Set(jobs.compactMap(\.repository)) {
            guard let repository = try? await known.open(principal, .discover, id) else { continue }
            keys[id] = repository.key
            guard case .mirror(let origin) = repository.origin else { continue }
            addresses[id] = sources.first { $0.mirror == origin.mirror && $0.upstream == origin.upstream }
                .map { "\($0.address)/\(origin.path)" }
        }
        let (numbers, places) = (keys, addresses)
        return .enveloped(total: Int64(total)) { json in
            json.array { json in
                for job in jobs {
                    json.csghubQueueRow(
                        job, CSGHubTask(job), key: job.repository.flatMap { numbers[$0] },
                        source: job.repository.flatMap { places[$0] } ?? "")
                }
            }
        }
    }

    /// How many tasks stand how.
    private func statistics(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let counts = try await mirroring.jobs.counts(JobQuery(kind: CSGHubMirroring.jobKind))
        let named: [(String, [JobState])] = [
            ("queued", [.queued, .paused]), ("running", [.running]), ("finished", [.succeeded]),
            ("failed", [.failed]), ("cancelled", [.cancelled]),
        ]
        return .enveloped { json in
            json.array { json in
                for (status, states) in named {
                    let count = states.reduce(0) { $0 + (counts[$1] ?? 0) }
                    guard count > 0 else { continue }
                    json.object { json in
                        json.member("Status", status)
                        json.member("Count", count)
                    }
                }
            }
        }
    }

    // MARK: Steering

    private struct TaskNumber: Decodable {
        let id: Int64

        enum CodingKeys: String, CodingKey { case id = "task_id" }
    }

    /// Retries what ended without success, and has what waits go before all others.
    private func syncNow(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let job = try await task(try await request.body.json(TaskNumber.self, upTo: Self.maximumBody).id)
        let name = principal.user?.name
        switch job.state {
        case .failed, .cancelled: _ = try await mirroring.jobs.retry(job.id, by: name)
        case .paused: _ = try await mirroring.jobs.resume(job.id, by: name)
        case .queued, .running: break
        case .succeeded:
            guard let id = job.repository, let mirror = job.draft.mirror else { break }
            _ = try await mirroring.sync(id, of: mirror, priority: .urgent, by: principal)
            return .csghubDone
        }
        _ = try await mirroring.jobs.prioritise(job.id, to: .urgent, by: name)
        return .csghubDone
    }

    private func cancel(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let job = try await task(try await request.body.json(TaskNumber.self, upTo: Self.maximumBody).id)
        _ = try await mirroring.jobs.cancel(job.id, by: principal.user?.name)
        return .csghubDone
    }

    /// Cancels what is under way for a mirror. The mirror stays, for the policy files say so.
    private func cancelMirror(_ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let text = try request.parameter("id")
        guard let number = Int64(text) else {
            throw HubError(.badRequest, "'\(text.prefix(32))' is no number of a mirror.")
        }
        let absent = HubError(.notFound, "There is no mirror \(number).")
        guard let id = try await context.access.store.name(of: number) else { throw absent }
        guard let job = try await mirroring.jobs.latest(of: CSGHubMirroring.jobKind, about: [id])[id],
            !job.state.isTerminal
        else { return .csghubDone }
        _ = try await mirroring.jobs.cancel(job.id, by: principal.user?.name)
        return .csghubDone
    }

    private func task(_ id: Int64) async throws -> Job {
        guard let job = try await mirroring.jobs.job(id), job.draft.kind == CSGHubMirroring.jobKind else {
            throw HubError(.notFound, "There is no task \(id).")
        }
        return job
    }
}
