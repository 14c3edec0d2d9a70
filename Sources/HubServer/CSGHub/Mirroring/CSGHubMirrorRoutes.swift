import HTTPTypes
import HubCore
import MirrorGateway

/// `{R}/mirror`, `{R}/mirror/sync` and `{R}/mirror_from_saas`: where a mirrored repository comes from, having it fetched,
/// and how that stands (wire/csghub.md §4.4, §4.6). What may be mirrored is said by the policy files alone.
struct CSGHubMirrorRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10

    let context: CSGHubContext

    var routes: [Route] {
        [
            context.repositoryRoute("/mirror", .metaRead, handler: mirror),
            context.repositoryRoute(.post, "/mirror", .mirrorSync, handler: create),
            context.repositoryRoute(.put, "/mirror", .mirrorSync, handler: change),
            context.repositoryRoute(.delete, "/mirror", .mirrorSync, handler: remove),
            context.repositoryRoute(.post, "/mirror/sync", .mirrorSync, handler: sync),
            context.repositoryRoute(.post, "/mirror_from_saas", .mirrorSync, handler: mirrorFromUpstream),
            context.repositoryRoute("/mirror_from_saas/status", .metaRead, handler: status),
        ]
    }

    private var mirroring: CSGHubMirroring { context.mirroring }

    // MARK: Reading

    /// No data for what is no mirror.
    private func mirror(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.openForFacts(request)
        guard case .mirror(let origin) = repository.origin else { return .csghubDone }
        return try await shown(repository, origin)
    }

    private func shown(_ repository: Repository, _ origin: Repository.Mirror) async throws -> HubResponse {
        let task = try await mirroring.tasks(of: [repository], in: context.access.store)[repository.key]
        let source = mirroring.locator.sources.first {
            $0.mirror == origin.mirror && $0.upstream == origin.upstream
        }
        // The address of an upstream may be nobody's business; its name in the policy says which it is.
        let address = repository.principal.isAdministrator ? source.map { "\($0.address)/\(origin.path)" } : nil
        let updated = JSONDate.text(milliseconds: task?.updatedAt ?? repository.updatedAt)
        return .enveloped { json in
            json.object { json in
                json.member("id", repository.key)
                json.member("repository_id", repository.key)
                json.member("source_url", address ?? "")
                json.object("mirror_source") { json in
                    json.member("id", source?.number ?? 0)
                    json.member("source_name", origin.upstream)
                }
                // Credentials stand in files that policy names.
                for name in ["username", "access_token", "push_url", "push_username", "push_access_token"] {
                    json.member(name, "")
                }
                json.member("source_repo_path", origin.path)
                json.member("local_repo_path", repository.id.path)
                json.member("status", task?.status.rawValue ?? "")
                json.member("progress", task?.progress ?? 0)
                json.member("last_message", task?.message ?? "")
                json.member("created_at", JSONDate.text(milliseconds: repository.createdAt))
                json.member("updated_at", updated)
                json.member("last_updated_at", updated)
            }
        }
    }

    /// Of the last job about it, or of the one that `task_id` names.
    private func status(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.openForFacts(request)
        let asked = try request.query.csghubInteger("task_id", in: 0...Int.max) ?? 0
        guard repository.isMirror,
            let latest = try await mirroring.tasks(of: [repository], in: context.access.store)[repository.key]
        else { return .csghubDone }
        guard asked != 0, Int64(asked) != latest.id else {
            return .enveloped { $0.csghubTask(latest, of: repository, isSuperseded: false) }
        }
        guard let job = try await mirroring.jobs.job(Int64(asked)), job.repository == repository.id else {
            throw HubError(.notFound, "There is no task \(asked) about \(repository.id).")
        }
        let task = CSGHubTask(job)
        return .enveloped { $0.csghubTask(task, of: repository, isSuperseded: true) }
    }

    // MARK: Having it fetched

    /// As CSGHub 2.4 answers: 202 and what to ask about it. With `version=2.3` or less, the bare word of those before.
    private func mirrorFromUpstream(_ request: HubRequest) async throws -> HubResponse {
        let isOld = try Self.isOld(request.query.first("version"))
        let (repository, origin) = try await open(request)
        let job = try await mirroring.sync(
            repository.id, of: origin.mirror, priority: .normal, by: repository.principal)
        guard !isOld else { return .csghubDone }
        let task = CSGHubTask(job)
        return .json(status: 202) { json in
            json.object { json in
                json.member("msg", "Accepted")
                json.object("data") { json in
                    json.member("repository_id", repository.key)
                    json.member("mirror_id", repository.key)
                    json.member("task_id", task.id)
                    json.member("status", task.status.rawValue)
                }
            }
        }
    }

    private static func isOld(_ version: String?) throws -> Bool {
        guard let version, !version.isEmpty else { return false }
        let text = version.hasPrefix("v") ? version.dropFirst() : version[...]
        let numbers = text.split(separator: ".").prefix(2).map { Int($0) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else {
            throw CSGHubParameterProblem(
                parameter: "version", provided: version, expected: "a version of CSGHub such as 2.3")
        }
        return (major, minor) < (2, 4)
    }

    private struct Urgency: Decodable { var urgent: Bool? }

    private func sync(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.openForMirroring(request)
        let urgency =
            request.body.isEmpty ? Urgency() : try await request.body.json(Urgency.self, upTo: Self.maximumBody)
        let origin = try Self.origin(of: repository)
        _ = try await mirroring.sync(
            repository.id, of: origin.mirror, priority: JobPriority(csghub: nil, isUrgent: urgency.urgent ?? false),
            by: repository.principal)
        return .csghubDone
    }

    // MARK: Saying where it comes from

    private struct Source: Decodable {
        let address: String
        var username: String?
        var token: String?
        var password: String?
        var urgent: Bool?

        enum CodingKeys: String, CodingKey {
            case address = "source_url"
            case username, password, urgent
            case token = "access_token"
        }
    }

    /// Takes what the policy files say already, and has it fetched.
    private func create(_ request: HubRequest) async throws -> HubResponse {
        let (repository, origin, source) = try await agreed(request)
        _ = try await mirroring.sync(
            repository.id, of: origin.mirror, priority: JobPriority(csghub: nil, isUrgent: source.urgent ?? false),
            by: repository.principal)
        return try await shown(repository, origin)
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let (repository, origin, _) = try await agreed(request)
        return try await shown(repository, origin)
    }

    private func agreed(_ request: HubRequest) async throws -> (Repository, Repository.Mirror, Source) {
        let known = try await context.foundForMirroring(request)
        let source: Source
        do {
            source = try await request.body.json(Source.self, upTo: Self.maximumBody)
        } catch {
            // A name that nobody has is no better for a body that nobody can read.
            if case .missing(let missing) = known { throw missing }
            throw error
        }
        if case .known(let repository) = known { _ = try Self.origin(of: repository) }
        guard [source.username, source.token, source.password].allSatisfy({ $0?.isEmpty ?? true }) else {
            throw CSGHubRefusal.credentials()
        }
        let place = try context.place(of: source.address, kind: try context.kind(of: request))
        let repository = try await context.open(known, request)
        let origin = try Self.origin(of: repository)
        guard place.local.isSame(as: repository.id) else {
            throw CSGHubRefusal.notFound(.found(place), source.address)
        }
        guard place.path.path.lowercased() == origin.path.lowercased() else {
            throw CSGHubRefusal.other(repository.id, origin)
        }
        return (repository, origin, source)
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.openForMirroring(request)
        let origin = try Self.origin(of: repository)
        let file = mirroring.locator.sources.first { $0.mirror == origin.mirror }?.file
        throw CSGHubRefusal.saidByPolicy(
            "\(repository.id) is mirrored because \(file ?? "a mirror file") says so; an operator ends it there. "
                + "To stop a sync that runs, cancel its task.")
    }

    private func open(_ request: HubRequest) async throws -> (Repository, Repository.Mirror) {
        let repository = try await context.openForMirroring(request)
        return (repository, try Self.origin(of: repository))
    }

    private static func origin(of repository: Repository) throws -> Repository.Mirror {
        guard case .mirror(let origin) = repository.origin else { throw CSGHubRefusal.isLocal(repository.id) }
        return origin
    }
}

