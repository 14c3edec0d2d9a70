import HTTPTypes
import HubCore

/// `/api/collections/{namespace}/{slug}/items`: put something in, change its note and place, take it out.
struct CollectionItemRoutes: Sendable {
    let collections: Collections
    let errors: any ErrorRendering

    var routes: [Route] {
        let items = "/api/collections/{namespace}/{slug}/items"
        return [
            Route(.post, items, .authenticated, errors: errors, handler: add),
            Route(.patch, "\(items)/{item}", .authenticated, errors: errors, handler: update),
            Route(.delete, "\(items)/{item}", .authenticated, errors: errors, handler: remove),
        ]
    }

    private struct Addition: Decodable {
        struct Item: Decodable {
            let id: String
            let type: String
        }

        let item: Item
        let note: String?
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let (namespace, id) = try CollectionRoutes.place(request)
        try await collections.authorizeChange(of: id, in: namespace, by: principal)
        let asked = try await request.body.json(Addition.self, upTo: CollectionRoutes.bodyLimit)
        let subject = try CollectionSubject(type: asked.item.type, id: asked.item.id)
        switch try await collections.add(subject, note: asked.note, to: id, in: namespace, by: principal) {
        case .made(let collection): return HubResponse.json { $0.collection(collection) }
        case .exists(let collection):
            return HubResponse.json(status: 409) { json in
                json.object { json in
                    json.member("error", "The collection has this item already.")
                    json.member("slug", collection.slug)
                }
            }
        }
    }

    private struct Change: Decodable {
        let note: String?
        let position: Int?
    }

    private func update(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let (namespace, id) = try CollectionRoutes.place(request)
        try await collections.authorizeChange(of: id, in: namespace, by: principal)
        let item = try Self.item(request)
        let asked = try await request.body.json(Change.self, upTo: CollectionRoutes.bodyLimit)
        let collection = try await collections.update(
            item: item, note: asked.note, position: asked.position, of: id, in: namespace, by: principal)
        return HubResponse.json { $0.collection(collection) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let (namespace, id) = try CollectionRoutes.place(request)
        let collection = try await collections.remove(
            item: try Self.item(request), of: id, in: namespace, by: try await request.principal())
        return HubResponse.json { $0.collection(collection) }
    }

    private static func item(_ request: HubRequest) throws -> CommunityID {
        guard let item = CommunityID(try request.parameter("item")) else {
            throw HubError(.notFound, "The collection has no such item.")
        }
        return item
    }
}
