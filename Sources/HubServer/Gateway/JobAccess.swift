import HubCore
import MirrorGateway

/// Who sees which jobs, whatever asks: REST, pages, events.
struct JobAccess: Sendable {
    let gateway: Gateway

    /// Whose jobs somebody may see; nil for all.
    /// - Throws: `.authenticationRequired`.
    func audience(of principal: Principal) async throws -> JobQuery.Audience? {
        guard let user = principal.user else { throw HubError(.authenticationRequired, "Sign in to see jobs.") }
        if try await maySteer(principal) { return nil }
        // A narrow token reaches what it names.
        guard principal.token?.resources == nil else { return JobQuery.Audience(user: "", accounts: []) }
        let memberships = try await gateway.hub.store.organisations.memberships(of: user, seenBy: principal)
        return JobQuery.Audience(
            user: user.name, accounts: ["user:\(user.name)"] + memberships.map { "org:\($0.organisation.name)" })
    }

    /// Whether somebody sees and steers all jobs.
    func maySteer(_ principal: Principal) async throws -> Bool {
        try await gateway.authorizer.decide(principal, .mirrorSync, in: "").isAllowed
    }

    /// A job that somebody may see.
    /// - Throws: `.notFound` also for another's job.
    func visible(_ id: Int64, to principal: Principal) async throws -> Job {
        let audience = try await audience(of: principal)
        guard let job = try await gateway.jobs.job(id), audience?.sees(job) ?? true else {
            throw Self.isNone(String(id))
        }
        return job
    }

    /// The number of a job as addresses write it.
    /// - Throws: `.notFound`.
    static func id(_ text: String) throws -> Int64 {
        guard let id = Int64(text), id > 0 else { throw isNone(text) }
        return id
    }

    static func isNone(_ text: String) -> HubError {
        HubError(.notFound, "There is no job \(text.prefix(32)), or you may not see it.")
    }
}
