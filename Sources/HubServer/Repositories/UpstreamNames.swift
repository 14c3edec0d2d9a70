import HTTPTypes
import HubCore
import MirrorGateway

/// Names that repositories have at the hub they come from, at the mount that takes them: Hugging Face's at `/hf`, ModelScope's at
/// `/ms` (wire/csghub.md §3).
///
/// A mirror may hold its upstream's owners under other names. Below these mounts such a name is looked for first; one that no
/// mirror has is taken as it is, and so is that of a repository made here that the caller may see: nobody's own is hidden by a
/// namesake elsewhere.
struct UpstreamNames: Sendable {
    let authorizer: Authorizer
    /// Nil for a hub that mirrors nothing.
    let policies: PolicyEngine?

    private static let types: [String: UpstreamType] = ["/hf": .huggingface, "/ms": .modelscope]

    /// A route that takes the names of its mount's hub; others stay as they are.
    func translating(_ route: Route) -> Route {
        guard let type = Self.types[route.mount], case .repository(let verb) = route.verb,
            verb == .metaRead || verb == .contentRead, route.pattern.contains("{namespace}/{name}")
        else { return route }
        return route.answering { request in
            let candidates = try await candidates(for: request, route, type)
            for namespace in candidates {
                var translated = request
                translated.parameters["namespace"] = namespace
                do {
                    return try await route.handler(translated)
                } catch let error as HubError where error.code == .repositoryNotFound {
                    // Another mirror may have it, or it is a name of ours.
                }
            }
            return try await route.handler(request)
        }
    }

    private func candidates(for request: HubRequest, _ route: Route, _ type: UpstreamType) async throws -> [String] {
        guard let owner = request.parameters["namespace"], let name = request.parameters["name"],
            request.query.first("service") != "git-receive-pack"
        else { return [] }
        let others = (policies?.localNamespaces(ofOwner: owner, at: type) ?? []).filter {
            $0.lowercased() != owner.lowercased()
        }
        guard !others.isEmpty else { return [] }
        if let id = RepositoryID(kind: Self.kind(route, request), namespace: owner, name: name),
            try await authorizer.knowsLocal(id, request.principal())
        {
            return []
        }
        return others
    }

    /// The word in front of the name says it; models have none.
    private static func kind(_ route: Route, _ request: HubRequest) -> RepositoryKind {
        let before = route.pattern.split(separator: "/").prefix { !$0.hasPrefix("{namespace") }
        for segment in before.reversed() {
            if let kind = RepositoryKind(word: segment) { return kind }
            guard segment.hasPrefix("{") else { continue }
            let capture = segment.dropFirst().prefix { $0 != ":" && $0 != "}" }
            if let word = request.parameters[String(capture)], let kind = RepositoryKind(word: word) { return kind }
        }
        return .model
    }
}
