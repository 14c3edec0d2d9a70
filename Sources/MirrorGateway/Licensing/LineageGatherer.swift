import HubCore
import Policies

/// Follows what a repository was made from, over what is stored here and what upstreams told of, and writes down what is
/// known of each for `LicenseLineage`.
struct LineageGatherer: Sendable {
    /// Ancestors that are looked at. Beyond them everything counts as unknown.
    static let maximumNodes = 512
    /// What upstreams are asked for one conclusion at most.
    static let maximumQuestions = 32

    let hub: Hub
    /// What a commit that is stored says.
    let evidence: @Sendable (Repository, CommitID) async throws -> LicenseEvidence?
    /// What an upstream tells of a name when it is asked; nil where it may not be or does not know.
    let ask: @Sendable (LineageEdge, Lineage.Place) async throws -> RemoteEntry?

    /// The licence files of what is not here, read at its upstream; nil where they may not be or cannot.
    let remoteTexts: @Sendable (RemoteEntry) async -> RemoteLicenseTexts.Found?

    /// Where the search begins.
    enum Root: Sendable {
        case stored(Repository, CommitID, LicenseEvidence)
        /// What an upstream tells of something that is not here.
        case told(RemoteDescription, mirror: String)
    }

    struct Gathered: Sendable {
        var root = ""
        var nodes: [LicenseLineage.Node] = []
        var links: [LicenseFinding.Link] = []
        /// Names that anything in it is known by: what changes about one of them may change the conclusion.
        var names: Set<LineageName> = []
        var remarks: [String] = []
    }

    /// One member that is still to be written down.
    private struct Member {
        let name: String
        let subject: Subject
    }

    private enum Subject {
        case stored(Repository, CommitID, LicenseEvidence)
        case told(RemoteDescription, mirror: String, RemoteEntry?, isData: Bool)
        case unknown
    }

    /// What two edges that mean the same have in common.
    private enum Identity: Hashable {
        case stored(Int64)
        case told(LineageName, mirror: String)
        case unknown(LineageName)
    }

    private struct Walk {
        var gathered = Gathered()
        var names: [Identity: String] = [:]
        var taken: Set<String> = []
        var front: [Member] = []
        var questions = 0
        /// Members other than the first that not everybody may see: what their cards name is not told by name.
        var veiled: Set<String> = []
        var isCut = false

        /// How what a member names is called.
        func shown(_ name: String, to child: String) -> String { veiled.contains(child) ? "a base of \(child)" : name }

