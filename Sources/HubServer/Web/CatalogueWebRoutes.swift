import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: lists of repositories, searching, and comparing.
struct CatalogueWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        CatalogueKind.allCases.map { kind in
            Route(.get, "/\(kind.plural)", .open, errors: web.errors) { try await list($0, kind) }
        } + [
            Route(.get, "/search", .open, errors: web.errors, handler: search),
            Route(.get, "/search/palette", .open, errors: web.errors, handler: palette),
            Route(.get, "/compare", .open, errors: web.errors, handler: compare),
        ]
    }

    // MARK: Lists

    private func list(_ request: HubRequest, _ kind: CatalogueKind) async throws -> HubResponse {
        try await web.page(request) { context in
            let principal = try await request.principal()
            let question = try CatalogueQuestion(request, kind: kind)
            let looking = UpstreamLooking(web: web, principal: principal, question: question)
            var page = RepositoryListPage(kind: kind, address: question.address)
            page.source = question.source
            page.order = question.query.order.rawValue
            page.orders = Self.orders(kind, hasWords: !question.words.isEmpty, context.t)
            page.mayCreate = principal.user != nil
            page.needsAccount = principal.isAnonymous && web.gateway.browser?.sources.isEmpty == false
            // One part of a page that is there already.
            if let target = request.headers["HX-Target"], target.hasPrefix("upstream-"), !principal.isAnonymous {
                page.upstreams = try await looking.asked()
                return page.page(context)
            }
            if question.source == .upstream, !principal.isAnonymous {
                try await fillUpstream(&page, looking, context)
                return page.page(context)
            }
            try await fillLocal(&page, question, principal, context)
            if question.source != .local, question.cursor == nil, !principal.isAnonymous {
                page.upstreams = looking.pending()
            }
            return page.page(context)
        }
    }

    private func fillLocal(
        _ page: inout RepositoryListPage, _ question: CatalogueQuestion, _ principal: Principal,
        _ context: PageContext
    ) async throws {
        var query = question.query
        query.standings = await web.standings.known()
        let found = try await web.gateway.hub.localCatalogue.page(query, for: principal, after: question.cursor)
        page.total = found.total
        page.facets = CatalogueFacets.facets(found, question, context.t)
        if question.source == .upstream { return }
        page.rows = try await CatalogueRows(web, for: principal).rows(found.entries, words: question.words)
        page.from = question.from
        page.nextCursor = found.next?.text
        page.previous = found.previous.map(PreviousPlace.init)
    }

    private func fillUpstream(
        _ page: inout RepositoryListPage, _ looking: UpstreamLooking, _ context: PageContext
    ) async throws {
        let sources = looking.sources
        var query = looking.question.remote
        query.sources = sources.map { ($0.source.mirror.name, $0.source.upstream.name) }
        if sources.count == 1, let one = sources.first {
            let state = await looking.look(in: one.source)
            let found = try await web.gateway.hub.catalogue.search(
                query, for: looking.principal, after: looking.question.cursor)
            let rows = await CatalogueRows(web, for: looking.principal)
            page.rows = try await rows.rows(found.entries, words: looking.question.words)
            page.from = looking.question.from
            page.nextCursor = found.next?.text
            if let cursor = looking.question.cursor {
                page.previous = try await web.gateway.hub.catalogue.previousPage(
                    query, for: looking.principal, before: cursor
                ).map(PreviousPlace.init)
            }
            if let state {
                page.upstreams = [
                    UpstreamPart(
                        name: one.name, title: one.source.upstream.name, state: state,
                        address: looking.question.address.text)
                ]
            }
        } else {
            page.upstreams = try await looking.asked()
        }
        let counts = try await web.gateway.hub.catalogue.counts(of: query, for: looking.principal)
        page.total = Int(clamping: counts.total)
        page.facets = CatalogueFacets.facets(counts, looking.question, context.t)
    }

    private static func orders(_ kind: CatalogueKind, hasWords: Bool, _ t: L10n) -> [RepositoryListPage.Order] {
        var orders: [(LocalCatalogueQuery.Order, String)] = hasWords ? [(.relevance, t.sortRelevance)] : []
        orders += [
            (.updated, t.sortUpdated), (.downloads, t.sortDownloads), (.likes, t.sortLikes), (.size, t.sortSize),
        ]
        if kind == .model { orders.append((.parameters, t.sortParameters)) }
        orders.append((.created, t.sortCreated))
        return orders.map { RepositoryListPage.Order(word: $0.0.rawValue, label: $0.1) }
    }

    // MARK: Searching

    private func search(_ request: HubRequest) async throws -> HubResponse {
        try await web.page(request) { context in
            let principal = try await request.principal()
            let kind = request.query.first("kind").flatMap { HubCore.RepositoryKind(word: $0) }
            let question = try CatalogueQuestion(request, kind: kind.map(CatalogueKind.init), order: .relevance)
            var page = SearchPage(text: request.query.first("q") ?? "", address: question.address)
            page.kind = question.kind
            guard !question.words.isEmpty else { return page.page(context) }
            var query = question.query
            query.order = .relevance
            // No facets stand beside these, and counting what each repository says is most of what a search takes.
            query.counted = 0
            let found = try await web.gateway.hub.localCatalogue.page(query, for: principal, after: question.cursor)
            page.rows = try await CatalogueRows(web, for: principal).rows(found.entries, words: question.words)
            page.counts = CatalogueKind.allCases.compactMap { kind in
                let count = found.kinds[kind.stored] ?? 0
                return count > 0 ? (kind, count) : nil
            }
            page.total = found.total
            page.from = question.from
            page.nextCursor = found.next?.text
            page.previous = found.previous.map(PreviousPlace.init)
            page.hasUpstreams = !principal.isAnonymous && web.gateway.browser?.sources.isEmpty == false
            if question.words.count == 1, let word = question.words.first, question.cursor == nil {
                page.people = try await people(word, limit: 6, principal)
            }
            return page.page(context)
        }
    }

    private func people(_ word: String, limit: Int, _ principal: Principal) async throws -> [SearchPage.Person] {
        let store = web.gateway.hub.store.organisations
        let organisations = try await store.named(like: word, limit: limit, seenBy: principal)
        let accounts = try await store.accounts(like: word, limit: limit, seenBy: principal)
        return organisations.map { SearchPage.Person(name: $0.name, fullName: $0.fullName, isOrganisation: true) }
            + accounts.map { SearchPage.Person(name: $0.name, fullName: "", isOrganisation: false) }
    }

    /// What the palette lists for some letters: pages, repositories, people.
    private func palette(_ request: HubRequest) async throws -> HubResponse {
        let context = try await web.context(request)
        let principal = try await request.principal()
        let t = context.t
        let question = try CatalogueQuestion(request, kind: nil, order: .relevance)
        let text = (request.query.first("q") ?? "").lowercased()
        var items: [PaletteItem] = PaletteItem.pages(context).filter {
            text.isEmpty || $0.title.lowercased().contains(text)
        }
        if !question.words.isEmpty {
            var query = question.query
            query.order = .relevance
            query.limit = 8
            query.counted = 0
            let found = try await web.gateway.hub.localCatalogue.page(query, for: principal)
            let rows = found.entries.map { entry -> PaletteItem in
                let id = entry.summary.repository.id
                let kind = CatalogueKind(id.kind)
                return PaletteItem(
                    title: id.path, note: t.kindName(kind),
                    address: RepositoryRow(kind: kind, namespace: id.namespace, name: id.name, state: .local).address)
            }
            let named = question.words.count == 1 ? try await people(question.words[0], limit: 4, principal) : []
            items = rows + items.prefix(6)
            items += named.map {
                PaletteItem(
                    title: $0.name, note: $0.isOrganisation ? t.searchOrganisation : t.searchPerson,
                    address: "/\(URLText.component($0.name))")
            }
            items.append(
                PaletteItem(
                    title: t.searchEverywhere(request.query.first("q") ?? ""), note: t.search,
                    address: "/search?q=\(URLText.component(request.query.first("q") ?? ""))"))
        }
        var response = HubResponse.json { json in
            json.object { json in
                json.array("items") { json in
                    for item in items {
                        json.object { json in
                            json.member("title", item.title)
                            json.member("note", item.note)
                            json.member("address", item.address)
                        }
                    }
                }
            }
        }
        response.headers[.cacheControl] = "private, no-store"
        response.headers[.vary] = "Accept-Language, Cookie"
        return response
    }

    // MARK: Comparing

    private static let mostCompared = 4

    private func compare(_ request: HubRequest) async throws -> HubResponse {
        try await web.page(request) { context in
            let principal = try await request.principal()
            var page = CompareRepositoriesPage()
            page.asked = Array(request.query.all("repo").filter { !$0.isEmpty }.prefix(Self.mostCompared))
            for name in page.asked {
                guard let id = HubCore.RepositoryID(parsing: name),
                    let repository = try await opened(id, principal)
                else {
                    page.missing.append(name)
                    continue
                }
                let entries = try await web.gateway.hub.localCatalogue.entries([repository.key], for: principal)
                guard let entry = entries.first,
                    let row = try await CatalogueRows(web, for: principal).rows([entry]).first
                else {
                    page.missing.append(name)
                    continue
                }
                page.columns.append(column(row, entry))
            }
            return page.page(context)
        }
    }

    /// - Returns: nil for what may not be seen or is not there.
    private func opened(_ id: HubCore.RepositoryID, _ principal: Principal) async throws -> Repository? {
        do {
            return try await web.gateway.authorizer.open(principal, .metaRead, id)
        } catch let error as HubError where error.status < 500 {
            return nil
        }
    }

    private func column(_ row: RepositoryRow, _ entry: LocalCataloguePage.Entry) -> CompareRepositoriesPage.Column {
        var column = CompareRepositoriesPage.Column(row: row)
        let card = Card(data: entry.summary.card)
        column.languages = card.languages
        column.baseModels = entry.summary.card?["base_model"]?.strings ?? []
        column.createdAt = entry.summary.repository.createdAt
        column.scores = Self.scores(entry.summary.card)
        return column
    }

    /// What a card says of how well its model does, by what it was measured with.
    private static func scores(_ card: JSONValue?) -> [String: String] {
        var scores: [String: String] = [:]
        for model in card?["model-index"]?.elements ?? [] {
            for result in model["results"]?.elements ?? [] {
                let dataset = result["dataset"]?["name"]?.string ?? ""
                for metric in result["metrics"]?.elements ?? [] {
                    guard let name = metric["name"]?.string ?? metric["type"]?.string, scores.count < 40 else {
                        continue
                    }
                    let value: String
                    switch metric["value"] {
                    case .integer(let number): value = String(number)
                    case .number(let number): value = String((number * 1_000).rounded() / 1_000)
                    case .string(let text): value = String(text.prefix(40))
                    default: continue
                    }
                    scores[dataset.isEmpty ? name : "\(dataset) · \(name)"] = value
                }
            }
        }
        return scores
    }
}

extension JSONValue {
    fileprivate var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
}

extension PreviousPlace {
    init(_ page: PreviousPage) {
        switch page {
        case .first: self = .first
        case .after(let cursor): self = .cursor(cursor.text)
        }
    }
}
