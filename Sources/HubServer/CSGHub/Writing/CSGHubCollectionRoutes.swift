import HTTPTypes
import HubCore

/// `/collections` and `GET /user|organization/{…}/collections` (wire/csghub.md §2.3): the hub's collections under
/// CSGHub's names. Papers, which CSGHub's collections do not hold, are left out.
struct CSGHubCollectionRoutes: CSGHubRouteFamily {
    private static let maximumBody = 256 << 10
    private static let maximumRepositories = 100

    private enum Sort: String, CaseIterable {
        case trending
        case recentlyUpdated = "recently_update"
        case mostFavourite = "most_favorite"
    }

    let context: CSGHubContext
    private let collections: Collections

    init(context: CSGHubContext) {
        self.context = context
        collections = Collections(store: context.access.store, authorizer: context.access.authorizer)
    }

    var routes: [Route] {
        let one = "/collections/{id}"
        return [
            context.route(.get, "/collections", .open, handler: list),
            context.route(.post, "/collections", .authenticated, handler: create),
            context.route(.get, one, .open, handler: show),
            context.route(.put, one, .authenticated, handler: change),
            context.route(.delete, one, .authenticated, handler: remove),
            context.route(.post, "\(one)/repos", .authenticated, handler: add),
            context.route(.delete, "\(one)/repos", .authenticated, handler: take),
            context.route(.put, "\(one)/repos/{repository}", .authenticated, handler: note),
            context.route(.get, "/user/{username}/collections", .open) { request in
                try await owned(by: try request.parameter("username"), request)
            },
            context.route(.get, "/organization/{namespace}/collections", .open) { request in
                try await owned(by: try request.parameter("namespace"), request)
            },
        ]
    }

    // MARK: Reading

    private func list(_ request: HubRequest) async throws -> HubResponse {
        // Likes of collections are not counted: every order is that of the last change.
        _ = try request.query.csghubWord("sort", as: Sort.self)
        return try await page(of: CollectionQuery(), request)
    }

    private func owned(by namespace: String, _ request: HubRequest) async throws -> HubResponse {
        var query = CollectionQuery()
        query.owners = [namespace]
        return try await page(of: query, request)
    }

    private func page(of query: CollectionQuery, _ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let principal = try await request.principal()
        var query = query
        query.search = request.query.first("search") ?? ""
        query.limit = page.per
        query.offset = page.offset
        let (found, _) = try await collections.list(query, for: principal)
        let total = try await collections.count(query, for: principal)
        return .accountList(total: total) { json in
            for collection in found { json.csghubCollection(collection, isOwn: false) }
        }
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let (id, namespace) = try await place(request)
        let principal = try await request.principal()
        let collection = try await collections.collection(id, in: namespace, for: principal)
        var isOwn = false
        if principal.token?.scope ?? .read >= .write {
            isOwn = try await context.access.authorizer.decide(principal, .contentWrite, in: namespace).isAllowed
        }
        return Self.shown(collection, isOwn: isOwn)
    }

    private static func shown(_ collection: RepositoryCollection, isOwn: Bool) -> HubResponse {
        .enveloped { $0.csghubCollection(collection, isOwn: isOwn) }
    }

    // MARK: Changing

    private struct Body: Decodable {
        var namespace: String?
        var name: String?
        var nickname: String?
        var description: String?
        var isPrivate: Bool?

        enum CodingKeys: String, CodingKey {
            case namespace, name, nickname, description
            case isPrivate = "private"
        }

        /// The one title we keep: what people read, or else the name.
        var title: String? { [nickname, name].compactMap(\.self).first { !$0.isEmpty } }
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let body = try await request.body.json(Body.self, upTo: Self.maximumBody)
        guard let title = body.title else { throw HubError(.badRequest, "A collection has a name.") }
        let namespace = body.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? principal.label
        let outcome = try await collections.create(
            title: title, description: body.description, namespace: namespace, isPrivate: body.isPrivate ?? false,
            by: principal)
        switch outcome {
        case .made(let collection): return Self.shown(collection, isOwn: true)
        case .exists: throw HubError(.conflict, "'\(namespace)' has a collection '\(title)'.")
        }
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let (id, namespace) = try await place(request)
        let principal = try await request.principal()
        try await collections.authorizeChange(of: id, in: namespace, by: principal)
        let body = try await request.body.json(Body.self, upTo: Self.maximumBody)
        var change = CollectionChange()
        change.title = body.title
        change.description = body.description
        change.isPrivate = body.isPrivate
        return Self.shown(
            try await collections.update(id, in: namespace, change, by: principal), isOwn: true)
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let (id, namespace) = try await place(request)
        try await collections.delete(id, in: namespace, by: try await request.principal())
        return .csghubDone
    }

    // MARK: What is in it