        /// The name of a member in paths: what it is called, told apart where two are called the same.
        mutating func name(_ identity: Identity, _ wanted: String) -> (name: String, isNew: Bool) {
            if let known = names[identity] { return (known, false) }
            var name = wanted
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(wanted) (\(number))"
                number += 1
            }
            names[identity] = name
            return (name, true)
        }
    }

    func gather(_ root: Root) async throws -> Gathered {
        var walk = Walk()
        switch root {
        case .stored(let repository, let commit, let evidence):
            let (name, _) = walk.name(.stored(repository.key), Self.shown(repository.id.kind, repository.id.path))
            walk.gathered.root = name
            walk.front = [Member(name: name, subject: .stored(repository, commit, evidence))]
        case .told(let description, let mirror):
            let key = LineageName(kind: description.kind, path: description.path)
            let (name, _) = walk.name(.told(key, mirror: mirror), Self.shown(description.kind, description.path))
            walk.gathered.root = name
            walk.front = [Member(name: name, subject: .told(description, mirror: mirror, nil, isData: false))]
        }
        while !walk.front.isEmpty {
            try Task.checkCancellation()
            let members = walk.front
            walk.front = []
            for member in members { try await add(member, to: &walk) }
        }
        if walk.isCut {
            walk.gathered.remarks.append("more than \(Self.maximumNodes) ancestors: the rest was not looked at")
        }
        return walk.gathered
    }

    private static func shown(_ kind: HubCore.RepositoryKind, _ path: String) -> String {
        kind == .model ? path : "\(kind.plural)/\(path)"
    }

    private func add(_ member: Member, to walk: inout Walk) async throws {
        switch member.subject {
        case .stored(let repository, let commit, let evidence):
            try await add(repository, commit, evidence, as: member.name, to: &walk)
        case .told(let description, let mirror, let entry, let isData):
            var node = LicenseLineage.Node(id: member.name)
            node.api = description.licenses
            // Terms of data are told and not inherited: what the upstream says of them is enough.
            if let entry, !isData, walk.questions < Self.maximumQuestions {
                walk.questions += 1
                if let found = await remoteTexts(entry) {
                    node.texts = found.texts
                    node.noticeFiles = found.notices
                }
            }
            let lineage = DeclaredLineage(tags: description.tags)
            node.parents = try await parents(
                lineage.edges, lineage.omitted, of: member.name, in: .mirror(mirror), &walk)
            walk.gathered.names.insert(LineageName(kind: description.kind, path: description.path))
            let id = RepositoryID(kind: description.kind, path: description.path)
            append(node, entry == nil ? nil : id, commit: nil, .told, to: &walk)
        case .unknown:
            // A name that is not among the nodes is an unknown ancestor.
            walk.gathered.links.append(
                LicenseFinding.Link(
                    name: member.name, repository: nil, commit: nil, knowledge: .unknown, licenses: [], parents: []))
        }
    }

    private func add(
        _ repository: Repository, _ commit: CommitID, _ evidence: LicenseEvidence, as name: String, to walk: inout Walk
    ) async throws {
        var node = LicenseLineage.Node(id: name)
        node.card = evidence.card
        node.cardName = evidence.name
        node.cardLink = evidence.link
        node.tags = evidence.tags
        node.noticeFiles = evidence.notices
        node.texts = evidence.texts?.map { text in
            LicenseLineage.Text(
                path: text.path,
                match: text.match.flatMap { try? JSONText.decode(LicenseTextMatch.self, from: $0) })
        }
        walk.gathered.names.insert(LineageName(kind: repository.id.kind, path: repository.id.path))
        if case .mirror(let origin) = repository.origin {
            walk.gathered.names.insert(LineageName(kind: repository.id.kind, path: origin.path))
            node.api = try await told(of: repository, origin, commit, isSilent: evidence.card.isEmpty)
        }
        for text in evidence.texts ?? [] {
            if let reason = text.unread {
                walk.gathered.remarks.append("\(name): '\(text.path)' was not read: \(reason)")
            }
        }
        var edges = evidence.edges
        if !edges.contains(where: { $0.relation != .dataset }) {
            let elsewhere = try await basesElsewhere(repository)
            if !elsewhere.isEmpty {
                edges += elsewhere
                walk.gathered.remarks.append(
                    "\(name): the card of \(commit) names no base model; those of other commits, or its upstream, do")
            }
        }
        node.parents = try await parents(
            edges, evidence.omittedEdges, of: name, in: Lineage.Place(repository.origin), &walk)
        append(node, repository.id, commit: commit, .stored, to: &walk)
    }

    /// What a repository was made from by the word of its other commits and of its upstream. A card that is silent
    /// about it, because it was completed later or emptied since, does not make the weights anything else.
    private func basesElsewhere(_ repository: Repository) async throws -> [LineageEdge] {
        var edges = try await hub.lineage.edges(of: repository.key).map(\.0)
        if case .mirror(let origin) = repository.origin {
            let itself = LineageEdge(relation: .derived, kind: repository.id.kind, path: origin.path)
            let place = Lineage.Place(repository.origin)
            var told = try await hub.catalogue.entry(
                mirror: origin.mirror, upstream: origin.upstream, kind: repository.id.kind, path: origin.path)
            if told?.describedAt == nil { told = try await ask(itself, place) }
            edges += DeclaredLineage(tags: told?.description.tags ?? []).edges.filter { $0.pathKey != itself.pathKey }
        }
        var seen: Set<LineageName> = []
        return edges.filter { $0.relation != .dataset && seen.insert(LineageName($0)).inserted }
            .prefix(DeclaredLineage.maximumEdges).map { $0 }
    }

    /// What the upstream's own answer says of the commit. What it says of another commit counts where the commit itself
    /// says nothing: it may come under other terms by now.
    private func told(
        of repository: Repository, _ origin: Repository.Mirror, _ commit: CommitID, isSilent: Bool
    ) async throws -> [String] {
        let entry = try await hub.catalogue.entry(
            mirror: origin.mirror, upstream: origin.upstream, kind: repository.id.kind, path: origin.path)
        guard let entry, isSilent || entry.description.commit == commit else { return [] }
        return entry.description.licenses
    }

    private func append(
        _ node: LicenseLineage.Node, _ id: RepositoryID?, commit: CommitID?, _ knowledge: LicenseFinding.Knowledge,
        to walk: inout Walk
    ) {
        walk.gathered.nodes.append(node)
        let said = (node.texts ?? []).compactMap { $0.match?.expression.description }
        let licenses =
            said.isEmpty ? (node.card.isEmpty ? (node.tags.isEmpty ? node.api : node.tags) : node.card) : said
        walk.gathered.links.append(
            LicenseFinding.Link(
                name: node.id, repository: id, commit: commit, knowledge: knowledge, licenses: licenses,
                parents: node.parents))
    }

    private func parents(
        _ edges: [LineageEdge], _ omitted: Int, of child: String, in place: Lineage.Place, _ walk: inout Walk
    ) async throws -> [LicenseLineage.Parent] {
        var parents: [LicenseLineage.Parent] = []
        for edge in edges {
            let name = try await member(edge, of: child, in: place, &walk)
            parents.append(LicenseLineage.Parent(id: name, relation: Self.relation(edge.relation)))
        }
        if omitted > 0 {
            // Whoever names hundreds hides one: what was not kept is there, and unknown.
            let key = LineageName(kind: .model, path: "\(child) +\(omitted)")
            let (name, _) = walk.name(.unknown(key), "\(omitted) more that \(child) names")
            parents.append(LicenseLineage.Parent(id: name, relation: .derived))
            walk.front.append(Member(name: name, subject: .unknown))
        }
        return parents
    }

    /// The name of what an edge means, which is looked at later where it is new.
    private func member(
        _ edge: LineageEdge, of child: String, in place: Lineage.Place, _ walk: inout Walk
    ) async throws -> String {
        let key = LineageName(edge)
        walk.gathered.names.insert(key)
        guard walk.names.count < Self.maximumNodes else {
            walk.isCut = true
            return note(.unknown(key), edge, of: child, .unknown, &walk)
        }
        if let stored = try await hub.lineage.stored(edge, writtenIn: place) {
            let id = stored.repository.id
            if let known = walk.names[.stored(stored.repository.key)] { return known }
            if let evidence = try await evidence(stored.repository, stored.head) {
                let (name, isNew) = walk.name(
                    .stored(stored.repository.key), walk.shown(Self.shown(id.kind, id.path), to: child))
                if isNew {
                    if stored.repository.isPrivate { walk.veiled.insert(name) }
                    walk.front.append(Member(name: name, subject: .stored(stored.repository, stored.head, evidence)))
                }
                return name
            }
        }
        var told = try await hub.lineage.told(edge, writtenIn: place)
        if told == nil, edge.relation != .dataset, walk.questions < Self.maximumQuestions {
            walk.questions += 1
            told = try await ask(edge, place)
        }
        if let told {
            return note(
                .told(key, mirror: told.mirror), edge, of: child,
                .told(told.description, mirror: told.mirror, told, isData: edge.relation == .dataset), &walk)
        }
        return note(.unknown(key), edge, of: child, .unknown, &walk)
    }

    private func note(
        _ identity: Identity, _ edge: LineageEdge, of child: String, _ subject: Subject, _ walk: inout Walk
    ) -> String {
        let (name, isNew) = walk.name(identity, walk.shown(Self.shown(edge.kind, edge.path), to: child))
        if isNew { walk.front.append(Member(name: name, subject: subject)) }
        return name
    }

    private static func relation(_ relation: LineageEdge.Relation) -> LicenseLineage.Relation {
        switch relation {
        case .finetune: .finetune
        case .adapter: .adapter
        case .merge: .merge
        case .quantized: .quantized
        case .derived: .derived
        case .dataset: .dataset
        }
    }
}

/// A name that cards may use, in any spelling.
struct LineageName: Hashable, Sendable {
    let kind: HubCore.RepositoryKind
    let key: String

    init(kind: HubCore.RepositoryKind, path: String) {
        self.kind = kind
        key = RepositoryID.key(path)
    }

    init(_ edge: LineageEdge) { self.init(kind: edge.kind, path: edge.path) }
}