extension CSGHubContext {
    /// A repository that may be mirrored, or why it is not there.
    enum Mirrorable {
        case known(Repository)
        /// Who asks may have it looked for.
        case missing(HubError)
    }

    /// Opens a repository to have it mirrored; one that nobody here knows is looked for at the upstreams first, for whoever
    /// may run mirroring where it would stand.
    func openForMirroring(_ request: HubRequest) async throws -> Repository {
        try await open(try await foundForMirroring(request), request)
    }

    func foundForMirroring(_ request: HubRequest) async throws -> Mirrorable {
        do {
            return .known(try await open(request, .mirrorSync))
        } catch let error as HubError where error.code == .repositoryNotFound {
            let principal = try await request.principal()
            guard !principal.isAnonymous,
                try await access.authorizer.decide(
                    principal, .mirrorSync, in: try request.parameter("namespace")
                ).isAllowed
            else { throw error }
            return .missing(error)
        }
    }

    func open(_ found: Mirrorable, _ request: HubRequest) async throws -> Repository {
        if case .known(let repository) = found { return repository }
        _ = try await open(request, .metaRead)
        return try await open(request, .mirrorSync)
    }

    /// The place that the policy files give to what stands at an address.
    /// - Throws: `CSGHubRefusal` that says which file would let it in.
    func place(of address: String, kind: RepositoryKind?) throws -> UpstreamLocator.Place {
        let finding = mirroring.locator.locate(try EgressURL(parsing: address), kind: kind)
        guard case .found(let place) = finding else { throw CSGHubRefusal.notFound(finding, address) }
        return place
    }
}

extension RepositoryID {
    /// Whether both name one repository.
    func isSame(as other: RepositoryID) -> Bool {
        kind == other.kind && namespaceKey == other.namespaceKey && nameKey == other.nameKey
    }
}
