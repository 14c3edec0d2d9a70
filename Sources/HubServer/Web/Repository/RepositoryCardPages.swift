import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// What a repository is: its card, also of one that is not here yet.
struct RepositoryCardPages: Sendable {
    let web: WebContext

    private static let largestCard: Int64 = 1 << 20
    private static let counted = 60_000
    /// Files whose scans are added up for a card.
    private static let scanned = 5_000

    func show(_ request: HubRequest, _ kind: HubCore.RepositoryKind, _ pages: RepositoryWebRoutes) async throws
        -> HubResponse
    {
        try await web.page(request) { context in
            try await pages.orBlocked(request, kind, context) {
                let principal = try await request.principal()
                let id = try RepositoryScene.id(request, kind, principal)
                if let page = try await remote(id, principal, context) { return page }
                let scene = try await RepositoryScene.open(request, kind, web)
                return try await card(scene, context)
            }
        }
    }

    // MARK: What is here

    private func card(_ scene: RepositoryScene, _ context: PageContext) async throws -> Page {
        let snapshot: Snapshot
        do {
            snapshot = try await scene.snapshot()
        } catch let error as HubError where error.code == .revisionNotFound && scene.isEmpty {
            var facts = CardFacts()
            facts.downloads = scene.repository.downloads
            facts.updatedAt = scene.repository.updatedAt
            return CardPage(
                header: scene.header, text: nil, missing: .noCommit, facts: facts, cloneURL: scene.cloneURL(context)
            ).page(context)
        }
        var scene = scene
        let (contents, isWhole) = try await scene.repositories.overview(of: snapshot, limit: Self.counted)
        scene.header.commit = snapshot.commit.hex
        if isWhole { scene.header.totalSize = contents.totalSize }
        let mayRead = try await scene.mayReadContent()
        let facts = try await facts(scene, snapshot, contents, isWhole, mayRead: mayRead)
        let readme = contents.files.first { $0.path == "README.md" }
        var text: CardPage.Text?
        var problems: [CardPage.Problem] = []
        if let readme, mayRead,
            let bytes = try await scene.bytes(of: readme, in: snapshot, limit: Self.largestCard)
        {
            let source = String(decoding: bytes, as: UTF8.self)
            let document = scene.markdown(source, in: "", revision: scene.header.defaultBranch, context)
            text = CardPage.Text(
                html: document.html, headings: document.headings, isTruncated: document.isTruncated)
            problems = CardProblems.of(bytes).map { CardPage.Problem(line: $0.line, text: $0.text) }
        }
        // What the hub itself puts into a new repository is nothing yet.
        let isEmpty = isWhole && contents.files.allSatisfy { $0.path == ".gitattributes" }
        var snippets: Snippets?
        if !isEmpty { snippets = try await self.snippets(scene, snapshot, contents, context) }
        let missing: CardPage.Missing? = isEmpty ? .noCommit : readme == nil ? .noReadme : mayRead ? nil : .gated
        return CardPage(
            header: scene.header, text: text, missing: missing,
            problems: problems, lacking: lacking(contents.card, scene.repository.id.kind), facts: facts,
            snippets: snippets, notices: scene.notices(snapshot, context), cloneURL: scene.cloneURL(context)
        ).page(context)
    }

    /// What people look for in cards.
    private func lacking(_ card: Card, _ kind: HubCore.RepositoryKind) -> [String] {
        var names: [String] = []
        if card.licenses.isEmpty { names.append("license") }
        if kind == .model {
            if card.pipelineTag == nil { names.append("pipeline_tag") }
            if card.libraryName == nil { names.append("library_name") }
            if card.data?["base_model"] == nil { names.append("base_model") }
        }
        if kind == .dataset, card.data?["task_categories"] == nil { names.append("task_categories") }
        if kind == .model || kind == .dataset, card.languages.isEmpty { names.append("language") }
        return names
    }

