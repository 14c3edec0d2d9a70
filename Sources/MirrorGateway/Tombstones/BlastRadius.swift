package import HubCore

/// Who knows what was made of a repository.
package protocol DescendantSource: Sendable {
    /// Repositories that say that they come of this one, nearest first, with how.
    func descendants(of repository: RepositoryID, limit: Int) async throws -> [Descendant]
}

/// A repository that comes of another one.
package struct Descendant: Sendable, Hashable {
    package let repository: RepositoryID
    /// Such as `finetune of`; empty where it is not said.
    package let relation: String

    package init(repository: RepositoryID, relation: String) {
        self.repository = repository
        self.relation = relation
    }
}

/// Who knows which bundles carried something.
package protocol BundleCarrierSource: Sendable {
    /// Names of the bundles that hold bytes, or a repository.
    func bundles(holding target: TombstoneTarget, limit: Int) async throws -> [String]
}

/// What is touched when something is found to be bad: who holds it, who took it, what was made of it, how it came in.
package struct BlastRadius: Sendable {
    package let target: TombstoneTarget
    package let holders: [Holder]
    /// The latest first.
    package let pulls: [Pull]
    package let descendants: [Descendant]
    package let bundles: [String]
    package let approvals: [Approval]
    /// Whether there is more of something than the page shows.
    package let hasMore: Bool
}

/// Finds what is touched, and buries it.
package struct BlastRadiusFinder: Sendable {
    let hub: Hub
    let lineage: any DescendantSource
    let carriers: any BundleCarrierSource

    package init(hub: Hub) {
        self.hub = hub
        lineage = LineageDescendants(lineage: hub.lineage)
        carriers = BundleCarriers(bundles: hub.bundles)
    }

    /// With what others tell of descent and bundles.
    init(hub: Hub, lineage: any DescendantSource, carriers: any BundleCarrierSource) {
        self.hub = hub
        self.lineage = lineage
        self.carriers = carriers
    }

    /// Repositories that are looked at for pulls, descendants and approvals of one page.
    private static let width = 100
    /// Things that one burial reaches.
    package static let largestBurial = 10_000

    /// A page of what is touched: holders and pulls from an offset on, and what belongs to those holders.
    package func find(_ target: TombstoneTarget, offset: Int, limit: Int) async throws -> BlastRadius {
        let found = try await hub.store.holders(of: target, offset: offset, limit: limit + 1)
        let holders = Array(found.prefix(limit))
        var pulls: [Pull] = []
        switch target {
        case .digest(let blob):
            pulls = try await hub.pulls.list(of: .digest(blob.hex), offset: offset, limit: limit + 1)
        case .object(let object):
            pulls = try await hub.pulls.list(of: .digest(object.hex), offset: offset, limit: limit + 1)
        case .repository, .revision, .namespace, .license:
            let commit: CommitID? = if case .revision(_, let commit) = target { commit } else { nil }
            for holder in holders.prefix(Self.width) where pulls.count <= limit {
                pulls += try await hub.pulls.list(
                    of: .repository(holder.key, commit), offset: holders.count == 1 ? offset : 0,
                    limit: limit + 1 - pulls.count)
            }
        }
        var descendants: [Descendant] = []
        var approvals: [Approval] = []
        var seen: Set<RepositoryID> = []
        for holder in holders.prefix(Self.width) where seen.insert(holder.repository).inserted {
            descendants += try await lineage.descendants(of: holder.repository, limit: limit)
            approvals += try await hub.approvals.list(repository: holder.repository, limit: limit)
        }
        let passed = approvals.filter { $0.decidedAt != nil && $0.state != .rejected && $0.state != .withdrawn }
        let bundles = try await carriers.bundles(holding: target, limit: limit)
        return BlastRadius(
            target: target, holders: holders, pulls: Array(pulls.prefix(limit)),
            descendants: Array(descendants.prefix(limit)), bundles: bundles, approvals: Array(passed.prefix(limit)),
            hasMore: found.count > limit || pulls.count > limit)
    }

    /// Buries something and, where that is asked for, all that was made of it and the bytes themselves, so that the same
    /// under another name stays away too.
    /// - Parameter principal: nil for whoever holds the data directory.
    /// - Returns: the tombstones, the first for what was named.
    package func buryAll(
        _ target: TombstoneTarget, reason: String, withDescendants: Bool, withDigests: Bool, by principal: Principal?
    ) async throws -> [Tombstone] {
        var tombstones = [try await hub.bury(target, reason: reason, by: principal)]
        var offset = 0
        var seen: Set<RepositoryID> = []
        while withDescendants || withDigests {
            let page = try await hub.store.holders(of: target, offset: offset, limit: Self.width)
            for holder in page where seen.insert(holder.repository).inserted {
                if withDigests {
                    for blob in try await hub.store.linkedBlobs(of: holder.key, limit: Self.largestBurial) {
                        guard tombstones.count < Self.largestBurial else { return tombstones }
                        tombstones.append(try await hub.bury(.digest(blob), reason: reason, by: principal))
                    }
                }
                guard withDescendants else { continue }
                for descendant in try await lineage.descendants(of: holder.repository, limit: Self.largestBurial) {
                    guard tombstones.count < Self.largestBurial else { return tombstones }
                    guard seen.insert(descendant.repository).inserted else { continue }
                    let text =
                        "\(reason) (\(descendant.relation.isEmpty ? "comes of" : descendant.relation) \(holder.repository))"
                    tombstones.append(
                        try await hub.bury(
                            .repository(descendant.repository), reason: String(text.prefix(Tombstone.maximumReason)),
                            by: principal))
                }
            }
            guard page.count == Self.width else { break }
            offset += page.count
        }
        return tombstones
    }
}

extension BlastRadius {
    /// What is touched as JSON, with the names that the REST surface and the command line use.
    package func json(at now: Int64) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        return .object([
            .init(
                key: "target",
                value: .object([
                    .init(key: "kind", value: .string(target.kind)), .init(key: "text", value: .string(target.text)),
                ])),
            .init(
                key: "holders",
                value: .array(
                    holders.map { holder in
                        .object([
                            .init(key: "repository", value: .string(holder.repository.description)),
                            .init(key: "mirror", value: text(holder.mirror)),
                            .init(key: "upstream", value: text(holder.upstreamPath)),
                            .init(key: "commit", value: text(holder.commit?.hex)),
                            .init(key: "path", value: text(holder.path)),
                        ])
                    })),
            .init(
                key: "pulls",
                value: .array(
                    pulls.map { pull in
                        .object([
                            .init(key: "account", value: .string(pull.account)),
                            .init(key: "repository", value: .string(pull.repository)),
                            .init(key: "commit", value: text(pull.commit?.hex)),
                            .init(key: "digest", value: text(pull.digest.isEmpty ? nil : pull.digest)),
                            .init(key: "firstAt", value: .string(JSONDate.text(milliseconds: pull.firstAt))),
                            .init(key: "lastAt", value: .string(JSONDate.text(milliseconds: pull.lastAt))),
                            .init(key: "pulls", value: .integer(pull.pulls)),
                        ])
                    })),
            .init(
                key: "descendants",
                value: .array(
                    descendants.map { descendant in
                        .object([
                            .init(key: "repository", value: .string(descendant.repository.description)),
                            .init(key: "relation", value: .string(descendant.relation)),
                        ])
                    })),
            .init(key: "bundles", value: .array(bundles.map(JSONValue.string))),
            .init(key: "approvals", value: .array(approvals.map { $0.json(at: now, isWhole: false) })),
        ])
    }
}
