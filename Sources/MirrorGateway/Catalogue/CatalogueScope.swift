import HubCore
import Policies

/// How an upstream is looked through: a decision, made from what it can do and what its mirror's rules name.
enum CatalogueScope: Sendable, Hashable {
    /// One list that is read to its end.
    struct Shelf: Sendable, Hashable {
        let kind: HubCore.RepositoryKind
        /// Nil for what everybody has.
        let owner: String?

        /// Its name in a cursor.
        var name: String { owner.map { "\(kind.rawValue) \($0)" } ?? kind.rawValue }
    }

    /// Its feed tells of everything.
    case feed
    /// Its lists are read, and repositories that rules name are asked about.
    /// - Parameter isBounded: whether it has more than that.
    case lists([Shelf], named: [UpstreamPath], isBounded: Bool)
    /// It can be asked about names only.
    case none

    /// Kinds of a hub that has millions of repositories: what nobody asked for is not looked through.
    private static let largeKinds: [HubCore.RepositoryKind] = [.model, .dataset]
    /// Owners and names that are followed of one upstream; no policy file has more.
    private static let maximumNames = 500

    /// - Parameters:
    ///   - named: what the rules of its mirror name.
    ///   - hasFeed: whether its feed can be read now.
    init(of upstream: any Upstream, named: NamedContent, hasFeed: Bool) {
        if hasFeed, (upstream as? any ChangeFeed)?.isReadable == true {
            self = .feed
            return
        }
        guard let browsable = upstream as? any BrowsableUpstream else {
            self = .none
            return
        }
        let kinds = browsable.listedKinds.filter { named.kinds.isEmpty || named.kinds.contains($0.rawValue) }
        guard Self.isLarge(upstream.type) else {
            self = .lists(kinds.map { Shelf(kind: $0, owner: nil) }, named: [], isBounded: false)
            return
        }
        let meant = kinds.filter { named.kinds.contains($0.rawValue) || Self.largeKinds.contains($0) }
        let owners = upstream is any SearchableUpstream ? named.owners.sorted().prefix(Self.maximumNames) : []
        let shelves = owners.flatMap { owner in meant.map { Shelf(kind: $0, owner: owner) } }
        let repositories = named.repositories.sorted().prefix(Self.maximumNames).flatMap { path in
            meant.filter { RepositoryID(kind: $0, path: path) != nil }.map { UpstreamPath(kind: $0, path: path) }
        }
        self = .lists(shelves, named: repositories, isBounded: true)
    }

    /// Whether an upstream has more than anybody reads to its end.
    static func isLarge(_ type: UpstreamType) -> Bool {
        switch type {
        case .opencsg, .csghub, .weir: false
        default: true
        }
    }
}
