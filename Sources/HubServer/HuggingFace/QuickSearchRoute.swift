import HTTPTypes
import HubCore

/// `GET /api/quicksearch`: the first few repositories of each kind, owners and accounts that a text names, as the box at
/// the top of a hub's pages asks for them.
struct QuickSearchRoute: Sendable {
    private static let usualLimit = 6
    private static let largestLimit = 50

    /// What an answer lists, by the names that `type` has for it.
    private enum Part: String, CaseIterable {
        case model, dataset, space, org, user
        // There are none here; clients expect the lists all the same.
        case paper, collection
    }

    let access: RepositoryAccess

    var routes: [Route] {
        // Each repository is let through by the list itself, which knows what its reader may discover.
        [Route(.get, "/api/quicksearch", .open, errors: access.errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let text = request.query.first("q") ?? ""
        let limit = min(try request.query.integer("limit", in: 0...Int.max) ?? Self.usualLimit, Self.largestLimit)
        let asked = Set(request.query.all("type").flatMap { $0.split(separator: ",").map(String.init) })
        let parts = Part.allCases.filter { asked.isEmpty || asked.contains("all") || asked.contains($0.rawValue) }
        let principal = try await request.principal()
        var found = Found()
        for part in parts {
            switch part {
            case .model: found.repositories["models"] = try await list(.model, text, limit, request, principal)
            case .dataset: found.repositories["datasets"] = try await list(.dataset, text, limit, request, principal)
            case .space: found.repositories["spaces"] = try await list(.space, text, limit, request, principal)
            // Only accounts see accounts, so that strangers cannot list them (S3).
            case .org where principal.user != nil:
                found.organisations = try await access.store.organisations.named(
                    like: text, limit: limit, seenBy: principal)
            case .user where principal.user != nil:
                found.users = try await access.store.organisations.accounts(
                    like: text, limit: limit, seenBy: principal)
            case .org, .user, .paper, .collection: break
            }
        }
        return .json { json in
            json.object { json in
                json.member("q", text)
                for name in ["models", "datasets", "spaces"] { json.repositories(name, found.repositories[name]) }
                json.array("orgs") { json in
                    for organisation in found.organisations {
                        json.object { json in
                            json.member("_id", String(organisation.id, radix: 16))
                            json.member("name", organisation.name)
                            json.member("fullname", organisation.fullName)
                            json.member("avatarUrl", "")
                        }
                    }
                }
                json.member("orgsCount", found.organisations.count)
                json.array("users") { json in
                    for user in found.users { json.object { $0.account(user) } }
                }
                json.member("usersCount", found.users.count)
                for name in ["papers", "collections"] {
                    json.array(name) { _ in }
                    json.member("\(name)Count", 0)
                }
            }
        }
    }

    private struct Found {
        var repositories: [String: (items: [RepositorySummary], total: Int64)] = [:]
        var organisations: [Organisation] = []
        var users: [User] = []
    }

    private func list(
        _ kind: RepositoryKind, _ text: String, _ limit: Int, _ request: HubRequest, _ principal: Principal
    ) async throws -> (items: [RepositorySummary], total: Int64) {
        var query = RepositoryQuery(kind: kind)
        query.search = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard !query.search.isEmpty else { return ([], 0) }
        query.author = request.query.first("namespace")
        query.tags = ["library", "pipelineTag"].flatMap(request.query.all)
        query.order = .relevance
        query.limit = limit
        return try await access.store.list(query, for: principal)
    }
}

extension JSONWriter {
    fileprivate mutating func repositories(
        _ name: String, _ found: (items: [RepositorySummary], total: Int64)?
    ) {
        array(name) { json in
            for item in found?.items ?? [] {
                json.object { json in
                    json.member("_id", String(item.repository.key, radix: 16))
                    json.member("id", item.repository.id.path)
                    json.member("private", item.repository.isPrivate)
                }
            }
        }
        member("\(name)Count", found?.total ?? 0)
    }
}
