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
    static let pageSize = 100

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

    var gateway: Gateway { web.gateway }
    var hub: Hub { web.gateway.hub }

    func may(_ principal: Principal, _ verb: Verb) async throws -> Bool {
        try await gateway.authorizer.decide(principal, verb, in: "").isAllowed
    }

    /// Whether the caller has to sign in first.
    /// - Throws: `.forbidden` for whoever may not do this with the hub.
    func isNobody(_ request: HubRequest, _ verb: Verb) async throws -> Bool {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return true }
        try await gateway.authorizer.requireOfHub(principal, verb)
        return false
    }
}
