package import HubCore
package import MirrorGateway

/// What the routes about mirroring act through: the engine of syncs, its jobs, and the policy files, which alone say what
/// is mirrored.
package struct CSGHubMirroring: Sendable {
    /// The kind of jobs that mirror repositories.
    static let jobKind = "sync"

    let jobs: JobStore
    let locator: UpstreamLocator
    let settings: SyncClientSettings
    let start: @Sendable (SyncRequest) async throws -> [Job]

    /// - Parameter start: has a repository fetched.
    package init(
        jobs: JobStore, locator: UpstreamLocator, settings: SyncClientSettings,
        start: @escaping @Sendable (SyncRequest) async throws -> [Job]
    ) {
        self.jobs = jobs
        self.locator = locator
        self.settings = settings
        self.start = start
    }

    /// Has a mirrored repository fetched, or joins what fetches it already.
    func sync(
        _ id: RepositoryID, of mirror: String, revision: Revision? = nil, priority: JobPriority, by principal: Principal
    ) async throws -> Job {
        let name = principal.user?.name
        let jobs = try await start(
            SyncRequest(
                mirror: mirror, repository: id, revision: revision, priority: priority,
                account: name.map { "user:\($0)" } ?? "mirror:\(mirror)", requestedBy: name))
        guard let job = jobs.first else {
            throw HubError(.internalError, "Nothing was queued for \(id).")
        }
        // Somebody else may have asked for it before, as something less urgent.
        guard job.draft.priority > priority, !job.state.isTerminal else { return job }
        return try await self.jobs.prioritise(job.id, to: priority, by: name)
    }

    /// How the mirroring of repositories stands, by key; local ones are left out.
    func tasks(of repositories: [Repository], in store: RepositoryStore) async throws -> [Int64: CSGHubTask] {
        let mirrors = repositories.filter(\.isMirror)
        guard !mirrors.isEmpty else { return [:] }
        let latest = try await jobs.latest(of: Self.jobKind, about: mirrors.map(\.id))
        let rest = mirrors.filter { latest[$0.id] == nil }
        let whole = try await store.whole(among: rest.map(\.key))
        var tasks: [Int64: CSGHubTask] = [:]
        for mirror in mirrors {
            tasks[mirror.key] =
                latest[mirror.id].map { CSGHubTask($0) }
                ?? CSGHubTask(isWhole: whole.contains(mirror.key), updatedAt: mirror.updatedAt)
        }
        return tasks
    }
}

extension Job {
    /// The repository it is about, by its name here; nil when it is about a whole mirror.
    var repository: RepositoryID? {
        RepositoryID(parsing: draft.subject.prefix { $0 != "@" }.description)
    }
}

extension JobPriority {
    /// CSGHub counts from 1, as soon as possible, to 4, low.
    init(csghub number: Int64?, isUrgent: Bool) {
        switch number {
        case _ where isUrgent: self = .urgent
        case 1: self = .urgent
        case 2: self = .high
        case 4: self = .low
        default: self = .normal
        }
    }

    var csghubNumber: Int { rawValue + 1 }
}
