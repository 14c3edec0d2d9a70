import HTTPTypes
import HubCore

/// `GET /api/settings/webhooks/{webhook}/deliveries` and `POST /api/settings/webhooks/{webhook}/replay/{delivery}`: what
/// a webhook of the caller's was told, and telling it again. The secret is in none of it.
struct WebhookDeliveryRoutes: Sendable {
    let webhooks: Webhooks
    let authorizer: Authorizer
    let errors: any ErrorRendering

    var routes: [Route] {
        let one = "/api/settings/webhooks/{webhook}"
        return [
            Route(.get, "\(one)/deliveries", .authenticated, errors: errors, handler: list),
            Route(.post, "\(one)/replay/{delivery}", .authenticated, errors: errors, handler: replay),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        var before: CommunityID?
        if let text = request.query.first("cursor") {
            guard let id = CommunityID(text) else {
                throw HubError(.badRequest, "The cursor '\(text.prefix(32))' is no message's id.")
            }
            before = id
        }
        let found = try await webhooks.deliveries(
            of: try WebhookRoutes.id(request), before: before, for: principal, authorizer: authorizer)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("deliveries") { json in
                    for delivery in found { json.delivery(delivery) }
                }
            }
        }
        guard found.count == Webhooks.deliveriesPerPage, let last = found.last else { return response }
        return response.linkingNext(request, "cursor", last.id.description)
    }

    private func replay(_ request: HubRequest) async throws -> HubResponse {
        guard let delivery = CommunityID(try request.parameter("delivery")) else {
            throw HubError(.notFound, "You have no such message.")
        }
        let made = try await webhooks.redeliver(
            delivery, of: try WebhookRoutes.id(request), by: try await request.principal())
        return .json { json in
            json.object { $0.member("id", made.description) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func delivery(_ delivery: WebhookDelivery) {
        object { json in
            json.member("id", delivery.id.description)
            json.member("state", delivery.state.rawValue)
            json.object("event") { json in
                json.member("action", delivery.action)
                json.member("scope", delivery.scope)
            }
            if let repository = delivery.repository {
                json.object("repo") { json in
                    json.member("type", repository.kind.rawValue)
                    json.member("name", repository.path)
                }
            }
            json.member("attempts", delivery.attempts)
            if let status = delivery.status { json.member("status", status) }
            if let note = delivery.note { json.member("error", note) }
            json.member("createdAt", JSONDate.text(milliseconds: delivery.createdAt))
            json.member("nextAttemptAt", time: delivery.nextAt)
            if let payload = delivery.payload { json.member("payload", payload) }
        }
    }
}
