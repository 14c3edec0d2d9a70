import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Where something came from and what became of it; whether its bytes are right.
struct RepositoryLineagePages: Sendable {
    let web: WebContext

    private static let shownDescendants = 60

    @Sendable func lineage(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws -> Page
    {
        let (licensing, reader) = (web.gateway.licensing, scene.repository)
        var finding: LicenseFinding?
        do {
            let snapshot = try await scene.snapshot()
            finding = await within(.seconds(10)) { try await licensing.finding(of: snapshot, for: reader) } ?? nil
        } catch let error as HubError where error.code == .revisionNotFound && scene.isEmpty {
            // Nothing was committed, and so nothing is said.
        }
        let lineages = Lineages(scene)
        let name = finding?.chain.first?.name ?? scene.repository.id.path
        var members: [LineagePage.Member] = []
        for (index, link) in (finding?.chain ?? []).enumerated() {
            members.append(try await lineages.member(link, isFirst: index == 0, in: finding?.chain ?? []))
        }
        if members.isEmpty {
            members.append(
                LineagePage.Member(
                    name: name, address: nil, place: .current, relation: nil, parents: [], licenses: [],
                    knowledge: "stored"))
        }
        let (descendants, count) = try await lineages.descendants(of: name, limit: Self.shownDescendants)
        members += descendants
        return LineagePage(
            header: scene.header, members: members, descendants: count, terms: finding.map { LineagePage.Terms($0) }
        ).page(context)
    }

    @Sendable func integrity(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws
        -> Page
    {
        let snapshot = try await scene.snapshot()
        let offset = try request.query.integer("offset", in: 0...100_000_000) ?? 0
        let page = try await scene.repositories.page(
            nil, in: snapshot, recursive: true, offset: offset, limit: FilesPage.pageSize)
        let states = try await scene.states(of: page.entries, in: snapshot)
        let rows = page.entries.compactMap { entry -> IntegrityPage.Row? in
            guard let state = states[entry.path] else { return nil }
            return IntegrityPage.Row(
                path: entry.path, size: max(0, entry.contentSize), sha256: entry.lfs?.oid.hex, gitID: entry.id.hex,
                state: state)
        }
        // They name every file with its digest, and are signed as a whole.
        let statements =
            scene.repository.rules.limitsReading
            ? [] : try await web.gateway.statements.statements(of: scene.repository.key, commit: snapshot.commit)
        let id = scene.repository.id
        return IntegrityPage(
            header: scene.header, commit: snapshot.commit.hex, rows: rows, offset: offset, next: page.next,
            statements: statements.map {
                IntegrityPage.Statement(
                    type: $0.predicateType, keyID: $0.keyID, source: $0.source.text, storedAt: $0.storedAt)
            },
            statementsAddress:
                "\(GatewaySurface.base)/provenance/\(id.kind.rawValue)/\(id.path)@\(snapshot.commit.hex)/statements",
            lastScrub: try await ScrubStore(hub: web.gateway.hub).lastEnd()
        ).page(context)
    }
}

/// Members of a lineage, as far as the reader may know of them.
struct Lineages: Sendable {
    let scene: RepositoryScene
    private let stored: Authorizer

    init(_ scene: RepositoryScene) {
        self.scene = scene
        stored = Authorizer(store: scene.web.gateway.hub.store, source: nil)
    }

    /// The page of a repository that is here and may be seen; nil for others.
    func address(of id: RepositoryID?) async throws -> String? {
        guard let id, try await stored.explain(scene.principal, .metaRead, id)?.isAllowed ?? false else { return nil }
        return "/\(id.kind.plural)/\(URLText.path(id.path))"
    }

    func member(_ link: LicenseFinding.Link, isFirst: Bool, in chain: [LicenseFinding.Link]) async throws
        -> LineagePage.Member
    {
        // How the one that is nearest to the repository was made from it.
        let relation = chain.flatMap(\.parents).first { $0.id == link.name }
        return LineagePage.Member(
            name: link.name, address: isFirst ? nil : try await address(of: link.repository),
            place: isFirst ? .current : .ancestor, relation: isFirst ? nil : relation?.relation.rawValue,
            parents: link.parents.map { LineagePage.Parent(name: $0.id, relation: $0.relation.rawValue) },
            licenses: link.licenses, knowledge: link.knowledge.rawValue)
    }

    /// What was made of the repository; what the reader may not see is neither named nor counted.
    func descendants(of name: String, limit: Int) async throws -> ([LineagePage.Member], count: Int) {
        let hub = scene.web.gateway.hub
        let lineage = hub.lineage
        let id = scene.repository.id
        var members: [LineagePage.Member] = []
        var count = 0
        for link in try await lineage.descendants(of: id, limit: 500) {
            let address = try await address(of: link.key == nil ? nil : link.repository)
            guard link.key == nil ? !scene.principal.isAnonymous : address != nil else { continue }
            count += 1
            guard members.count < limit else { continue }
            let parent = link.through == id ? name : link.through.path
            members.append(
                LineagePage.Member(
                    name: link.repository.path, address: address, place: .descendant,
                    relation: link.relation.rawValue,
                    parents: [LineagePage.Parent(name: parent, relation: link.relation.rawValue)], licenses: [],
                    knowledge: link.key == nil ? "told" : "stored"))
        }
        return (members, count)
    }
}

extension LineagePage.Terms {
    init(_ finding: LicenseFinding) {
        let conclusion = finding.conclusion
        self.init(
            declared: conclusion.declared.description, concluded: conclusion.concluded.description,
            source: conclusion.declaredSource.rawValue,
            obligations: conclusion.obligations.map {
                LineagePage.Obligation(word: $0.flag.rawValue, license: $0.license, path: $0.path)
            }, conflicts: conclusion.conflicts.map(\.description),
            advisories: conclusion.advisories.map(\.description), remarks: finding.remarks)
    }
}
