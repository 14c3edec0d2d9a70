import HubCore

/// `GET /api/v1/sync/version/latest?cur=N`: what changed here since a downstream gateway last asked
/// (wire/csghub.md §4.3, A1). Needs an account.
struct CSGHubFeedRoute: CSGHubRouteFamily {
    private static let page = 100

    let context: CSGHubContext

    var routes: [Route] { [context.route("/sync/version/latest", .authenticated, handler: answer)] }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let text = request.query.first("cur") ?? ""
        guard let cursor = Int64(text) else {
            throw CSGHubParameterProblem(parameter: "cur", provided: text, expected: "a whole number")
        }
        let principal = try await request.principal()
        var (entries, hasMore) = try await context.access.store.feed(after: cursor, limit: Self.page, for: principal)
        var removals: [FeedRemoval] = []
        // Another Weir asks for them: a CSGHub, which goes on from the last of `versions`, would never get past them.
        let asksForRemovals = try request.query.bool("removals", default: false)
        if asksForRemovals {
            removals = try await context.access.store.removals(after: cursor, limit: Self.page + 1, for: principal)
            let places = (entries.map(\.version) + removals.map(\.version)).sorted()
            if places.count > Self.page {
                let last = places[Self.page - 1]
                entries.removeAll { $0.version > last }
                removals.removeAll { $0.version > last }
                hasMore = true
            }
        }
        return .enveloped { [entries, removals, hasMore] json in
            json.object { json in
                json.key("versions")
                if entries.isEmpty {
                    json.null()
                } else {
                    json.array { json in for entry in entries { json.csghubVersion(entry) } }
                }
                if asksForRemovals {
                    json.array("removed") { json in
                        for removal in removals {
                            json.object { json in
                                json.member("version", removal.version)
                                json.member("repo_path", removal.path)
                                json.member("repo_type", removal.kind.rawValue)
                                json.member("last_modify_time", JSONDate.text(milliseconds: removal.removedAt))
                            }
                        }
                    }
                }
                json.member("has_more", hasMore)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func csghubVersion(_ entry: FeedEntry) {
        object { json in
            json.member("version", entry.version)
            // 1, for Hugging Face, would keep a real CSGHub from mirroring it: it does so for its `CSG_` names only.
            json.member("source_id", 0)
            json.member("repo_path", entry.repository.id.path)
            json.member("repo_type", entry.repository.id.kind.rawValue)
            json.member("last_modify_time", JSONDate.text(milliseconds: entry.createdAt))
            json.member("change_log", entry.changeLog)
        }
    }
}
