import HTTPTypes
import HubCore

/// Leads requests for a repository's old name to the new one.
///
/// The location is relative, the only one that every client follows for HEAD (wire/huggingface.md §1), and 307 keeps the
/// method and the body.
struct RenamedRepositories: Sendable {
    let access: RepositoryAccess

    /// A route that answers as before, and redirects where it found nobody under the name.
    func following(_ route: Route, _ kind: RepositoryKind) -> Route {
        guard case .repository = route.verb, route.pattern.contains("/{namespace}/{name}") else { return route }
        return Route(
            method: route.method, pattern: route.pattern, verb: route.verb, head: route.head,
            handler: { request in
                do {
                    return try await route.handler(request)
                } catch let error as HubError where error.code == .repositoryNotFound {
                    guard let location = try await location(of: request, kind) else { throw error }
                    return .redirect(to: location, status: 307)
                }
            }, errors: route.errors)
    }

    /// Where the request would have been answered; nil when its name was never changed, or not for this caller to know.
    private func location(of request: HubRequest, _ kind: RepositoryKind) async throws -> String? {
        guard let namespace = request.parameters["namespace"], let name = request.parameters["name"],
            let old = RepositoryID(kind: kind, namespace: namespace, name: name)
        else { return nil }
        let known = try await access.store.renamed(old)
        // Asked for a name that never changed, too: whether one did is not told by the time it takes (S3).
        let decision = try await access.authorizer.explain(request.principal(), .metaRead, known ?? old)
        guard let new = known, decision?.isAllowed == true,
            new.nameKey != old.nameKey || new.namespaceKey != old.namespaceKey
        else { return nil }
        let pattern = request.route.split(separator: "/", omittingEmptySubsequences: false)
        var path = request.rawPath.split(separator: "/", omittingEmptySubsequences: false)
        guard let at = pattern.firstIndex(of: "{namespace}"), at + 1 < path.count,
            PercentCoding.decode(path[at]) == namespace, PercentCoding.decode(path[at + 1]) == name
        else { return nil }
        path.replaceSubrange(at...(at + 1), with: [new.namespace[...], new.name[...]])
        let query = request.query.encoded
        return path.joined(separator: "/") + (query.isEmpty ? "" : "?\(query)")
    }
}
