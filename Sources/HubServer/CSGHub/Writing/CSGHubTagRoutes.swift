import HTTPTypes
import HubCore

/// The vocabulary of tags, which administrators keep, and `POST {R}/tags/{category}` (wire/csghub.md §2.5).
struct CSGHubTagRoutes: CSGHubRouteFamily {
    private static let maximumBody = 256 << 10

    let context: CSGHubContext
    private let vocabulary: TagVocabulary

    init(context: CSGHubContext) {
        self.context = context
        vocabulary = TagVocabulary(store: context.access.store)
    }

    var routes: [Route] {
        [
            context.repositoryRoute(.post, "/tags/{category}", .settings, handler: assign),
            context.route(.get, "/tags", .open, handler: tags),
            context.route(.post, "/tags", .admin, handler: createTag),
            context.route(.get, "/tags/{id}", .open, handler: tag),
            context.route(.put, "/tags/{id}", .admin, handler: changeTag),
            context.route(.delete, "/tags/{id}", .admin) { request in
                try await vocabulary.removeTag(try Self.id(request), by: try await request.principal())
                return .csghubDone
            },
            context.route(.get, "/tags/categories", .open, handler: categories),
            context.route(.post, "/tags/categories", .admin, handler: createCategory),
            context.route(.put, "/tags/categories/{id}", .admin, handler: changeCategory),
            context.route(.delete, "/tags/categories/{id}", .admin) { request in
                try await vocabulary.removeCategory(try Self.id(request), by: try await request.principal())
                return .csghubDone
            },
        ]
    }

