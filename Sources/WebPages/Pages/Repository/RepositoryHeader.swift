/// The top of every page of a repository: what it is, how it stands to its upstream, and the ways into it.
package struct RepositoryHeader: Sendable, Hashable {
    /// The words of addresses.
    package enum Kind: String, Sendable, CaseIterable {
        case models, datasets, spaces, codes, prompts, mcps, skills

        package var section: Page.Section? { Page.Section(rawValue: rawValue) }
    }

    package enum Tab: String, Sendable, CaseIterable {
        case card, viewer, files, discussions, lineage, settings
    }

    package let kind: Kind
    package let namespace: String
    package let name: String
    package var state: MirrorState
    /// Why it stands like that.
    package var stateDetail: String?
    package var isPrivate: Bool
    package var isGated: Bool
    /// The commit that is shown of the default branch.
    package var commit: String?
    /// Name of the upstream, the repository's name there, and its commit as far as it is known.
    package var upstream: String?
    package var upstreamPath: String?
    package var upstreamCommit: String?
    package var likes: Int64
    /// Bytes of all files of the default branch; nil where nobody counted.
    package var totalSize: Int64?
    package var openDiscussions: Int64?
    package var mayWrite: Bool
    /// Whether its settings are this reader's.
    package var maySettings: Bool
    /// Short name of the branch that is shown unless another is asked for.
    package var defaultBranch: String

    package init(
        kind: Kind, namespace: String, name: String, state: MirrorState = .local, stateDetail: String? = nil,
        isPrivate: Bool = false, isGated: Bool = false, commit: String? = nil, upstream: String? = nil,
        upstreamPath: String? = nil, upstreamCommit: String? = nil, likes: Int64 = 0, totalSize: Int64? = nil,
        openDiscussions: Int64? = nil, mayWrite: Bool = false, maySettings: Bool = false,
        defaultBranch: String = "main"
    ) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.state = state
        self.stateDetail = stateDetail
        self.isPrivate = isPrivate
        self.isGated = isGated
        self.commit = commit
        self.upstream = upstream
        self.upstreamPath = upstreamPath
        self.upstreamCommit = upstreamCommit
        self.likes = likes
        self.totalSize = totalSize
        self.openDiscussions = openDiscussions
        self.mayWrite = mayWrite
        self.maySettings = maySettings
        self.defaultBranch = defaultBranch
    }

    /// `acme/demo`
    package var path: String { "\(namespace)/\(name)" }
    /// `/models/acme/demo`
    package var address: String {
        "/\(kind.rawValue)/\(URLText.component(namespace))/\(URLText.component(name))"
    }

    /// Where more of the same owner is: who has nothing here has no page, but upstreams list what is his.
    var ownerAddress: String {
        let owner = URLText.component(namespace)
        return state == .notMirrored ? "/\(kind.rawValue)?owner=\(owner)" : "/\(owner)"
    }

    /// An address below the repository's: `address("tree", revision: "refs/pr/1", path: "a/b.md")`.
    package func address(_ page: String, revision: String? = nil, path: String = "") -> String {
        var text = "\(address)/\(page)"
        if let revision { text += "/\(URLText.component(revision))" }
        return path.isEmpty ? text : "\(text)/\(URLText.path(path))"
    }

    /// Where the bytes of a file are.
    package func rawAddress(_ path: String, revision: String, isDownload: Bool = false) -> String {
        let base = kind == .models ? "/\(URLText.component(namespace))/\(URLText.component(name))" : address
        return
            "\(base)/resolve/\(URLText.component(revision))/\(URLText.path(path))\(isDownload ? "?download=true" : "")"
    }

    /// What stands above the content.
    /// - Parameter current: nil on pages that belong to no tab.
    package func view(_ current: Tab?, actions: HTML? = nil, _ context: PageContext) -> HTML {
        """
        <div class="rp-head">\
        <div class="rp-title"><h1>\(KindGlyph.view(kind.rawValue))<span class="hidden">\(context.t.kindName(kind)) </span>\
        <a class="rp-owner" href=\(url: ownerAddress)>\(namespace)</a>\
        <span class="rp-slash">/</span><a class="rp-name" href=\(url: address)>\(name)</a></h1>\
        \(CopyText.button(path, context))</div>\
        <div class="rp-facts">\(facts(context))</div>\
        \(actions.map { actions -> HTML in "<div class=\"rp-actions actions\">\(actions)</div>" })</div>\
        \(Tabs.view(context.t.repositoryPages, tabs(current, context.t)))
        """
    }

    private func facts(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            \(state.chip(t, detail: stateDetail).view)\
            \(if: isPrivate, StateChip(.neutral, icon: "lock", text: t.privateRepository).view)\
            \(if: isGated, StateChip(.info, icon: "key-round", text: t.gatedRepository).view)\
            \(commits(t))\
            <span class="rp-likes" title="\(t.likesCount(likes))">\(Icon.view("heart"))\
            <span aria-hidden="true">\(t.compact(likes))</span><span class="hidden">\(t.likesCount(likes))</span></span>
            """
    }

    private func commits(_ t: L10n) -> HTML {
        guard let upstream else { return HTML() }
        let here = commit.map { commit -> HTML in "<code title=\"\(commit)\">\(commit.prefix(7))</code>" } ?? "–"
        let there =
            upstreamCommit.map { commit -> HTML in "<code title=\"\(commit)\">\(commit.prefix(7))</code>" } ?? "?"
        return """
            <span class="rp-commits"><span class="hidden">\(t.commitHere) </span>\(here)\
            <span aria-hidden="true"> ↔ </span><span class="hidden"> · \(t.commitUpstream) </span>\
            <span title="\(upstreamPath ?? path)">\(upstream)</span> \(there)</span>
            """
    }

    private func tabs(_ current: Tab?, _ t: L10n) -> [Tabs.Tab] {
        Tab.allCases.compactMap { tab in
            let isCurrent = tab == current
            switch tab {
            case .card: return Tabs.Tab(t.tabCard, address, isCurrent: isCurrent)
            case .viewer:
                guard kind == .datasets else { return nil }
                return Tabs.Tab(t.tabViewer, address("viewer"), isCurrent: isCurrent)
            case .files:
                return Tabs.Tab(
                    t.tabFiles, address("tree", revision: defaultBranch), note: totalSize.map(t.bytes),
                    isCurrent: isCurrent)
            case .discussions:
                return Tabs.Tab(
                    t.tabDiscussions, address("discussions"),
                    note: openDiscussions.flatMap { $0 > 0 ? t.number($0) : nil }, isCurrent: isCurrent)
            case .lineage: return Tabs.Tab(t.tabLineage, address("lineage"), isCurrent: isCurrent)
            case .settings:
                guard maySettings else { return nil }
                return Tabs.Tab(t.settings, address("settings"), isCurrent: isCurrent)
            }
        }
    }
}
