import HubCore
import MirrorGateway

/// What an answer can say about one repository.
struct CSGHubRepository: Sendable {
    let repository: Repository
    let card: Card
    /// Nil for local content.
    let upstream: UpstreamType?
    var configuration: ModelConfiguration?
    /// What its owner says beside the card.
    var profile = RepositoryProfile.empty
    /// The tags it was given beside those of its card.
    var assigned: [RepositoryTag] = []
    /// Whether who asks likes it.
    var isLiked = false
    /// What who asks may do with it.
    var rights = RepositoryRights.none
    /// How its mirroring stands; nil for local content.
    var task: CSGHubTask?
    /// Whether its namespace is an organisation's.
    var isOrganisations = false

    /// As a row of a list has it.
    init(_ summary: RepositorySummary, upstreams: UpstreamCatalogue) {
        self.init(summary.repository, card: Card(data: summary.card), upstreams: upstreams)
    }

    init(
        _ repository: Repository, card: Card, configuration: ModelConfiguration? = nil, upstreams: UpstreamCatalogue
    ) {
        self.repository = repository
        self.card = card
        self.configuration = configuration
        upstream = upstreams.type(of: repository)
    }

    var tags: [CSGHubTag] {
        let known = CSGHubTag.all(of: card, repository.id.kind)
        let more = assigned.map { CSGHubTag(name: $0.name, category: CSGHubTag.Category(rawValue: $0.category)) }
        return known + more.filter { !known.contains($0) }
    }

    /// `local`, or the community it was mirrored from.
    var source: String {
        guard repository.isMirror else { return "local" }
        return upstream == .huggingface ? "huggingface" : "opencsg"
    }

    /// How far it was fetched; a mirror serves what it has not yet fetched as well.
    var syncStatus: String { task?.syncStatus.rawValue ?? "" }

    /// The name the repository has at Hugging Face; empty when it does not come from there.
    var huggingFacePath: String { upstream == .huggingface ? upstreamPath : "" }

    /// The name it has at ModelScope; empty when it does not come from there.
    var modelScopePath: String { upstream == .modelscope ? upstreamPath : "" }

    /// The name it has at OpenCSG or is known by here.
    var csghubPath: String {
        switch upstream {
        case nil: repository.isMirror ? "" : repository.id.path
        case .opencsg, .csghub, .weir: upstreamPath
        case .huggingface, .modelscope, .gitLFS: ""
        }
    }

    /// What CSGHub ranks by, each from 0 to 100 and the sum: how new it is, how often it was fetched, and how much its
    /// card says; and what an administrator adds to that.
    /// - Parameter now: milliseconds since 1970.
    func scores(now: Int64) -> [(name: String, score: Double)] {
        let days = Double(max(0, now - repository.updatedAt)) / 86_400_000
        let freshness = max(0, 100 - days).rounded()
        let downloads = Double(min(100, max(0, repository.downloads)))
        let said = [
            !card.licenses.isEmpty, !card.languages.isEmpty, card.data?["tags"] != nil,
            tags.contains { $0.category == .task }, card.data != nil,
        ]
        let quality = Double(said.count { $0 } * 20)
        return [
            ("freshness", freshness), ("downloads", downloads), ("quality", quality),
            ("op", Double(profile.weight)), ("total", freshness + downloads + quality + Double(profile.weight)),
        ]
    }

    private var upstreamPath: String {
        if case .mirror(let origin) = repository.origin { origin.path } else { "" }
    }
}
