package import HubCore
package import Policies

/// Recommends what is here or at upstreams, to somebody, for a purpose.
package actor Recommender {
    /// What was recommended, with where it is.
    package struct Answer: Sendable {
        package struct Item: Sendable {
            package let ranked: RankedItem
            /// Its name here, or that it would have; nil where its mirror leaves its owner out.
            package let localName: RepositoryID?
            /// Nil for what is here only.
            package let mirror: String?
            package let upstream: String?
            package let isHere: Bool
            /// What policy says of it to whoever asks; nil where none applies.
            package let decision: Decision?
        }

        package let items: [Item]
        package let considered: Int
        package let excluded: [Ranking.Exclusion: Int]
        /// Milliseconds since 1970 when what is known was last gathered.
        package let builtAt: Int64

        package init(items: [Item], considered: Int, excluded: [Ranking.Exclusion: Int], builtAt: Int64) {
            self.items = items
            self.considered = considered
            self.excluded = excluded
            self.builtAt = builtAt
        }
    }

    private nonisolated let gathering: RecommendationGathering
    private nonisolated let authorizer: Authorizer
    private nonisolated let browser: CatalogueBrowser?
    private var current: RecommendationCatalogue?
    private var isWanted = false
    private let builds = SingleFlight<String, RecommendationCatalogue>()

    /// For how long what was gathered is used as it is, in milliseconds.
    private static let lifetime: Int64 = 10 * 60_000

    init(gathering: RecommendationGathering, authorizer: Authorizer, browser: CatalogueBrowser?) {
        self.gathering = gathering
        self.authorizer = authorizer
        self.browser = browser
    }

    /// What fits a scene best of what somebody may see and policy lets pass.
    /// - Parameters:
    ///   - user: whose use counts as the scene's history, as `org:acme`; nil for nobody's.
    ///   - hardware: the name of an accelerator in the mirrors' files, instead of the scene's memory.
    /// - Throws: `.badRequest` for a name of an accelerator that no file has.
    package nonisolated func recommend(
        _ scene: RankingScene, for principal: Principal, history user: String? = nil, hardware: String? = nil
    ) async throws -> Answer {
        try await answer(scene, for: principal, history: user, hardware: hardware)
    }

    /// - Parameter principal: nil for whoever holds the data directory.
    private nonisolated func answer(
        _ scene: RankingScene, for principal: Principal?, history user: String?, hardware: String?
    ) async throws -> Answer {
        let catalogue = try await catalogue()
        var scene = scene
        if let user { scene.history.merge(catalogue.index.history(of: user)) { named, _ in named } }
        if let hardware { scene.memory = try memory(of: hardware) }
        let written = gathering.policies?.current.mirrors.compactMap(\.document.recommend?.weights).first {
            !$0.isEmpty
        }
        for (signal, weight) in written ?? [:] where scene.weights[signal] == nil { scene.weights[signal] = weight }
        let pass = RankingPass(catalogue.index, scene)
        let candidates = pass.candidates
        var checked: [String: Checked] = [:]
        var refused = 0
        let wanted = max(20, scene.limit &* 5)
        for candidate in candidates where checked.count < wanted {
            guard let item = catalogue.items[candidate.key] else { continue }
            if let found = try await check(candidate, item.place, principal, scene) {
                checked[candidate.key] = found
            } else {
                refused += 1
            }
        }
        let ranking = pass.ranking(of: candidates.filter { checked[$0.key] != nil }, isAllowed: { _ in true })
        var excluded = ranking.excluded
        if refused > 0 { excluded[.denied, default: 0] += refused }
        return Answer(
            items: ranking.items.map { ranked in
                let item = catalogue.items[ranked.item.key]
                let found = checked[ranked.item.key]
                var mirror: String?
                var upstream: String?
                if case .upstream(let file, let name)? = item?.place { (mirror, upstream) = (file, name) }
                return Answer.Item(
                    ranked: ranked, localName: found?.localName, mirror: mirror, upstream: upstream,
                    isHere: item?.isHere ?? false, decision: found?.decision)
            }, considered: ranking.considered, excluded: excluded, builtAt: catalogue.builtAt)
    }

    /// The same for whoever runs a command on the data directory itself.
    package nonisolated func recommendAsOperator(
        _ scene: RankingScene, history user: String? = nil, hardware: String? = nil
    ) async throws -> Answer {
        try await answer(scene, for: nil, history: user, hardware: hardware)
    }

    private struct Checked {
        let localName: RepositoryID?
        let decision: Decision?
    }

    /// What policy says now of a candidate to whoever asks, however old what it was found in is.
    /// - Returns: nil when he may not see it, or it is denied to him.
    private nonisolated func check(
        _ item: RankingItem, _ place: RecommendationItem.Place, _ principal: Principal?, _ scene: RankingScene
    ) async throws -> Checked? {
        switch place {
        case .local(let id):
            guard let principal else { return Checked(localName: id, decision: nil) }
            do {
                return Checked(localName: try await authorizer.open(principal, .metaRead, id).id, decision: nil)
            } catch let error as HubError where error.status < 500 {
                return nil
            }
        case .upstream(let mirror, let name):
            guard let kind = HubCore.RepositoryKind(rawValue: item.kind),
                let entry = try await entry(mirror, name, kind, item.path, principal), entry.state == .present,
                let decision = browser?.decision(on: entry, user: principal?.user?.name)
            else { return nil }
            if decision.outcome == .deny || (decision.outcome == .review && scene.excludesReview) { return nil }
            return Checked(localName: browser?.localName(of: entry), decision: decision)
        }
    }

    private nonisolated func entry(
        _ mirror: String, _ upstream: String, _ kind: HubCore.RepositoryKind, _ path: String, _ principal: Principal?
    ) async throws -> RemoteEntry? {
        guard let principal else {
            return try await gathering.catalogue.entry(mirror: mirror, upstream: upstream, kind: kind, path: path)
        }
        return try await gathering.catalogue.entry(
            mirror: mirror, upstream: upstream, kind: kind, path: path, for: principal)
    }

    private nonisolated func memory(of name: String) throws -> Int64 {
        let known = gathering.policies?.current.mirrors.flatMap { $0.document.recommend?.hardware ?? [] } ?? []
        if let found = known.first(where: { $0.name == name }) { return found.memory }
        let names = Set(known.map(\.name)).sorted()
        throw HubError(
            .badRequest, "No mirror file has an accelerator called '\(name)' in its recommend.hardware.",
            remedy: names.isEmpty
                ? "Write its memory instead, as memory=24GiB." : "Write one of \(names.joined(separator: ", ")).")
    }

    /// What was gathered last: it is asked again whether somebody may have it, so age makes it poorer and never wrong.
    private func catalogue() async throws -> RecommendationCatalogue {
        isWanted = true
        if let current { return current }
        return try await build()
    }

    /// Gathers anew where somebody asked and what is known is old or of another policy; lets go of what nobody asked for.
    func renewIfWanted() async throws {
        guard let current else { return }
        guard isWanted else {
            // An index of a hundred thousand repositories is more than all else that a hub has in memory.
            if gathering.clock.now() - current.builtAt >= Self.lifetime {
                self.current = nil
                FreedMemory.giveBack()
            }
            return
        }
        let isOfPolicy = current.policyDigest == (gathering.policies?.current.digest ?? "")
        guard !isOfPolicy || gathering.clock.now() - current.builtAt >= Self.lifetime else { return }
        isWanted = false
        _ = try await build()
    }

    /// Ends what is under way.
    func shutDown() async { await builds.shutDown() }

    private func build() async throws -> RecommendationCatalogue {
        let gathering = gathering
        let made = try await builds.run("all") { try await gathering.gather() }.value
        if made.builtAt >= current?.builtAt ?? 0 { current = made }
        return made
    }
}
