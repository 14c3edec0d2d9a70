import HubCore
import Policies

extension PolicyEngine {
    /// The upstreams that may give a mirrored repository's blobs, in groups that are asked one after the other.
    ///
    /// The first group has the upstream at which the repository was found; the members of a group have equal priority.
    /// - Throws: as `upstreams(of:)`.
    func origins(of repository: Repository) throws -> [[BlobOrigin]] {
        let documents = current.mirror(of: repository)?.document.upstreams ?? []
        let origins = try upstreams(of: repository).map { upstream in
            guard let document = documents.first(where: { $0.name == upstream.name }) else {
                return BlobOrigin(upstream: upstream)
            }
            let limits = document.limits
            return BlobOrigin(
                upstream: upstream, priority: document.priority, connections: limits.connections,
                ranges: min(limits.connections, limits.rangesPerFile ?? BlobOrigin.defaultRanges))
        }
        guard let first = origins.first else { return [] }
        let others = origins.filter { $0.priority != first.priority }
        let priorities = Set(others.map(\.priority)).sorted()
        return [origins.filter { $0.priority == first.priority }]
            + priorities.map { priority in others.filter { $0.priority == priority } }
    }
}
