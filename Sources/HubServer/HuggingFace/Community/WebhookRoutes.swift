import HTTPTypes
import HubCore

/// `/api/settings/webhooks`: the webhooks of whoever asks.
struct WebhookRoutes: Sendable {
    let webhooks: Webhooks
    let errors: any ErrorRendering

    var routes: [Route] {
        let all = "/api/settings/webhooks"
        return [
            Route(.get, all, .authenticated, errors: errors, handler: list),
            Route(.post, all, .authenticated, errors: errors, handler: create),
            Route(.get, "\(all)/{webhook}", .authenticated, errors: errors, handler: read),
            Route(.post, "\(all)/{webhook}", .authenticated, errors: errors, handler: update),
            Route(.delete, "\(all)/{webhook}", .authenticated, errors: errors, handler: delete),
            Route(.post, "\(all)/{webhook}/enable", .authenticated, errors: errors) { request in
                Self.answer(
                    try await webhooks.setDisabled(false, try Self.id(request), by: try await request.principal()))
            },
            Route(.post, "\(all)/{webhook}/disable", .authenticated, errors: errors) { request in
                Self.answer(
                    try await webhooks.setDisabled(true, try Self.id(request), by: try await request.principal()))
            },
        ]
    }

    private struct Body: Decodable {
        struct Watched: Decodable {
            let type: String
            let name: String
        }

        let url: String?
        let jobSourceId: String?
        let watched: [Watched]?
        let domains: [String]?
        let secret: String?

        func change() throws -> WebhookChange {
            guard jobSourceId == nil else { throw HubError(.notSupported, "Webhooks start no jobs here.") }
            var change = WebhookChange()
            change.url = url
            change.watched = try watched?.map { try Webhook.Watched(type: $0.type, name: $0.name) }
            change.domains = try domains?.map { word in
                guard let domain = Webhook.Domain(rawValue: word) else {
                    throw HubError(.badRequest, "There is no domain '\(word.prefix(32))'.")
                }
                return domain
            }
            change.secret = secret
            return change
        }
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let found = try await webhooks.list(for: try await request.principal())
        return HubResponse.json { json in
            json.array { json in
                for webhook in found { json.webhook(webhook) }
            }
        }
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        _ = try Webhooks.owner(principal)
        let change = try await request.body.json(Body.self, upTo: 1 << 20).change()
        return Self.answer(try await webhooks.create(change, by: principal))
    }

    private func read(_ request: HubRequest) async throws -> HubResponse {
        Self.answer(try await webhooks.webhook(try Self.id(request), of: try await request.principal()))
    }

    private func update(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let id = try Self.id(request)
        _ = try await webhooks.webhook(id, of: principal)
        let change = try await request.body.json(Body.self, upTo: 1 << 20).change()
        return Self.answer(try await webhooks.update(id, change, by: principal))
    }

    private func delete(_ request: HubRequest) async throws -> HubResponse {
        try await webhooks.delete(try Self.id(request), by: try await request.principal())
        return .text("OK")
    }

    static func id(_ request: HubRequest) throws -> CommunityID {
        guard let id = CommunityID(try request.parameter("webhook")) else {
            throw HubError(.notFound, "You have no such webhook.")
        }
        return id
    }

    private static func answer(_ webhook: Webhook) -> HubResponse {
        HubResponse.json { json in
            json.object { json in
                json.key("webhook")
                json.webhook(webhook)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func webhook(_ webhook: Webhook) {
        object { json in
            json.member("id", webhook.id.description)
            json.member("url", webhook.url)
            json.array("watched") { json in
                for item in webhook.watched {
                    json.object { json in
                        json.member("type", item.type)
                        json.member("name", item.name)
                    }
                }
            }
            json.member("domains", webhook.domains.map(\.rawValue))
            json.member("secret", webhook.secret?.reveal())
            json.member("disabled", webhook.isDisabled)
            json.member("job", nil)
        }
    }
}
