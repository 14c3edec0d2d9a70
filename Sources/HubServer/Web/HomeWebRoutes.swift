import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: the start, and who somebody is.
struct HomeWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        [
            Route(.get, "/", .open, errors: web.errors, handler: home),
            Route(.get, "/{account}", .open, errors: web.errors, handler: profile),
        ]
    }

    private var hub: Hub { web.gateway.hub }

    // MARK: Home

    private static let shown = 6
    private static let week: Int64 = 7 * 86_400_000
    /// How long recommendations are waited for: the start page is there without them.
    private static let patience = Duration.milliseconds(300)

    private func home(_ request: HubRequest) async throws -> HubResponse {
        try await web.page(request) { context in
            let principal = try await request.principal()
            let rows = await CatalogueRows(web, for: principal)
            var page = HomePage()
            page.isOffline = web.gateway.isOffline
            var query = LocalCatalogueQuery()
            query.limit = Self.shown
            query.counted = 0
            let recent = try await hub.localCatalogue.page(query, for: principal)
            page.counts = CatalogueKind.allCases.map { ($0, recent.kinds[$0.stored] ?? 0) }
            page.recent = try await rows.rows(recent.entries)
            page.mirrors = try await mirrors(context)
            guard recent.total > 0 else { return page.page(context) }
            let taken = try await hub.pulls.popular(since: context.now - Self.week, limit: 4 * Self.shown)
            let popular = try await hub.localCatalogue.entries(taken, for: principal)
            page.trending = try await rows.rows(Array(popular.prefix(Self.shown)))
            if let user = principal.user {
                query.chosen[.owner] = [user.name.lowercased()]
                page.own = try await rows.rows(try await hub.localCatalogue.page(query, for: principal).entries)
                page.recommended = await recommended(user, principal, rows)
            }
            return page.page(context)
        }
    }

    private func mirrors(_ context: PageContext) async throws -> [HomePage.Mirror] {
        guard let browser = web.gateway.browser else { return [] }
        let known = try await hub.catalogue.sources()
        let t = context.t
        return browser.sources.prefix(12).map { source in
            let told = known.first { $0.mirror == source.mirror.name && $0.upstream == source.upstream.name }
            let chip: StateChip
            if web.gateway.isOffline {
                chip = StateChip(.neutral, icon: "cloud-off", text: t.homeMirrorOffline)
            } else if let failure = told?.failure {
                chip = StateChip(.bad, icon: "triangle-alert", text: t.homeMirrorFailed, detail: failure)
            } else if let told {
                switch told.phase {
                case .reading, .describing: chip = StateChip(.info, icon: "refresh-cw", text: t.homeMirrorReading)
                case .waiting:
                    chip = StateChip(.warn, icon: "clock", text: t.homeMirrorWaiting, detail: told.waitsFor)
                case .idle: chip = StateChip(.ok, icon: "check", text: t.homeMirrorUp)
                }
            } else {
                chip = StateChip(.neutral, icon: "cloud", text: t.homeMirrorNew)
            }
            let title =
                source.mirror.name == source.upstream.name
                ? source.mirror.name : "\(source.mirror.name) · \(source.upstream.name)"
            return HomePage.Mirror(
                name: "\(source.mirror.name).\(source.upstream.name)", title: title, chip: chip,
                entries: told?.present ?? 0)
        }
    }

    /// What might be of use to somebody, with the reason; nothing where it is not known at once.
    private func recommended(_ user: User, _ principal: Principal, _ rows: CatalogueRows) async -> [RepositoryRow] {
        let recommender = web.gateway.recommender
        let answer = await web.recommendations.answer(
            for: user.id, policy: web.gateway.policies?.current.digest ?? "", now: hub.clock.now(),
            within: Self.patience
        ) {
            var scene = RankingScene(kind: HubCore.RepositoryKind.model.rawValue)
            scene.limit = Self.shown
            return try await recommender.recommend(scene, for: principal, history: "user:\(user.name.lowercased())")
        }
        var shown: [RepositoryRow] = []
        for item in answer?.items ?? [] {
            guard let id = item.localName, let reason = item.ranked.reasons.first(where: { $0.value > 0 }) else {
                continue
            }
            guard var row = item.isHere ? await here(id, principal, rows) : row(item, id, rows.mayMirror) else {
                continue
            }
            row.note = reason.text
            shown.append(row)
        }
        return shown
    }

    /// Of what is here lists tell more than who recommends knows; what is kept back is nothing to recommend.
    private func here(
        _ id: HubCore.RepositoryID, _ principal: Principal, _ rows: CatalogueRows
    ) async -> RepositoryRow? {
        do {
            let repository = try await web.gateway.authorizer.open(principal, .metaRead, id)
            let entries = try await hub.localCatalogue.entries([repository.key], for: principal)
            let row = try await rows.rows(entries).first
            return row.flatMap { $0.state == .blocked || $0.state == .quarantined ? nil : $0 }
        } catch {
            return nil
        }
    }

    private func row(
        _ item: Recommender.Answer.Item, _ id: HubCore.RepositoryID, _ mayMirror: Bool
    ) -> RepositoryRow {
        let known = item.ranked.item
        var row = RepositoryRow(
            kind: CatalogueKind(id.kind), namespace: id.namespace, name: id.name, state: .notMirrored)
        row.task = known.task
        row.parameters = known.size?.parameters
        row.size = known.totalBytes
        row.licenses = known.license.map { [$0] } ?? []
        row.upstream = item.upstream
        row.canMirror = mayMirror
        return row
    }

    // MARK: Profiles

    private func profile(_ request: HubRequest) async throws -> HubResponse {
        let name = try request.parameter("account")
        let absence = HubError(.notFound, "Nobody and nothing here is called '\(name)'.")
        guard HubCore.RepositoryID.isValidName(name) else { throw absence }
        return try await web.page(request) { context in
            let principal = try await request.principal()
            let question = try CatalogueQuestion(request, kind: nil)
            var page = ProfilePage(name: name, address: question.address)
            page.tab = request.query.first("tab").flatMap(ProfilePage.Tab.init) ?? .repositories
            page.kind = request.query.first("kind").flatMap { HubCore.RepositoryKind(word: $0) }.map(
                CatalogueKind.init)
            var query = LocalCatalogueQuery()
            query.kind = page.kind?.stored
            query.chosen[.owner] = [name.lowercased()]
            query.limit = CatalogueQuestion.pageSize
            query.counted = 0
            let found = try await hub.localCatalogue.page(query, for: principal, after: question.cursor)
            page.counts = CatalogueKind.allCases.compactMap { kind in
                let count = found.kinds[kind.stored] ?? 0
                return count > 0 ? (kind, count) : nil
            }
            page.total = found.total
            page.from = question.from
            page.nextCursor = found.next?.text
            page.previous = found.previous.map(PreviousPlace.init)
            let account = try await fill(&page, name, principal)
            guard account || !page.counts.isEmpty else { throw absence }
            page.rows = try await CatalogueRows(web, for: principal).rows(found.entries)
            return page.page(context)
        }
    }

    /// What is known of the account of a name, to those who have one themselves.
    /// - Returns: whether there is one.
    private func fill(_ page: inout ProfilePage, _ name: String, _ principal: Principal) async throws -> Bool {
        guard let reader = principal.user else { return false }
        if let organisation = try await organisation(name, principal) {
            page.isOrganisation = true
            page.fullName = organisation.fullName
            let store = hub.store.organisations
            page.memberCount = try await store.size(of: organisation)
            page.mayManage =
                try await web.gateway.authorizer.decide(principal, .memberAdmin, in: organisation.name).isAllowed
            if page.tab == .members {
                page.members = try await store.members(of: organisation, limit: 200).map {
                    ProfilePage.Member(name: $0.user.name, role: $0.role.name)
                }
            }
        } else if let user = try await hub.identities.user(named: name) {
            page.isOrganisation = false
            page.isOneself = user.id == reader.id
            let profile = try await hub.identities.profile(of: user)
            page.fullName = profile.nickname
            page.about = profile.bio
            page.homepage = profile.homepage
            page.organisations = try await hub.store.organisations.memberships(of: user, seenBy: principal).map(
                \.organisation.name)
            if page.tab == .likes { page.likes = try await likes(of: user, principal) }
        } else {
            return false
        }
        if page.tab == .collections { page.collections = try await collections(of: name, principal) }
        return true
    }

    private func organisation(_ name: String, _ principal: Principal) async throws -> Organisation? {
        do {
            return try await web.gateway.authorizer.openOrganisation(principal, .discover, name)
        } catch let error as HubError where error.code == .notFound {
            return nil
        }
    }

    private func likes(of user: User, _ principal: Principal) async throws -> [RepositoryRow] {
        let likes = Likes(store: hub.store)
        let found = try await likes.likes(of: user, for: principal, offset: 0, limit: 100).likes
        var keys: [Int64] = []
        for like in found {
            if let repository = try? await web.gateway.authorizer.open(principal, .discover, like.repository) {
                keys.append(repository.key)
            }
        }
        return try await CatalogueRows(web, for: principal).rows(
            try await hub.localCatalogue.entries(keys, for: principal))
    }

    private func collections(of name: String, _ principal: Principal) async throws -> [ProfilePage.Collection] {
        var query = CollectionQuery()
        query.owners = [name]
        query.limit = 50
        let found = try await Collections(store: hub.store, authorizer: web.gateway.authorizer).list(
            query, for: principal)
        return found.collections.map { collection in
            let items = collection.items.compactMap { item -> (name: String, address: String)? in
                guard case .repository(let repository) = item.subject else { return nil }
                let id = repository.id
                let row = RepositoryRow(
                    kind: CatalogueKind(id.kind), namespace: id.namespace, name: id.name, state: .local)
                return (id.path, row.address)
            }
            return ProfilePage.Collection(
                title: collection.title, description: collection.description, isPrivate: collection.isPrivate,
                items: items)
        }
    }
}
