import HTTPTypes
import HubCore

/// `POST /api/{kind}/{namespace}/{name}/discussions/{num}/...`: comment, edit, hide, show again, rename, open and close.
struct DiscussionChangeRoutes: RouteFamily {
    private static let bodyLimit = 1 << 20

    let access: RepositoryAccess
    let discussions: Discussions

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}/discussions/{num}"
        let changes: [(String, @Sendable (HubRequest, Repository, Int64) async throws -> HubResponse)] = [
            ("comment", comment), ("comment/{comment}/edit", edit), ("comment/{comment}/hide", hide),
            ("comment/{comment}/unhide", unhide),
            ("title", rename), ("status", setStatus),
        ]
        return changes.map { resource, change in
            Route(.post, "\(path)/\(resource)", .repository(.discuss), errors: access.errors) { request in
                let repository = try await access.open(request, kind, .discuss)
                return try await change(request, repository, DiscussionPath.number(request))
            }
        }
    }

    private struct Comment: Decodable { let comment: String }
    private struct Content: Decodable { let content: String }
    private struct Title: Decodable { let title: String }
    private struct Status: Decodable {
        let status: String
        let comment: String?
    }

    private func comment(_ request: HubRequest, _ repository: Repository, _ num: Int64) async throws -> HubResponse {
        let body = try await request.body.json(Comment.self, upTo: Self.bodyLimit)
        return Self.answer("newMessage", try await discussions.comment(body.comment, on: num, in: repository))
    }

    private func edit(_ request: HubRequest, _ repository: Repository, _ num: Int64) async throws -> HubResponse {
        let body = try await request.body.json(Content.self, upTo: Self.bodyLimit)
        return Self.answer(
            "updatedComment",
            try await discussions.edit(try Self.id(request), to: body.content, on: num, in: repository))
    }

    private func hide(_ request: HubRequest, _ repository: Repository, _ num: Int64) async throws -> HubResponse {
        Self.answer("updatedComment", try await discussions.hide(try Self.id(request), on: num, in: repository))
    }

    private func unhide(_ request: HubRequest, _ repository: Repository, _ num: Int64) async throws -> HubResponse {
        Self.answer("updatedComment", try await discussions.unhide(try Self.id(request), on: num, in: repository))
    }

    private func rename(_ request: HubRequest, _ repository: Repository, _ num: Int64) async throws -> HubResponse {
        let body = try await request.body.json(Title.self, upTo: Self.bodyLimit)
        return Self.answer("newTitle", try await discussions.rename(num, to: body.title, in: repository))
    }

    private func setStatus(_ request: HubRequest, _ repository: Repository, _ num: Int64) async throws -> HubResponse {
        let body = try await request.body.json(Status.self, upTo: Self.bodyLimit)
        guard let status = Discussion.Status(rawValue: body.status) else {
            throw HubError(.badRequest, "There is no status '\(body.status.prefix(32))'.")
        }
        return Self.answer(
            "newStatus",
            try await discussions.setStatus(status, comment: body.comment, of: num, in: repository))
    }

    private static func id(_ request: HubRequest) throws -> CommunityID {
        let text = try request.parameter("comment")
        guard let id = CommunityID(text) else {
            throw HubError(.notFound, "There is no comment '\(text.prefix(32))'.")
        }
        return id
    }

    private static func answer(_ name: String, _ event: DiscussionEvent) -> HubResponse {
        HubResponse.json { json in
            json.object { json in
                json.key(name)
                json.event(event)
            }
        }
    }
}