    private func facts(
        _ scene: RepositoryScene, _ snapshot: Snapshot, _ contents: CommitContents, _ isWhole: Bool, mayRead: Bool
    ) async throws -> CardFacts {
        var facts = CardFacts()
        let (repository, card) = (scene.repository, contents.card)
        let configuration = mayRead ? await ModelConfiguration(of: snapshot, contents, by: scene.repositories) : nil
        facts.task = card.pipelineTag ?? configuration?.autoModel?.pipelineTag
        facts.library = card.libraryName ?? configuration?.modelType.map { _ in "transformers" }
        facts.architecture = configuration?.architectures.first
        facts.contextLength = configuration?.contextLength
        facts.languages = card.languages
        let shown = Set([facts.task, facts.library].compactMap(\.self) + card.languages)
        facts.tags = card.tags(for: repository.id.kind).filter { !shown.contains($0) && !$0.contains(":") }
        let large = contents.files.compactMap(\.lfs?.oid)
        if isWhole {
            let here = try await web.gateway.hub.store.verifiedTimes(of: large, in: repository)
            facts.size = contents.totalSize
            facts.files = contents.files.count
            facts.largeFiles = large.count
            facts.largeHere = large.count { here[$0] != nil }
            if contents.files.count <= Self.scanned {
                let states = try await scene.states(of: contents.files, in: snapshot)
                facts.scans = CardFacts.Scans(
                    counts: states.values.reduce(into: [:]) { counts, state in
                        if let scan = state.scan { counts[scan, default: 0] += 1 }
                    })
            }
        }
        facts.downloads = repository.downloads
        facts.updatedAt = try await scene.repositories.commit(of: snapshot).committer.seconds
            .multipliedReportingOverflow(by: 1_000).partialValue
        if mayRead { await addWeights(&facts, scene, snapshot, contents) }
        try await addOrigins(&facts, scene, snapshot, card)
        await addSource(&facts, repository)
        facts.citation = citation(scene, facts)
        return facts
    }

    /// Parameters by the headers of the weights that are here: all of the largest set, or none.
    private func addWeights(
        _ facts: inout CardFacts, _ scene: RepositoryScene, _ snapshot: Snapshot, _ contents: CommitContents
    ) async {
        let files = contents.files.filter { !$0.path.contains("/") }
        let safetensors = files.filter { $0.path.hasSuffix(".safetensors") }
        let gguf = files.filter { $0.path.hasSuffix(".gguf") }
        let reading = WeightsReading(scene)
        if !safetensors.isEmpty, safetensors.count <= 40 {
            var total: Int64 = 0
            var byType: [String: Int64] = [:]
            for file in safetensors {
                guard let header = try? await reading.header(of: file, in: snapshot), let count = header.parameters
                else { return await addTold(&facts, scene) }
                total = total.addingReportingOverflow(count).partialValue
                byType.merge(header.byType) { $0.addingReportingOverflow($1).partialValue }
            }
            facts.parameters = total
            facts.parametersByType = byType.sorted { $0.value > $1.value }.map { ($0.key, $0.value) }
        } else if let file = gguf.first, let header = try? await reading.header(of: file, in: snapshot) {
            facts.parameters = header.parameters
            facts.contextLength = facts.contextLength ?? header.contextLength
            facts.architecture = facts.architecture ?? header.architecture
            facts.parametersByType = header.byType.sorted { $0.value > $1.value }.map { ($0.key, $0.value) }
        } else {
            await addTold(&facts, scene)
        }
    }

    /// What the upstream tells, where nothing is here to be read.
    private func addTold(_ facts: inout CardFacts, _ scene: RepositoryScene) async {
        guard case .mirror(let mirror) = scene.repository.origin,
            let entry = try? await web.gateway.hub.catalogue.entry(
                mirror: mirror.mirror, upstream: mirror.upstream, kind: scene.repository.id.kind, path: mirror.path)
        else { return }
        facts.parameters = entry.description.parameters
        facts.parametersByType = entry.description.parametersByType.sorted { $0.value > $1.value }
            .map { ($0.key, $0.value) }
    }

