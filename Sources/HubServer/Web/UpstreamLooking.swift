import HubCore
import MirrorGateway
import WebPages

/// What each upstream has that fits a list. An upstream that does not answer in time is told apart, and what was known of
/// it before is shown all the same.
struct UpstreamLooking: Sendable {
    let web: WebContext
    let principal: Principal
    let question: CatalogueQuestion

    /// How long an upstream is waited for.
    private static let patience = Duration.seconds(4)
    /// Rows of each upstream where several are shown.
    static let shownOfEach = 10

    private var browser: CatalogueBrowser? { web.gateway.browser }

    /// The upstreams of the question, each named so that addresses and ids can.
    var sources: [(name: String, source: CatalogueBrowser.Source)] {
        guard question.reachesUpstream, let browser else { return [] }
        let found = question.upstream.map { browser.sources(named: $0) } ?? browser.sources
        return found.filter { source in
            // A mirror of some kinds alone has nothing else to show.
            source.isBrowsable
        }.map { ("\($0.mirror.name).\($0.upstream.name)", $0) }
    }

    /// The parts of a page that asks for them once it is there.
    func pending() -> [UpstreamPart] {
        sources.map { name, source in
            UpstreamPart(
                name: name, title: source.upstream.name, state: .pending, address: address(of: name).text)
        }
    }

    /// The parts as they are after each upstream was asked, all at once.
    func asked(limit: Int = shownOfEach) async throws -> [UpstreamPart] {
        try await withThrowingTaskGroup(of: (Int, UpstreamPart).self) { group in
            for (index, (name, source)) in sources.prefix(16).enumerated() {
                group.addTask { (index, try await part(name, source, limit: limit)) }
            }
            var parts: [(Int, UpstreamPart)] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func address(of name: String) -> ListAddress {
        question.address.setting("source", to: "upstream").setting("upstream", to: name)
    }

    private func part(_ name: String, _ source: CatalogueBrowser.Source, limit: Int) async throws -> UpstreamPart {
        var state = await look(in: source)
        var query = question.remote
        query.sources = [(source.mirror.name, source.upstream.name)]
        query.limit = limit
        let page = try await web.gateway.hub.catalogue.search(query, for: principal)
        if state == nil, page.entries.isEmpty {
            // One that never answered has nothing to show for another reason than one that has nothing.
            let told = try await web.gateway.hub.catalogue.source(
                mirror: source.mirror.name, upstream: source.upstream.name)
            state = told?.failure.map(UpstreamPart.State.failed)
        }
        if state == nil {
            let counts = try await web.gateway.hub.catalogue.counts(of: query, for: principal)
            state = .found(total: Int(clamping: counts.total))
        }
        let rows = await CatalogueRows(web, for: principal)
        return UpstreamPart(
            name: name, title: source.upstream.name, state: state ?? .late,
            rows: try await rows.rows(page.entries, words: question.words), address: address(of: name).text)
    }

    /// Asks an upstream for what the catalogue does not have.
    /// - Returns: nil when it answered, or needed not be asked.
    func look(in source: CatalogueBrowser.Source) async -> UpstreamPart.State? {
        guard let browser, question.cursor == nil else { return nil }
        let remote = question.remote
        return await withTaskGroup(of: UpstreamPart.State?.self) { group in
            group.addTask {
                let remarks = await browser.searchThrough(
                    question.words, kind: remote.kind, owner: remote.author, in: [source])
                return remarks.first.map(UpstreamPart.State.failed)
            }
            group.addTask {
                do { try await Task.sleep(for: Self.patience) } catch { return nil }
                return .late
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
