import HTTPTypes
import HubCore

/// `PUT /api/{kind}/{namespace}/{name}/settings`: who may see a repository, and what else its owner decides.
struct RepositorySettingsRoute: RouteFamily {
    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .put, "/api/\(kind.plural)/{namespace}/{name}/settings", .repository(.settings), errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .settings)
        let body = try await request.body.json(JSONValue.self, upTo: 64 << 10)
        guard case .object(let members) = body else {
            throw HubError(.badRequest, "The request body is not a JSON object.")
        }
        let visibility = try body.decoded(VisibilityFields.self).asked()
        let settings = try members.compactMap(Self.setting)
        guard visibility != nil || !settings.isEmpty else {
            throw HubError(.badRequest, "No setting is named that a \(kind.rawValue) has here.")
        }
        if let visibility { try await access.repositories.setVisibility(visibility, of: repository) }
        for (name, value) in settings { try await access.store.set(name, to: value, of: repository) }
        return HubResponse.json { json in
            json.object { json in
                let shown = visibility ?? repository.visibility
                json.member("private", shown != .public)
                json.member("visibility", shown.rawValue)
                for (name, value) in settings { json.member(name, value) }
            }
        }
    }

    /// A setting that is kept; nil for members that mean something else or nothing here.
    private static func setting(_ member: JSONValue.Member) throws -> (name: String, value: JSONValue)? {
        switch member.key {
        case "gated":
            guard [.boolean(false), .string("auto"), .string("manual")].contains(member.value) else {
                throw HubError(.badRequest, "The setting 'gated' is false, \"auto\" or \"manual\".")
            }
        case "discussionsDisabled", "xetEnabled":
            guard case .boolean = member.value else {
                throw HubError(.badRequest, "The setting '\(member.key)' is true or false.")
            }
        default: return nil
        }
        return (member.key, member.value)
    }
}
