import HTTPTypes
import HubCore

/// `/api/collections` and `/api/collections/{namespace}/{slug}`: list, create, read, change and remove collections.
struct CollectionRoutes: Sendable {
    static let bodyLimit = 1 << 20

    let collections: Collections
    let errors: any ErrorRendering

    var routes: [Route] {
        let one = "/api/collections/{namespace}/{slug}"
        return [
            Route(.get, "/api/collections", .open, errors: errors, handler: list),
            Route(.post, "/api/collections", .authenticated, errors: errors, handler: create),
            Route(.get, one, .open, errors: errors, handler: read),
            Route(.patch, one, .authenticated, errors: errors, handler: update),
            Route(.delete, one, .authenticated, errors: errors, handler: delete),
        ]
    }

    /// The namespace and id that a matched path names.
    /// - Throws: `.notFound` for a slug without an id.
    static func place(_ request: HubRequest) throws -> (namespace: String, id: CommunityID) {
        let namespace = try request.parameter("namespace")
        guard let id = RepositoryCollection.id(inSlug: try request.parameter("slug")) else {
            throw HubError(.notFound, "There is no such collection of '\(namespace.prefix(96))'.")
        }
        return (namespace, id)
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        var query = CollectionQuery()
        query.owners = request.query.all("owner")
        query.limit = min(try request.query.integer("limit", in: 1...Int.max) ?? 100, 100)
        query.offset = try request.query.integer("cursor", in: 0...1_000_000_000) ?? 0
        let items = request.query.all("item")
        query.items = items.compactMap(CollectionSubject.init(filter:))
        guard query.owners.count <= 20, items.count <= 20 else {
            throw HubError(.badRequest, "A query names at most 20 owners and 20 items.")
        }
        // What cannot be in a collection is in none.
        guard query.items.count == items.count else { return HubResponse.json { $0.array { _ in } } }
        let (page, hasMore) = try await collections.list(query, for: principal)
        let response = HubResponse.json { json in
            json.array { json in
                for collection in page { json.collection(collection, isListed: true) }
            }
        }
        return hasMore ? response.linkingNext(request, "cursor", String(query.offset + page.count)) : response
    }

    private struct Creation: Decodable {
        let title: String
        let namespace: String
        let description: String?
        let `private`: Bool?
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let asked = try await request.body.json(Creation.self, upTo: Self.bodyLimit)
        let creation = try await collections.create(
            title: asked.title, description: asked.description, namespace: asked.namespace,
            isPrivate: asked.private ?? false, by: principal)
        switch creation {
        case .made(let collection): return HubResponse.json { $0.collection(collection) }
        case .exists(let collection):
            return HubResponse.json(status: 409) { json in
                json.object { json in
                    json.member("error", "A collection of this title exists already.")
                    json.member("slug", collection.slug)
                }
            }
        }
    }

    private func read(_ request: HubRequest) async throws -> HubResponse {
        let (namespace, id) = try Self.place(request)
        let collection = try await collections.collection(id, in: namespace, for: try await request.principal())
        return HubResponse.json { $0.collection(collection) }
    }

    private struct Change: Decodable {
        let title: String?
        let description: String?
        let `private`: Bool?
        let theme: String?
        let position: Int64?
    }

    private func update(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let (namespace, id) = try Self.place(request)
        try await collections.authorizeChange(of: id, in: namespace, by: principal)
        let asked = try await request.body.json(Change.self, upTo: Self.bodyLimit)
        var change = CollectionChange()
        change.title = asked.title
        change.description = asked.description
        change.isPrivate = asked.private
        change.theme = asked.theme
        change.position = asked.position
        let collection = try await collections.update(id, in: namespace, change, by: principal)
        return HubResponse.json { json in
            json.object { json in
                json.key("data")
                json.collection(collection)
            }
        }
    }

    private func delete(_ request: HubRequest) async throws -> HubResponse {
        let (namespace, id) = try Self.place(request)
        try await collections.delete(id, in: namespace, by: try await request.principal())
        return .text("OK")
    }
}
