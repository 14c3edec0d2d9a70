import HubCore

/// What was made of a repository, as cards and upstreams' descriptions say.
struct LineageDescendants: DescendantSource {
    let lineage: Lineage

    func descendants(of repository: RepositoryID, limit: Int) async throws -> [Descendant] {
        try await lineage.descendants(of: repository, limit: limit).map {
            Descendant(repository: $0.repository, relation: "\($0.relation.rawValue) of \($0.through)")
        }
    }
}

/// The bundles that went out or came in.
struct BundleCarriers: BundleCarrierSource {
    let bundles: BundleStore

    func bundles(holding target: TombstoneTarget, limit: Int) async throws -> [String] {
        if case .digest(let blob) = target {
            return try await bundles.carrying(digest: blob).prefix(limit).map(\.bundleID)
        }
        let name = target.text
        var found: [String] = []
        var before: Int64?
        repeat {
            let page = try await bundles.list(before: before, limit: 200)
            for record in page.bundles where found.count < limit {
                let held = try await bundles.repositories(of: record.bundleID, record.direction)
                if held.contains(where: { "\($0.id)" == name || "\($0.id)@\($0.commit)" == name }) {
                    found.append(record.bundleID)
                }
            }
            before = page.next
        } while before != nil && found.count < limit
        return found
    }
}
