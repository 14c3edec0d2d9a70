import HTTPTypes
import HubCore

/// Discussions of a repository and, by a number of the whole hub's, one of them with its comments (wire/csghub.md §2.2).
struct CSGHubDiscussionRoutes: CSGHubRouteFamily {
    private static let maximumBody = 1 << 20

    let context: CSGHubContext
    private let discussions: Discussions
    private let identifiers: DiscussionIdentifiers

    init(context: CSGHubContext) {
        self.context = context
        discussions = Discussions(repositories: context.repositories, authorizer: context.access.authorizer)
        identifiers = DiscussionIdentifiers(store: context.access.store)
    }

    var routes: [Route] {
        let one = "/discussions/{id}"
        return [
            context.repositoryRoute(.get, "/discussions", .metaRead, handler: list),
            context.repositoryRoute(.post, "/discussions", .discuss, handler: open),
            context.route(.get, one, .open, handler: show),
            context.route(.put, one, .authenticated, handler: rename),
            context.route(.delete, one, .authenticated, handler: remove),
            context.route(.get, "\(one)/comments", .open, handler: comments),
            context.route(.post, "\(one)/comments", .authenticated, handler: comment),
            context.route(.put, "\(one)/comments/{comment}", .authenticated, handler: edit),
            context.route(.delete, "\(one)/comments/{comment}", .authenticated, handler: forget),
        ]
    }

    // MARK: Of a repository

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let repository = try await context.open(request, .metaRead)
        var query = DiscussionQuery()
        query.kind = .discussion
        query.limit = page.per
        query.offset = page.offset
        let (found, total) = try await discussions.list(query, of: repository)
        let entries = try await identifiers.entries(of: found, in: repository)
        return .enveloped(total: total) { json in
            json.object { json in
                json.array("discussions") { json in
                    for discussion in found {
                        json.object { $0.csghubMembers(of: discussion, entries[discussion.num]) }
                    }
                }
            }
        }
    }

    private struct Title: Decodable { let title: String }

    private func open(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .discuss)
        let title = try await request.body.json(Title.self, upTo: Self.maximumBody).title
        let discussion = try await discussions.open(title: title, description: nil, in: repository)
        let entries = try await identifiers.entries(of: [discussion], in: repository)
        return .enveloped { json in json.object { $0.csghubMembers(of: discussion, entries[discussion.num]) } }
    }

    // MARK: One

    /// Opens the repository of the discussion that `{id}` names. One that may not be seen is as little there as a number
    /// nobody gave out.
    private func place(_ request: HubRequest, _ verb: Verb) async throws -> (repository: Repository, num: Int64) {
        let text = try request.parameter("id")
        let absent = HubError(.notFound, "There is no discussion '\(text.prefix(32))'.")
        guard let id = Int64(text), let place = try await identifiers.place(of: id) else { throw absent }
        do {
            let principal = try await request.principal()
            let known = Authorizer(store: context.access.store, source: nil)
            _ = try await known.open(principal, .discover, place.repository)
            return (try await context.access.authorizer.open(principal, verb, place.repository), place.num)
        } catch let error as HubError where error.code == .repositoryNotFound {
            throw absent
        }
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let (repository, num) = try await place(request, .metaRead)
        let (discussion, events) = try await discussions.details(num, of: repository)
        let entries = try await identifiers.entries(of: [discussion], in: repository)
        return .enveloped { json in
            json.object { json in
                json.csghubMembers(of: discussion, entries[num])
                json.array("comments") { json in for event in events { json.csghubComment(event) } }
            }
        }
    }

    private func rename(_ request: HubRequest) async throws -> HubResponse {
        let (repository, num) = try await place(request, .discuss)
        let title = try await request.body.json(Title.self, upTo: Self.maximumBody).title
        _ = try await discussions.rename(num, to: title, in: repository)
        return .csghubDone
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let (repository, num) = try await place(request, .discuss)
        try await discussions.remove(num, in: repository)
        return .csghubDone
    }

    // MARK: Comments

    private struct Comment: Decodable { let content: String }

    private func comments(_ request: HubRequest) async throws -> HubResponse {
        let (repository, num) = try await place(request, .metaRead)
        let events = try await discussions.details(num, of: repository).events
        return .enveloped { json in json.array { json in for event in events { json.csghubComment(event) } } }
    }

    private func comment(_ request: HubRequest) async throws -> HubResponse {
        let (repository, num) = try await place(request, .discuss)
        let text = try await request.body.json(Comment.self, upTo: Self.maximumBody).content
        let event = try await discussions.comment(text, on: num, in: repository)
        return .enveloped { $0.csghubComment(event) }
    }

    private func edit(_ request: HubRequest) async throws -> HubResponse {
        let (repository, num) = try await place(request, .discuss)
        let text = try await request.body.json(Comment.self, upTo: Self.maximumBody).content
        _ = try await discussions.edit(try Self.comment(request), to: text, on: num, in: repository)
        return .csghubDone
    }

    private func forget(_ request: HubRequest) async throws -> HubResponse {
        let (repository, num) = try await place(request, .discuss)
        _ = try await discussions.forget(try Self.comment(request), on: num, in: repository)
        return .csghubDone
    }

    private static func comment(_ request: HubRequest) throws -> CommunityID {
        let text = try request.parameter("comment")
        guard let key = Int64(text), key > 0 else {
            throw HubError(.notFound, "There is no comment '\(text.prefix(32))'.")
        }
        return CommunityID(key: key)
    }
}

extension JSONWriter {
    fileprivate mutating func csghubMembers(of discussion: Discussion, _ entry: DiscussionIdentifiers.Entry?) {
        member("id", entry?.id ?? 0)
        member("title", discussion.title)
        csghubAuthor(discussion.author)
        member("comment_count", entry?.comments ?? 0)
        member("created_at", JSONDate.text(milliseconds: discussion.createdAt))
    }

    /// Nothing for an event that is no comment, or one that was hidden.
    fileprivate mutating func csghubComment(_ event: DiscussionEvent) {
        guard case .comment(let text, _, let isHidden) = event.content, !isHidden else { return }
        object { json in
            json.member("id", event.id.key)
            json.member("content", text)
            json.csghubAuthor(event.author)
            json.member("created_at", JSONDate.text(milliseconds: event.createdAt))
            json.member("updated_at", JSONDate.text(milliseconds: event.updatedAt))
        }
    }

    private mutating func csghubAuthor(_ name: String?) {
        object("user") { json in
            json.member("username", name ?? "")
            json.member("nickname", name ?? "")
            json.member("avatar", "")
        }
    }
}
