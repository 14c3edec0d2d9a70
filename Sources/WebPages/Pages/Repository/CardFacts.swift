/// What was found out about a repository, beside what its README says.
package struct CardFacts: Sendable {
    package struct Relation: Sendable, Hashable {
        package let name: String
        /// Where it is here; nil for what is not.
        package let address: String?
        /// How it was used, such as `finetune`.
        package let relation: String?

        package init(name: String, address: String?, relation: String?) {
            self.name = name
            self.address = address
            self.relation = relation
        }
    }

    package struct License: Sendable, Hashable {
        package let name: String
        /// What its terms ask for, by the words of policy files.
        package let obligations: [String]
        package let conflicts: [String]
        /// Where it is said.
        package let source: String?

        package init(name: String, obligations: [String], conflicts: [String] = [], source: String? = nil) {
            self.name = name
            self.obligations = obligations
            self.conflicts = conflicts
            self.source = source
        }
    }

    package struct Scans: Sendable, Hashable {
        package var counts: [FileState.Scan: Int]

        package init(counts: [FileState.Scan: Int]) { self.counts = counts }

        var worst: FileState.Scan? {
            [.dangerous, .suspicious, .unknown, .pending, .clean].first { (counts[$0] ?? 0) > 0 }
        }
    }

    package var parameters: Int64?
    package var parametersByType: [(type: String, count: Int64)] = []
    package var contextLength: Int64?
    package var architecture: String?
    package var task: String?
    package var library: String?
    package var license: License?
    package var languages: [String] = []
    package var tags: [String] = []
    package var baseModels: [Relation] = []
    package var datasets: [Relation] = []
    package var size: Int64?
    package var files: Int?
    package var largeFiles = 0
    package var largeHere = 0
    package var scans: Scans?
    package var downloads: Int64 = 0
    /// Downloads a day, the oldest first; empty where days are not counted.
    package var downloadDays: [Double] = []
    package var upstreamURL: String?
    /// Milliseconds since 1970.
    package var checkedAt: Int64?
    package var updatedAt: Int64?
    /// BibTeX.
    package var citation: String?

    package init() {}

    func view(_ header: RepositoryHeader, _ context: PageContext) -> HTML {
        let t = context.t
        return """
            <section class="panel facts-panel"><h2>\(t.repoFacts)</h2>\(FactList.view(facts(header, context)))</section>\
            \(licensePanel(header, t))\(sourcePanel(header, context))\(citePanel(context))
            """
    }

    private func facts(_ header: RepositoryHeader, _ context: PageContext) -> [(name: String, value: HTML)] {
        let t = context.t
        var list: [(name: String, value: HTML)] = []
        func add(_ name: String, _ value: HTML?) { if let value { list.append((name, value)) } }
        add(t.repoTask, task.map { tag(TaskNames.name($0, t), "task", $0, header) })
        add(
            t.repoParameters,
            parameters.map { count -> HTML in "<strong title=\"\(t.number(count))\">\(t.compact(count))</strong>" })
        if !parametersByType.isEmpty {
            add(t.repoDataTypes, HTML(text: parametersByType.prefix(4).map(\.type).joined(separator: " · ")))
        }
        add(t.repoContextLength, contextLength.map { length -> HTML in "\(t.number(length)) \(t.tokensUnit)" })
        add(t.repoArchitecture, architecture.map { name -> HTML in "<span class=\"wrap\">\(name)</span>" })
        add(t.repoLibrary, library.map { tag($0, "library", $0.lowercased(), header) })
        if !languages.isEmpty {
            let names = languages.prefix(12).map { LanguageNames.name($0, t) }
            add(t.repoLanguages, HTML(text: names.joined(separator: t.pick(en: ", ", zh: "、"))))
        }
        add(t.repoBaseModels, relations(baseModels, t))
        add(t.trainedOn, relations(datasets, t))
        add(
            t.repoSize,
            size.map { size -> HTML in
                "<a href=\(url: header.address("tree", revision: header.defaultBranch))>\(t.bytes(size))</a>\(files.map { files -> HTML in " · \(t.filesCount(files))" })"
            })
        add(t.repoVerified, verified(header, t))
        add(t.repoScans, scanned(header, t))
        add(
            t.repoDownloads,
            "\(t.compact(downloads)) \(Sparkline.view(downloadDays, label: downloadDays.isEmpty ? nil : t.downloadsByDay(downloadDays.count)))"
        )
        add(t.repoUpdated, updatedAt.map { TimeText.view($0, context) })
        if !tags.isEmpty {
            let items = tags.prefix(16).map { name -> HTML in "<li>\(tag(name, "tag", name, header))</li>" }
            add(t.repoTags, "<ul class=\"tags\">\(each: items)</ul>")
        }
        return list
    }

    /// A word that leads to the list of what has it too.
    private func tag(_ name: String, _ facet: String, _ value: String, _ header: RepositoryHeader) -> HTML {
        "<a class=\"tag\" href=\(url: "/\(header.kind.rawValue)?\(facet)=\(URLText.component(value))")>\(name)</a>"
    }

    private func relations(_ relations: [Relation], _ t: L10n) -> HTML? {
        guard !relations.isEmpty else { return nil }
        let items = relations.prefix(8).map { relation -> HTML in
            let name: HTML =
                relation.address.map { address -> HTML in "<a href=\(url: address)>\(relation.name)</a>" }
                ?? "<span class=\"wrap\">\(relation.name)</span>"
            return
                "<li>\(name)\(relation.relation.map { word -> HTML in " <span class=\"muted\">\(t.repoRelation(word))</span>" })</li>"
        }
        return "<ul class=\"plain-list\">\(each: items)</ul>"
    }

    private func verified(_ header: RepositoryHeader, _ t: L10n) -> HTML? {
        guard let files, files > 0 else { return nil }
        let isWhole = largeHere == largeFiles
        let chip = StateChip(
            isWhole ? .ok : .neutral, icon: isWhole ? "check" : "cloud",
            text: t.verifiedOf(files - largeFiles + largeHere, files))
        return "<a class=\"chip-link\" href=\(url: header.address("integrity"))>\(chip.view)</a>"
    }

    private func scanned(_ header: RepositoryHeader, _ t: L10n) -> HTML? {
        guard let scans, let worst = scans.worst else { return nil }
        return
            "<a class=\"chip-link\" href=\(url: header.address("integrity"))>\(FileState.chip(worst, [], t).view)</a>"
    }

    private func licensePanel(_ header: RepositoryHeader, _ t: L10n) -> HTML {
        guard let license else { return HTML() }
        let obligations = license.obligations.map { word -> HTML in "<li>\(t.repoObligation(word))</li>" }
        let conflicts = license.conflicts.prefix(3).map { text -> HTML in "<li>\(text)</li>" }
        return """
            <section class="panel side-note"><h2>\(t.repoLicense)</h2><p><strong class="wrap">\(license.name)</strong>\
            \(license.source.map { source -> HTML in " <span class=\"muted\">\(t.licenseFrom(source))</span>" })</p>\
            \(if: !obligations.isEmpty, "<ul class=\"obligations\">\(each: obligations)</ul>")\
            \(if: !conflicts.isEmpty, Alert.view(.warn, title: t.licenseConflict, "<ul class=\"alert-list\">\(each: conflicts)</ul>"))\
            <p><a href=\(url: header.address("lineage"))>\(t.licenseWhy)</a></p></section>
            """
    }

    private func sourcePanel(_ header: RepositoryHeader, _ context: PageContext) -> HTML {
        guard let upstream = header.upstream else { return HTML() }
        let t = context.t
        let link: HTML =
            upstreamURL.map { url -> HTML in
                "<a href=\(url: url) rel=\"noreferrer nofollow\">\(header.upstreamPath ?? header.path)</a>"
            } ?? HTML(text: header.upstreamPath ?? header.path)
        var facts: [(name: String, value: HTML)] = [
            (t.repoUpstream, "\(upstream) · \(link)"),
            (t.repoState, header.state.chip(t, detail: header.stateDetail).view),
        ]
        if let commit = header.commit { facts.append((t.commitHere, CopyText.digest(commit, context))) }
        if let commit = header.upstreamCommit { facts.append((t.commitUpstream, CopyText.digest(commit, context))) }
        if let checkedAt { facts.append((t.repoLastChecked, TimeText.view(checkedAt, context))) }
        return "<section class=\"panel side-note\"><h2>\(t.repoSource)</h2>\(FactList.view(facts))</section>"
    }

    private func citePanel(_ context: PageContext) -> HTML {
        guard let citation else { return HTML() }
        return """
            <section class="panel side-note"><h2>\(context.t.cite)</h2>\(CopyText.snippet(citation, language: "bibtex", context))</section>
            """
    }
}
