import HTTPTypes
import HubCore
import MirrorGateway
import Policies

/// `GET /api/gateway/v1/limits`: every limit and what is used of it.
struct LimitsRoute {
    let gateway: Gateway

    func route(errors: any ErrorRendering) -> Route {
        Route(.get, GatewaySurface.base + "/limits", .authenticated, errors: errors, handler: answer)
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in with a token to see this.")
        }
        let standings =
            try await gateway.quotas?.standings(for: principal, all: principal.isAdministrator) ?? []
        let mirrors = gateway.policies?.current.mirrors ?? []
        return .json { json in
            json.object { json in
                json.array("upstreams") { json in
                    for mirror in mirrors {
                        for upstream in mirror.document.upstreams {
                            json.limits(
                                of: upstream.name, in: mirror.name, EgressLimits(upstream.limits),
                                connections: upstream.limits.connections,
                                gateway.budget(of: upstream.name, in: mirror))
                        }
                    }
                }
                json.array("quotas") { json in
                    for standing in standings { json.standing(standing) }
                }
            }
        }
    }
}

extension JSONWriter {
    mutating func limits(
        of upstream: String, in mirror: String, _ limits: EgressLimits, connections: Int, _ budget: UpstreamBudget
    ) {
        object { json in
            json.member("mirror", mirror)
            json.member("name", upstream)
            json.member("connections", connections)
            json.member("bandwidth", budget.bandwidth)
            json.member("apiRequestsPer5m", limits.apiRequestsPer5Minutes)
            json.member("resolveRequestsPer5m", limits.resolveRequestsPer5Minutes)
            json.member("bytesPerDay", limits.bytesPerDay)
            json.object("budget") { $0.members(of: budget) }
        }
    }

    mutating func members(of budget: UpstreamBudget) {
        member("apiRequestsLeft", budget.apiRequestsLeft)
        member("resolveRequestsLeft", budget.resolveRequestsLeft)
        member("bytesToday", budget.bytesToday)
        member("bytesLeftToday", budget.bytesLeftToday)
        member("bytesPerSecond", budget.bandwidth)
        object("reservedForPeople") { json in
            json.member("apiRequests", budget.apiRequestsReserved)
            json.member("resolveRequests", budget.resolveRequestsReserved)
            json.member("bytes", budget.bytesReserved)
        }
        array("remote") { json in
            for remote in budget.remote {
                json.object { json in
                    json.member("kind", remote.kind)
                    json.member("limit", remote.limit)
                    json.member("remaining", remote.remaining)
                    json.member("resetsIn", remote.resetsIn)
                    json.member("leftAlone", remote.isShut)
                }
            }
        }
    }

    mutating func standing(_ standing: QuotaStanding) {
        object { json in
            json.member("mirror", standing.mirror)
            json.member("subject", standing.subject.description)
            if let limit = standing.terms.bytesPerDay {
                json.object("bytesPerDay") { json in
                    json.member("limit", limit)
                    json.member("used", standing.bytesToday)
                    json.member("left", standing.bytesLeftToday ?? 0)
                    json.member("resetsIn", standing.resetsIn)
                }
            }
            if let limit = standing.terms.requestsPerMinute {
                json.object("requestsPerMin") { json in
                    json.member("limit", limit)
                    json.member("used", standing.requestsThisMinute)
                }
            }
            if let limit = standing.terms.storedBytes {
                json.object("storedBytes") { json in
                    json.member("limit", limit)
                    json.member("used", standing.storedBytes)
                }
            }
        }
    }
}
