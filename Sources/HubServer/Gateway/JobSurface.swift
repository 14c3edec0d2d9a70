import HTTPTypes
import HubCore
package import MirrorGateway
import NIOCore
import Policies
import ServiceLifecycle

/// `/api/gateway/v1/jobs` and `/api/gateway/v1/events`: long work, how far it is, and what happens to it.
///
/// Operators see and steer all. Others see what they asked for, and what is done for them and their organisations.
package struct JobSurface: Sendable {
    let gateway: Gateway
    private static let base = GatewaySurface.base
    /// Jobs of a page, and files.
    private static let pageSize = 100
    private static let largestPage = 1_000
    /// Bytes of a request's body.
    private static let bodyLimit = 4_096

    package init(gateway: Gateway) { self.gateway = gateway }

    package var routes: [Route] {
        let errors = PlainErrorRendering()
        let jobs = Self.base + "/jobs"
        return [
            Route(.get, jobs, .authenticated, errors: errors, handler: list),
            Route(.get, jobs + "/{job}", .authenticated, errors: errors, handler: show),
            Route(.get, jobs + "/{job}/files", .authenticated, errors: errors, handler: files),
            Route(.post, jobs + "/{job}:pause", .hub(.mirrorSync), errors: errors) { request in
                try await steer(request) { try await gateway.jobs.pause($0, by: $1) }
            },
            Route(.post, jobs + "/{job}:resume", .hub(.mirrorSync), errors: errors) { request in
                try await steer(request) { try await gateway.jobs.resume($0, by: $1) }
            },
            Route(.post, jobs + "/{job}:cancel", .hub(.mirrorSync), errors: errors) { request in
                try await steer(request) { try await gateway.jobs.cancel($0, by: $1) }
            },
            Route(.post, jobs + "/{job}:retry", .hub(.mirrorSync), errors: errors) { request in
                try await steer(request) { try await gateway.jobs.retry($0, by: $1) }
            },
            Route(.post, jobs + "/{job}:prioritise", .hub(.mirrorSync), errors: errors) { request in
                try await steer(request) { job, user in
                    let priority = try await Self.priority(request)
                    return try await gateway.jobs.prioritise(job, to: priority, by: user)
                }
            },
            Route(.get, Self.base + "/events", .authenticated, errors: errors, handler: events),
        ]
    }

    // MARK: Looking

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let states = try request.query.all("state").flatMap { $0.split(separator: ",") }.map { word in
            guard let state = JobState(rawValue: String(word)) else {
                throw HubError(
                    .badRequest, "'\(String(word).prefix(32))' is no state of a job.",
                    remedy: "Write \(JobState.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return state
        }
        let run = try request.query.first("run").map { text in
            guard let run = Int64(text) else { throw HubError(.badRequest, "'\(text.prefix(32))' is no run.") }
            return run
        }
        let limit = try request.query.integer("limit", in: 1...Self.largestPage) ?? Self.pageSize
        let query = JobQuery(
            states: Set(states), kind: request.query.first("kind"), mirror: request.query.first("mirror"), run: run,
            account: request.query.first("account"), requestedBy: request.query.first("requestedBy"),
            subject: request.query.first("subject"), audience: try await audience(request),
            after: request.query.first("cursor"), limit: limit)
        let (jobs, next) = try await gateway.jobs.jobs(query)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("jobs") { json in
                    for job in jobs { JobJSON.write(job, rate: gateway.jobRates[job.id], to: &json) }
                }
                json.member("next", next)
            }
        }
        return next.map { response.linkingNext(request, "cursor", $0) } ?? response
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        Self.answer(try await visible(request), gateway)
    }

    private func files(_ request: HubRequest) async throws -> HubResponse {
        let job = try await visible(request)
        let limit = try request.query.integer("limit", in: 1...Self.largestPage) ?? Self.pageSize
        let files = try await gateway.jobs.files(of: job.id, after: request.query.first("cursor"), limit: limit)
        let next = files.count == limit ? files.last?.path : nil
        let response = HubResponse.json { json in
            json.object { json in
                json.array("files") { json in
                    for file in files { JobJSON.write(file, to: &json) }
                }
                json.member("next", next)
            }
        }
        return next.map { response.linkingNext(request, "cursor", $0) } ?? response
    }

    /// Events as a list; as a stream for who asks for one, as browsers' EventSource does.
    private func events(_ request: HubRequest) async throws -> HubResponse {
        let audience = try await audience(request)
        let job = try request.query.first("job").map { text in
            try JobAccess.id(text)
        }
        // Of another's job nothing is told, not even that it is there.
        if let job, audience != nil { _ = try await access.visible(job, to: try await request.principal()) }
        let position = request.headers["Last-Event-ID"] ?? request.query.first("after")
        let after = try position.map { text in
            guard let sequence = Int64(text), sequence >= 0 else {
                throw HubError(.badRequest, "'\(text.prefix(32))' is no event's number.")
            }
            return sequence
        }
        if request.headers[.accept]?.contains("text/event-stream") == true {
            let start = if let after { after } else { try await gateway.jobs.lastEvent() }
            let stream = JobEventStream(
                jobs: gateway.jobs, rates: gateway.jobRates, audience: audience, job: job, after: start)
            var response = HubResponse(body: .stream(length: nil) { try await stream.send(to: $0) })
            response.headers[.contentType] = "text/event-stream"
            response.headers[.cacheControl] = "no-store"
            // Proxies that collect answers would hold events back.
            response.headers["X-Accel-Buffering"] = "no"
            return response
        }
        let limit = try request.query.integer("limit", in: 1...Self.largestPage) ?? Self.pageSize
        let events = try await gateway.jobs.events(after: after ?? 0, of: job, limit: limit)
        let next = events.count == limit ? events.last.map { String($0.sequence) } : nil
        let visible = try await JobEventStream.visible(events, to: audience, gateway.jobs)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("events") { json in
                    for event in visible { JobJSON.write(event, to: &json) }
                }
                json.member("next", next)
            }
        }
        return next.map { response.linkingNext(request, "after", $0) } ?? response
    }

    // MARK: Steering

    private func steer(_ request: HubRequest, _ act: (Int64, String?) async throws -> Job) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        let id = try Self.id(request)
        return Self.answer(try await act(id, principal.user?.name), gateway)
    }

    private struct Wish: Decodable { let priority: String }

    private static func priority(_ request: HubRequest) async throws -> JobPriority {
        let word = try await request.body.json(Wish.self, upTo: bodyLimit).priority
        guard let priority = JobPriority(word: word) else {
            throw HubError(
                .badRequest, "'\(word.prefix(32))' is no priority.",
                remedy: "Write \(JobPriority.allCases.map(\.word).joined(separator: ", ")).")
        }
        return priority
    }

    // MARK: Who may

    private var access: JobAccess { JobAccess(gateway: gateway) }

    private func audience(_ request: HubRequest) async throws -> JobQuery.Audience? {
        try await access.audience(of: try await request.principal())
    }

    private func visible(_ request: HubRequest) async throws -> Job {
        try await access.visible(try Self.id(request), to: try await request.principal())
    }

    private static func id(_ request: HubRequest) throws -> Int64 { try JobAccess.id(try request.parameter("job")) }

    private static func answer(_ job: Job, _ gateway: Gateway) -> HubResponse {
        .json { JobJSON.write(job, rate: gateway.jobRates[job.id], to: &$0) }
    }
}