    private func addOrigins(
        _ facts: inout CardFacts, _ scene: RepositoryScene, _ snapshot: Snapshot, _ card: Card
    ) async throws {
        let (licensing, reader) = (web.gateway.licensing, scene.repository)
        let finding = await within(.seconds(2)) { try await licensing.finding(of: snapshot, for: reader) } ?? nil
        guard let finding, let root = finding.chain.first else {
            if !card.licenses.isEmpty {
                facts.license = CardFacts.License(
                    name: card.licenses.joined(separator: " / "), obligations: [], source: "card")
            }
            return
        }
        let conclusion = finding.conclusion
        facts.license = CardFacts.License(
            name: conclusion.concluded.description, obligations: conclusion.obligations.map(\.flag.rawValue),
            conflicts: conclusion.conflicts.map(\.description), source: conclusion.declaredSource.rawValue)
        for parent in root.parents {
            let link = finding.chain.first { $0.name == parent.id }
            let address = try await Lineages(scene).address(of: link?.repository)
            let relation = CardFacts.Relation(
                name: parent.id, address: address,
                relation: parent.relation == .dataset ? nil : parent.relation.rawValue)
            if parent.relation == .dataset {
                facts.datasets.append(relation)
            } else {
                facts.baseModels.append(relation)
            }
        }
    }

    private func addSource(_ facts: inout CardFacts, _ repository: Repository) async {
        guard case .mirror(let mirror) = repository.origin else { return }
        facts.checkedAt = try? await web.gateway.hub.store.mirrorState(of: repository.key)?.checkedAt
        facts.upstreamURL = web.gateway.upstreamPage(of: mirror, repository.id.kind)
    }

    private func citation(_ scene: RepositoryScene, _ facts: CardFacts) -> String? {
        guard [.model, .dataset].contains(scene.repository.id.kind), let updated = facts.updatedAt else { return nil }
        let year = CivilTime(milliseconds: updated).year
        let key = scene.header.name.lowercased().filter { $0.isLetter || $0.isNumber }
        return """
            @misc{\(key)\(year),
              title = {\(scene.header.name)},
              author = {\(scene.header.namespace)},
              year = {\(year)},
              note = {\(scene.header.path)@\(scene.header.commit?.prefix(12) ?? "")}
            }
            """
    }

    // MARK: What an upstream has

    /// The page of a repository nobody fetched; nil for what is here, and for what no upstream told of.
    private func remote(_ id: RepositoryID, _ principal: Principal, _ context: PageContext) async throws -> Page? {
        let gateway = web.gateway
        let stored = Authorizer(store: gateway.hub.store, source: nil)
        let known = try await stored.explain(principal, .metaRead, id)
        if let known {
            guard known.isAllowed else { return nil }
            let repository = try await stored.open(principal, .metaRead, id)
            guard repository.isMirror, try await gateway.hub.store.summary(of: repository).head == nil else {
                return nil
            }
        }
        // What upstreams have is for those who signed in.
        guard !principal.isAnonymous, let browser = gateway.browser,
            let entry = try await told(id, principal, browser)
        else { return nil }
        if let decision = browser.decision(on: entry, user: principal.user?.name), decision.outcome != .allow {
            throw HubError(
                decision.outcome == .deny ? .policyDenied : .policyReview, decision.explanation,
                remedy: decision.remedy.isEmpty ? nil : decision.remedy.joined(separator: " "))
        }
        return try await page(of: entry, id, principal, context)
    }

    private func told(_ id: RepositoryID, _ principal: Principal, _ browser: CatalogueBrowser) async throws
        -> RemoteEntry?
    {
        for source in browser.sources {
            guard
                let entry = try await web.gateway.hub.catalogue.entry(
                    mirror: source.mirror.name, upstream: source.upstream.name, kind: id.kind, path: id.path,
                    for: principal),
                let name = browser.localName(of: entry), RepositoryID.key(name.path) == RepositoryID.key(id.path)
            else { continue }
            return entry
        }
        return nil
    }

    private func page(_ id: RepositoryID) -> RepositoryHeader.Kind {
        RepositoryHeader.Kind(rawValue: id.kind.plural) ?? .models
    }

