import HTTPTypes
import HubCore

/// `GET|POST /api/{kind}/{namespace}/{name}/discussions`: a page of discussions, or a new one.
struct DiscussionListRoute: RouteFamily {
    private static let pageSize = 50

    let access: RepositoryAccess
    let discussions: Discussions

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}/discussions"
        return [
            Route(.get, path, .repository(.metaRead), errors: access.errors) { try await list($0, kind) },
            Route(.post, path, .repository(.discuss), errors: access.errors) { try await open($0, kind) },
        ]
    }

    private func list(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .metaRead)
        var query = DiscussionQuery()
        query.limit = Self.pageSize
        query.offset = Self.pageSize * (try request.query.integer("p", in: 0...1_000_000) ?? 0)
        query.author = request.query.first("author")
        query.kind = try Self.word("type", request) ?? .all
        query.state = try Self.word("status", request) ?? .all
        let (page, total) = try await discussions.list(query, of: repository)
        return HubResponse.json { json in
            json.object { json in
                json.array("discussions") { json in
                    for discussion in page {
                        json.object { $0.members(of: discussion, in: repository.id) }
                    }
                }
                json.member("count", total)
                json.member("start", query.offset)
            }
        }
    }

    private static func word<Word: RawRepresentable<String>>(_ name: String, _ request: HubRequest) throws -> Word? {
        guard let text = request.query.first(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw HubError(.badRequest, "The query parameter \(name) has no meaning '\(text.prefix(32))'.")
        }
        return word
    }

    private struct Opening: Decodable {
        let title: String
        let description: String?
        let pullRequest: Bool?
    }

    private func open(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .discuss)
        let opening = try await request.body.json(Opening.self, upTo: 1 << 20)
        let discussion =
            opening.pullRequest == true
            ? try await discussions.openPullRequest(
                title: opening.title, description: opening.description, in: repository)
            : try await discussions.open(title: opening.title, description: opening.description, in: repository)
        return HubResponse.json { json in
            json.object { json in
                json.member("num", discussion.num)
                json.member("url", "\(request.page(of: repository.id))/discussions/\(discussion.num)")
                json.member("pullRequest", discussion.isPullRequest)
            }
        }
    }
}

/// A discussion as paths name it.
enum DiscussionPath {
    /// The `{num}` of a matched path.
    /// - Throws: `.notFound` for what is no number, as for one that nobody gave out.
    static func number(_ request: HubRequest) throws -> Int64 {
        let text = try request.parameter("num")
        guard let num = Int64(text), num > 0 else {
            throw HubError(.notFound, "There is no discussion '\(text.prefix(32))'.")
        }
        return num
    }
}