    private func assign(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .settings)
        let names = try await request.body.json([String].self, upTo: Self.maximumBody)
        try await vocabulary.assign(names, category: try request.parameter("category"), to: repository)
        return .csghubDone
    }

    // MARK: Words

    private struct Body: Decodable {
        var name: String?
        var category: String?
        var group: String?
        var scope: String?
        var showName: String?
        var translationKey: String?

        enum CodingKeys: String, CodingKey {
            case name, category, group, scope
            case showName = "show_name"
            case translationKey = "i18n_key"
        }
    }

    /// All words of the scopes that are named, or a page of them.
    private func tags(_ request: HubRequest) async throws -> HubResponse {
        var filter = VocabularyFilter()
        filter.categories = request.query.all("category").filter { !$0.isEmpty }
        filter.scopes = try request.query.all("scope").filter { !$0.isEmpty }.map(Self.queriedScope)
        filter.isBuiltIn = try request.query.bool("built_in")
        filter.search = request.query.first("search") ?? ""
        let isWhole = !filter.scopes.isEmpty && request.query.first("per") == nil
        let page = try CSGHubPage(request.query)
        let (found, total) = try await vocabulary.tags(
            filter, offset: isWhole ? 0 : page.offset, limit: isWhole ? .max : page.per)
        return .enveloped(total: Int64(total)) { json in
            json.array { json in for tag in found { json.csghubTag(tag) } }
        }
    }

    private func tag(_ request: HubRequest) async throws -> HubResponse {
        let tag = try await vocabulary.tag(try Self.id(request))
        return .enveloped { $0.csghubTag(tag) }
    }

    private func createTag(_ request: HubRequest) async throws -> HubResponse {
        let body = try await request.body.json(Body.self, upTo: Self.maximumBody)
        guard let name = body.name, let category = body.category else {
            throw HubError(.badRequest, "A tag has a name and a category.")
        }
        let draft = VocabularyTagDraft(
            name: name, category: category, group: body.group ?? "", scope: try Self.scope(body.scope),
            showName: body.showName ?? name, translationKey: body.translationKey ?? "")
        let tag = try await vocabulary.createTag(draft, by: try await request.principal())
        return .enveloped { $0.csghubTag(tag) }
    }

    private func changeTag(_ request: HubRequest) async throws -> HubResponse {
        let id = try Self.id(request)
        let body = try await request.body.json(Body.self, upTo: Self.maximumBody)
        let scope = try body.scope.map { try Self.scope($0) }
        let tag = try await vocabulary.changeTag(id, by: try await request.principal()) { draft in
            draft.name = body.name ?? draft.name
            draft.category = body.category ?? draft.category
            draft.group = body.group ?? draft.group
            draft.scope = scope ?? draft.scope
            draft.showName = body.showName ?? draft.showName
            draft.translationKey = body.translationKey ?? draft.translationKey
        }
        return .enveloped { $0.csghubTag(tag) }
    }

    // MARK: Categories

    private struct CategoryBody: Decodable {
        var name: String?
        var scope: String?
        var showName: String?
        var enabled: Bool?

        enum CodingKeys: String, CodingKey {
            case name, scope, enabled
            case showName = "show_name"
        }
    }

    private func categories(_ request: HubRequest) async throws -> HubResponse {
        let found = try await vocabulary.categories()
        return .enveloped { json in
            json.array { json in for category in found { json.csghubCategory(category) } }
        }
    }

    private func createCategory(_ request: HubRequest) async throws -> HubResponse {
        let body = try await request.body.json(CategoryBody.self, upTo: Self.maximumBody)
        guard let name = body.name else { throw HubError(.badRequest, "A category has a name.") }
        let category = try await vocabulary.createCategory(
            name, scope: try Self.scope(body.scope), showName: body.showName ?? name, isEnabled: body.enabled ?? true,
            by: try await request.principal())
        return .enveloped { $0.csghubCategory(category) }
    }

    private func changeCategory(_ request: HubRequest) async throws -> HubResponse {
        let id = try Self.id(request)
        let body = try await request.body.json(CategoryBody.self, upTo: Self.maximumBody)
        let category = try await vocabulary.changeCategory(
            id, showName: body.showName, isEnabled: body.enabled, by: try await request.principal())
        return .enveloped { $0.csghubCategory(category) }
    }

    private static func scope(_ text: String?) throws -> RepositoryKind {
        guard let kind = RepositoryKind(csghubScope: text ?? "") else {
            throw HubError(
                .badRequest, "The scope '\((text ?? "").prefix(32))' is no kind of repository.",
                remedy: "Use one of \(RepositoryKind.allCases.map(\.csghubScope).joined(separator: ", ")).")
        }
        return kind
    }

    private static func queriedScope(_ text: String) throws -> RepositoryKind {
        guard let kind = RepositoryKind(csghubScope: text) else {
            throw CSGHubParameterProblem(
                parameter: "scope", provided: text, allowed: RepositoryKind.allCases.map(\.csghubScope))
        }
        return kind
    }

    private static func id(_ request: HubRequest) throws -> Int64 {
        let text = try request.parameter("id")
        guard let id = Int64(text) else { throw HubError(.notFound, "There is nothing numbered '\(text.prefix(32))'.") }
        return id
    }
}

extension RepositoryKind {
    /// The word by which CSGHub says of which kind a tag is.
    var csghubScope: String { self == .mcpserver ? "mcp" : rawValue }

    init?(csghubScope text: String) {
        guard let kind = Self.allCases.first(where: { $0.csghubScope == text || $0.rawValue == text }) else {
            return nil
        }
        self = kind
    }
}

extension JSONWriter {
    fileprivate mutating func csghubTag(_ tag: VocabularyTag) {
        object { json in
            json.member("id", tag.id)
            json.member("name", tag.name)
            json.member("category", tag.category)
            json.member("group", tag.group)
            json.member("built_in", tag.isBuiltIn)
            json.member("scope", tag.scope.csghubScope)
            json.member("show_name", tag.showName)
            json.member("i18n_key", tag.translationKey)
            json.member("created_at", JSONDate.text(milliseconds: tag.createdAt))
            json.member("updated_at", JSONDate.text(milliseconds: tag.updatedAt))
        }
    }

    fileprivate mutating func csghubCategory(_ category: TagCategory) {
        object { json in
            json.member("id", category.id)
            json.member("name", category.name)
            json.member("scope", category.scope.csghubScope)
            json.member("show_name", category.showName)
            json.member("enabled", category.isEnabled)
        }
    }
}
