import HubCore
import MirrorGateway
import Policies
import WebPages

/// Repositories as lists of the website show them: what they are, how they stand, and what policy says of them.
struct CatalogueRows: Sendable {
    let gateway: Gateway
    let principal: Principal
    /// Whether the principal may have something fetched ahead.
    let mayMirror: Bool

    init(_ web: WebContext, for principal: Principal) async {
        gateway = web.gateway
        self.principal = principal
        guard principal.user != nil, !web.gateway.isOffline else {
            mayMirror = false
            return
        }
        do {
            try await web.gateway.authorizer.requireOfHub(principal, .mirrorSync)
            mayMirror = true
        } catch {
            mayMirror = false
        }
    }

    /// Of what is here.
    func rows(_ entries: [LocalCataloguePage.Entry], words: [String] = []) async throws -> [RepositoryRow] {
        let mirrored = entries.map(\.summary.repository).filter(\.isMirror).map(\.key)
        let remote = try await gateway.hub.catalogue.entries(ofRepositories: mirrored)
        let judged = try await gateway.judgements(of: remote, user: principal.user?.name)
        return entries.map { entry in
            var row = row(entry, words)
            let key = entry.summary.repository.key
            if let known = remote[key] { stand(&row, known, entry.standing, judged[key]) }
            return row
        }
    }

    private func row(_ entry: LocalCataloguePage.Entry, _ words: [String]) -> RepositoryRow {
        let repository = entry.summary.repository
        let state: WebPages.MirrorState =
            switch entry.standing {
            case .local: .local
            case .mirrored: .mirrored
            case .behind: .behind(nil)
            case .known: .notMirrored
            case .syncing: .syncing
            case .blocked: .blocked
            case .quarantined: .quarantined
            }
        var row = RepositoryRow(
            kind: CatalogueKind(repository.id.kind), namespace: repository.id.namespace, name: repository.id.name,
            state: state)
        // A card that is kept back says nothing here either.
        let isShown = entry.summary.card != nil || entry.summary.head == nil
        row.summary = Self.summary(of: entry.summary.card)
        if isShown {
            row.task = entry.task
            row.library = entry.library
            row.licenses = entry.licenses
        }
        row.parameters = entry.parameters
        row.size = entry.size
        row.downloads = entry.downloads
        row.likes = entry.likes
        row.updatedAt = repository.updatedAt
        row.isPrivate = repository.isPrivate
        row.isGated = repository.gating != .open
        row.words = words
        if case .mirror(let origin) = repository.origin { row.upstream = origin.upstream }
        row.canMirror = state == .notMirrored && mayMirror
        return row
    }

    private static func summary(of card: JSONValue?) -> String? {
        for name in ["description", "pretty_name", "title"] {
            if let text = card?[name]?.string?.split(whereSeparator: \.isNewline).first, !text.isEmpty {
                return String(text.prefix(240))
            }
        }
        return nil
    }

    /// Of what an upstream has, whether or not it is here.
    func rows(_ entries: [RemoteEntry], words: [String] = []) async throws -> [RepositoryRow] {
        var here: [Int64: RemoteEntry] = [:]
        for entry in entries { if let local = entry.local { here[local.key] = entry } }
        let judged = try await gateway.judgements(of: here, user: principal.user?.name)
        return entries.map { row($0, words, $0.local.flatMap { judged[$0.key] }) }
    }

    private func row(_ entry: RemoteEntry, _ words: [String], _ judgement: RepositoryJudgement?) -> RepositoryRow {
        let description = entry.description
        let name = gateway.browser?.localName(of: entry) ?? HubCore.RepositoryID(kind: entry.kind, path: entry.path)
        let path = entry.path.split(separator: "/", maxSplits: 1).map(String.init)
        var row = RepositoryRow(
            kind: CatalogueKind(entry.kind), namespace: name?.namespace ?? path.first ?? "",
            name: name?.name ?? path.last ?? "", state: .notMirrored)
        row.summary = description.summary ?? description.title
        row.task = description.task
        row.library = description.library
        row.licenses = description.licenses
        row.parameters = description.parameters
        row.size = description.totalSize
        row.downloads = description.downloads
        row.likes = description.likes
        row.updatedAt = description.updatedAt
        row.isPrivate = description.isPrivate
        row.isGated = description.isGated
        row.words = words
        row.upstream = entry.upstream
        let standing: CatalogueStanding =
            entry.local.map { $0.hasContent ? $0.isBehind ? .behind : .mirrored : .known } ?? .known
        stand(&row, entry, standing, judgement)
        return row
    }

    /// How a repository of an upstream stands, and what policy says of it.
    private func stand(
        _ row: inout RepositoryRow, _ entry: RemoteEntry, _ standing: CatalogueStanding,
        _ judgement: RepositoryJudgement?
    ) {
        row.upstream = entry.upstream
        if entry.local?.isSyncing == true {
            row.state = .syncing
        } else if let local = entry.local, local.head == nil {
            // Commits that were fetched only to be judged are nothing that is here.
            row.state = .notMirrored
        } else if let local = entry.local, local.isBehind, standing != .known {
            row.state = .behind(local.changesBehind.map { Int(clamping: $0) })
        }
        // What nothing was fetched of is described by its upstream.
        if standing == .known || entry.local?.head == nil {
            row.summary = row.summary ?? entry.description.summary
            row.task = row.task ?? entry.description.task
            row.library = row.library ?? entry.description.library
            if row.licenses.isEmpty { row.licenses = entry.description.licenses }
        }
        let whole = judgement?.whole ?? gateway.browser?.decision(on: entry, user: principal.user?.name)
        if let kept = WebPages.MirrorState.kept(whole, judgement?.file) {
            row.state = kept.state
            row.reason = kept.reason
        } else if let whole, whole.outcome == .review {
            row.isReviewed = true
            row.reason = whole.explanation
        } else if row.state == .blocked || row.state == .quarantined {
            // The list was narrowed for nobody in particular, and for this reader it passes.
            row.state = .mirrored
        }
        let isWanted =
            switch row.state {
            case .notMirrored, .behind: true
            case .local, .mirrored, .syncing, .blocked, .quarantined, .verifying: false
            }
        row.canMirror = isWanted && mayMirror && entry.state == .present
    }
}

extension WebPages.MirrorState {
    /// How a repository stands that policy keeps back, and why.
    /// - Parameters:
    ///   - whole: of the repository as a whole.
    ///   - file: of a file of it that scans found something in.
    static func kept(_ whole: Decision?, _ file: Decision?) -> (state: WebPages.MirrorState, reason: String)? {
        if let whole, whole.outcome == .deny { return (.blocked, whole.explanation) }
        if let whole, whole.isQuarantined { return (.quarantined, whole.explanation) }
        if let file, !file.isAllowed { return (.quarantined, file.explanation) }
        return nil
    }
}

extension CatalogueKind {
    init(_ kind: HubCore.RepositoryKind) {
        switch kind {
        case .model: self = .model
        case .dataset: self = .dataset
        case .space: self = .space
        case .code: self = .code
        case .prompt: self = .prompt
        case .mcpserver: self = .mcpserver
        case .skill: self = .skill
        }
    }

    var stored: HubCore.RepositoryKind {
        switch self {
        case .model: .model
        case .dataset: .dataset
        case .space: .space
        case .code: .code
        case .prompt: .prompt
        case .mcpserver: .mcpserver
        case .skill: .skill
        }
    }
}