    private struct Items: Decodable {
        let keys: [Int64]
        var remarks: [String: String]?

        enum CodingKeys: String, CodingKey {
            case keys = "repo_ids"
            case remarks
        }
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let (id, namespace) = try await place(request)
        let principal = try await request.principal()
        try await collections.authorizeChange(of: id, in: namespace, by: principal)
        let body = try await items(request)
        for key in body.keys {
            guard let name = try await context.access.store.name(of: key) else { throw Self.absent }
            _ = try await collections.add(
                .repository(name), note: body.remarks?[String(key)], to: id, in: namespace, by: principal)
        }
        return .csghubDone
    }

    private func take(_ request: HubRequest) async throws -> HubResponse {
        let (id, namespace) = try await place(request)
        let principal = try await request.principal()
        try await collections.authorizeChange(of: id, in: namespace, by: principal)
        let body = try await items(request)
        let present = try await collections.collection(id, in: namespace, for: principal).items
        for key in body.keys {
            guard let item = present.first(where: { $0.repository?.key == key }) else { throw Self.absent }
            _ = try await collections.remove(item: item.id, of: id, in: namespace, by: principal)
        }
        return .csghubDone
    }

    private struct Note: Decodable { let remark: String }

    private func note(_ request: HubRequest) async throws -> HubResponse {
        let (id, namespace) = try await place(request)
        let principal = try await request.principal()
        try await collections.authorizeChange(of: id, in: namespace, by: principal)
        let remark = try await request.body.json(Note.self, upTo: Self.maximumBody).remark
        let key = Int64(try request.parameter("repository"))
        let present = try await collections.collection(id, in: namespace, for: principal).items
        guard let key, let item = present.first(where: { $0.repository?.key == key }) else { throw Self.absent }
        _ = try await collections.update(
            item: item.id, note: remark, position: nil, of: id, in: namespace, by: principal)
        return .csghubDone
    }

    private func items(_ request: HubRequest) async throws -> Items {
        let body = try await request.body.json(Items.self, upTo: Self.maximumBody)
        guard (1...Self.maximumRepositories).contains(body.keys.count) else {
            throw HubError(.badRequest, "Name 1 to \(Self.maximumRepositories) repositories.")
        }
        return body
    }

    private static let absent = HubError(.notFound, "There is no such repository in reach.")

    /// Where the collection of `{id}` is. Somebody else's private one is as little there as a number nobody gave out.
    private func place(_ request: HubRequest) async throws -> (CommunityID, String) {
        let text = try request.parameter("id")
        let absent = HubError(.notFound, "There is no collection '\(text.prefix(32))'.")
        guard let key = Int64(text), key > 0, let namespace = try await collections.namespace(of: CommunityID(key: key))
        else { throw absent }
        let id = CommunityID(key: key)
        do {
            _ = try await collections.collection(id, in: namespace, for: try await request.principal())
        } catch let error as HubError where error.code == .notFound {
            throw absent
        }
        return (id, namespace)
    }
}

extension CollectionItem {
    fileprivate var repository: Repository? {
        if case .repository(let repository) = subject { repository } else { nil }
    }
}

extension JSONWriter {
    fileprivate mutating func csghubCollection(_ collection: RepositoryCollection, isOwn: Bool) {
        let changed = JSONDate.text(milliseconds: collection.updatedAt)
        object { json in
            json.member("id", collection.id.key)
            json.member("username", collection.namespace)
            json.member("namespace", collection.namespace)
            json.member("theme", collection.theme)
            json.member("name", collection.title)
            json.member("nickname", collection.title)
            json.member("description", collection.description ?? "")
            json.member("private", collection.isPrivate)
            json.array("repositories") { json in
                for item in collection.items {
                    guard let repository = item.repository else { continue }
                    json.csghubItem(repository, note: item.note)
                }
            }
            json.member("created_at", changed)
            json.member("updated_at", changed)
            json.member("likes", 0)
            json.member("user_likes", false)
            json.member("can_write", isOwn)
            json.member("can_manage", isOwn)
            json.member("avatar", "")
        }
    }

    private mutating func csghubItem(_ repository: Repository, note: String?) {
        object { json in
            json.member("id", repository.key)
            json.member("path", repository.id.path)
            json.member("name", repository.id.name)
            json.member("nickname", repository.id.name)
            json.member("description", "")
            json.member("private", repository.isPrivate)
            json.member("likes", repository.likes)
            json.member("download_count", repository.downloads)
            json.array("tags") { _ in }
            json.member("repository_type", repository.id.kind.rawValue)
            json.member("created_at", JSONDate.text(milliseconds: repository.createdAt))
            json.member("updated_at", JSONDate.text(milliseconds: repository.updatedAt))
            json.member("remark", note ?? "")
        }
    }
}