    private func page(of entry: RemoteEntry, _ id: RepositoryID, _ principal: Principal, _ context: PageContext)
        async throws -> Page
    {
        let description = entry.description
        let header = RepositoryHeader(
            kind: page(id), namespace: id.namespace, name: id.name,
            state: entry.local?.isSyncing == true ? .syncing : .notMirrored, isGated: description.isGated,
            upstream: entry.upstream, upstreamPath: entry.path, upstreamCommit: description.commit?.hex,
            likes: description.likes ?? 0, totalSize: description.totalSize,
            defaultBranch: description.defaultBranch ?? "main")
        var facts = CardFacts()
        facts.parameters = description.parameters
        facts.parametersByType = description.parametersByType.sorted { $0.value > $1.value }.map { ($0.key, $0.value) }
        facts.task = description.task
        facts.library = description.library
        facts.languages = description.languages
        facts.size = description.totalSize
        facts.downloads = description.downloads ?? 0
        facts.updatedAt = description.updatedAt
        if !description.licenses.isEmpty {
            facts.license = CardFacts.License(
                name: description.licenses.joined(separator: " / "), obligations: [], source: "api")
        }
        facts.upstreamURL = web.gateway.upstreamPage(
            of: Repository.Mirror(mirror: entry.mirror, upstream: entry.upstream, path: entry.path), id.kind)
        facts.checkedAt = entry.seenAt
        let mayMirror = (try? await web.gateway.authorizer.requireOfHub(principal, .mirrorSync)) != nil
        return RemoteCardPage(
            header: header, summary: description.summary, facts: facts, mayMirror: mayMirror, mirror: entry.mirror,
            seenAt: entry.seenAt
        ).page(context)
    }

    /// Has a repository fetched, and goes on to the job that does it.
    func mirror(_ request: HubRequest, _ kind: HubCore.RepositoryKind) async throws -> HubResponse {
        let principal = try await request.principal()
        try await web.gateway.authorizer.requireOfHub(principal, .mirrorSync)
        _ = try await web.form(request)
        let id = try RepositoryScene.id(request, kind, principal)
        let name = principal.user?.name
        let jobs = try await web.gateway.sync.start(
            SyncRequest(
                mirror: nil, repository: id, revision: nil, priority: .normal,
                account: name.map { "user:\($0)" } ?? "mirror:*", requestedBy: name))
        guard let job = jobs.first else { return web.seeOther("/console/sync") }
        return web.seeOther("/console/jobs/\(job.id)")
    }

    // MARK: Using it

    @Sendable func snippets(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws
        -> Page
    {
        let snapshot = try await scene.snapshot()
        let (contents, _) = try await scene.repositories.overview(of: snapshot, limit: Self.counted)
        return SnippetsPage(
            header: scene.header, snippets: try await snippets(scene, snapshot, contents, context)
        ).page(context)
    }

    private func snippets(
        _ scene: RepositoryScene, _ snapshot: Snapshot, _ contents: CommitContents, _ context: PageContext
    ) async throws -> Snippets {
        let repository = scene.repository
        let configuration = await ModelConfiguration(of: snapshot, contents, by: scene.repositories)
        let paths = contents.files.map(\.path)
        let example =
            ["config.json", "README.md"].first { paths.contains($0) } ?? paths.first
        return Snippets(
            Snippets.Subject(
                kind: scene.header.kind, path: repository.id.path, commit: snapshot.commit.hex,
                needsToken: repository.isPrivate || repository.gating != .open,
                library: contents.card.libraryName ?? configuration?.modelType.map { _ in "transformers" },
                task: contents.card.pipelineTag ?? configuration?.autoModel?.pipelineTag,
                autoClass: configuration?.autoModel?.className,
                hasTokenizer: paths.contains { ["tokenizer.json", "tokenizer_config.json", "vocab.txt"].contains($0) },
                ggufFiles: paths.filter { $0.hasSuffix(".gguf") }, example: example), endpoint: context.siteURL)
    }
}

extension Gateway {
    /// Where people see a repository at its upstream; nil where that is not known.
    func upstreamPage(of mirror: Repository.Mirror, _ kind: HubCore.RepositoryKind) -> String? {
        let document = policies?.current.mirrors.first { $0.name == mirror.mirror }?.document
        guard let upstream = document?.upstreams.first(where: { $0.name == mirror.upstream }) else { return nil }
        let base = upstream.url.description.trimmingTrailingSlash
        switch upstream.type {
        case .huggingface: return "\(base)\(kind == .model ? "" : "/\(kind.plural)")/\(mirror.path)"
        default: return "\(base)/\(kind.plural)/\(mirror.path)"
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
