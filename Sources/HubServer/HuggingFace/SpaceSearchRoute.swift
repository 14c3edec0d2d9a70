import HTTPTypes
import HubCore

/// `GET /api/spaces/semantic-search` and `GET /api/spaces/templates`: spaces by words, those that fit best first, and
/// what new ones may begin from: nothing is offered.
///
/// Words are looked up as in lists: this hub weighs no meanings, and says no score. Spaces are not run here, so all are
/// searched whether or not those that do not run are asked for.
struct SpaceSearchRoute: Sendable {
    private static let limit = 50

    let access: RepositoryAccess

    var routes: [Route] {
        [
            // Each repository is let through by the list itself, which knows what its reader may discover.
            Route(.get, "/api/spaces/semantic-search", .open, errors: access.errors, handler: search),
            Route(.get, "/api/spaces/templates", .open, errors: access.errors) { _ in
                .json { json in json.object { $0.array("templates") { _ in } } }
            },
        ]
    }

    private func search(_ request: HubRequest) async throws -> HubResponse {
        var query = RepositoryQuery(kind: .space)
        query.search = (request.query.first("q") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        guard !query.search.isEmpty else { throw HubError(.badRequest, "A search has words, as in ?q=translate.") }
        query.tags = request.query.all("filter")
        query.order = .relevance
        query.limit = Self.limit
        let kits = request.query.all("sdk")
        let found = try await access.store.list(query, for: request.principal()).items
        return .json { json in
            json.array { json in
                for space in found where kits.isEmpty || kits.contains(space.card?["sdk"]?.string ?? "") {
                    json.space(space)
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func space(_ space: RepositorySummary) {
        object { json in
            json.member("id", space.repository.id.path)
            json.member("author", space.repository.id.namespace)
            json.member("title", space.card?["title"]?.string ?? space.repository.id.name)
            json.member("emoji", space.card?["emoji"]?.string)
            json.member("sdk", space.card?["sdk"]?.string)
            json.member("likes", space.repository.likes)
            json.member("private", space.repository.isPrivate)
            json.member("tags", space.tags)
            json.member("shortDescription", space.card?["short_description"]?.string)
            json.member("lastModified", JSONDate.text(milliseconds: space.repository.updatedAt))
        }
    }
}
