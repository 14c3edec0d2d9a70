import HubCore
import Policies

/// Everything that may be recommended at one time, ready to be ranked.
struct RecommendationCatalogue: Sendable {
    let index: RankingIndex
    /// Where each is, by `RankingItem.key`. What is said of it stands in the index alone: a hundred thousand of those
    /// twice were most of what a hub had in memory.
    let items: [String: RecommendationItem]
    /// Milliseconds since 1970.
    let builtAt: Int64
    let policyDigest: String
}

/// Gathers what is known of repositories here and at upstreams. Asks no upstream.
struct RecommendationGathering: Sendable {
    let catalogue: RemoteCatalogue
    let store: RepositoryStore
    let policies: PolicyEngine?
    let usage: any UsageSource
    let clock: WallClock

    /// What is older says little about what is wanted now.
    private static let usageMemory: Int64 = 180 * 86_400_000
    /// Beyond this many, the rest is left out: an index is kept in memory.
    private static let mostItems = 500_000

    func gather() async throws -> RecommendationCatalogue {
        var items: [String: RecommendationItem] = [:]
        var ranked: [RankingItem] = []
        func add(_ item: RankingItem, _ place: RecommendationItem) {
            guard items.count < Self.mostItems else { return }
            let key = item.key
            guard items[key] == nil else { return }
            items[key] = place
            ranked.append(item)
        }
        try await local(add)
        let state = policies?.current
        for mirror in state?.mirrors ?? [] {
            try await remote(of: mirror, in: state, add)
        }
        let uses = try await usage.usage(since: clock.now() - Self.usageMemory)
        return RecommendationCatalogue(
            index: RankingIndex(ranked, usage: uses, now: clock.now()), items: items, builtAt: clock.now(),
            policyDigest: state?.digest ?? "")
    }

    private func local(_ add: (RankingItem, RecommendationItem) -> Void) async throws {
        for kind in [HubCore.RepositoryKind.model, .dataset, .space, .code] {
            var query = RepositoryQuery(kind: kind)
            query.origin = .local
            query.limit = 1_000
            var cursor: RepositoryCursor?
            repeat {
                let page = try await store.pageAsOperator(query, after: cursor)
                for summary in page.items {
                    var item = RankingItem(summary)
                    // All of it is here.
                    item.localBytes = Int64.max
                    item.totalBytes = 0
                    add(item, RecommendationItem(place: .local(summary.repository.id), isHere: true))
                }
                cursor = page.next
                try Task.checkCancellation()
            } while cursor != nil
        }
    }

    private func remote(
        of mirror: ConnectedMirror, in state: PolicyState?, _ add: (RankingItem, RecommendationItem) -> Void
    ) async throws {
        let excludesReview = mirror.document.recommend?.exclude.contains(.review) ?? false
        var cursor: Int64?
        repeat {
            let page = try await catalogue.entries(ofMirror: mirror.name, after: cursor, limit: 1_000)
            let stored = try await store.storedBytes(ofEach: page.compactMap(\.local?.key))
            for entry in page where entry.state == .present && entry.describedAt != nil {
                let decision = state?.decide(mirror, Facts(of: entry, user: nil))
                var item = RankingItem(entry.description, decision: decision)
                if excludesReview, item.licenseOutcome == .review { item.licenseOutcome = .deny }
                item.localBytes = entry.local.flatMap { stored[$0.key] } ?? 0
                let here = entry.local?.hasContent ?? false
                add(
                    item,
                    RecommendationItem(place: .upstream(mirror: entry.mirror, name: entry.upstream), isHere: here))
            }
            cursor = page.count < 1_000 ? nil : page.last?.id
            try Task.checkCancellation()
        } while cursor != nil
    }
}
