import Policies

extension PolicyEngine {
    /// Where an owner at hubs of one type appears here, by each mirror that has such an upstream and lets that owner in.
    package func localNamespaces(ofOwner owner: String, at type: UpstreamType) -> [String] {
        current.mirrors.filter { $0.upstreams.contains { $0.type == type } }
            .compactMap { $0.document.namespace.localNamespace(forOwner: owner) }
    }
}
