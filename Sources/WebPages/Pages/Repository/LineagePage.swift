/// What a repository was made from, and what was made from it.
package struct LineagePage: Sendable {
    package struct Member: Sendable, Hashable {
        package enum Place: Sendable, Hashable { case ancestor, current, descendant }

        package let name: String
        /// Where it is here; nil for what is not.
        package let address: String?
        package let place: Place
        /// How it was used: `finetune`, `quantized`, `dataset`; nil for the repository itself.
        package let relation: String?
        /// The members it was made from, by name, and how.
        package let parents: [Parent]
        package let licenses: [String]
        /// Whether its files are here, an upstream told of it, or only its name is known.
        package let knowledge: String

        package init(
            name: String, address: String?, place: Place, relation: String?, parents: [Parent], licenses: [String],
            knowledge: String
        ) {
            self.name = name
            self.address = address
            self.place = place
            self.relation = relation
            self.parents = parents
            self.licenses = licenses
            self.knowledge = knowledge
        }
    }

    package struct Parent: Sendable, Hashable {
        package let name: String
        package let relation: String

        package init(name: String, relation: String) {
            self.name = name
            self.relation = relation
        }
    }

    package struct Obligation: Sendable, Hashable {
        package let word: String
        package let license: String
        /// From the repository to what brought it.
        package let path: [String]

        package init(word: String, license: String, path: [String]) {
            self.word = word
            self.license = license
            self.path = path
        }
    }

    package struct Terms: Sendable {
        package let declared: String
        package let concluded: String
        package let source: String
        package let obligations: [Obligation]
        package let conflicts: [String]
        package let advisories: [String]
        package let remarks: [String]

        package init(
            declared: String, concluded: String, source: String, obligations: [Obligation], conflicts: [String],
            advisories: [String], remarks: [String]
        ) {
            self.declared = declared
            self.concluded = concluded
            self.source = source
            self.obligations = obligations
            self.conflicts = conflicts
            self.advisories = advisories
            self.remarks = remarks
        }
    }

    let header: RepositoryHeader
    let members: [Member]
    /// How many descendants there are, shown or not.
    let descendants: Int
    let terms: Terms?

    package init(header: RepositoryHeader, members: [Member], descendants: Int, terms: Terms?) {
        self.header = header
        self.members = members
        self.descendants = descendants
        self.terms = terms
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            \(header.view(.lineage, context))\(graph(t))\(table(t))\(termsPanel(t))
            """
        return Page(title: "\(t.tabLineage) · \(header.path)", section: header.kind.section, body: body)
    }

    private static let drawn = 40

    private func graph(_ t: L10n) -> HTML {
        guard members.count > 1 else {
            return Panel.view(
                t.lineageGraph,
                "<div class=\"panel-body\"><p>\(t.lineageAlone)</p><p class=\"muted\">\(t.lineageAloneText)</p></div>"
            )
        }
        let shown = Array(members.prefix(Self.drawn))
        let names = Set(shown.map(\.name))
        let nodes = shown.map { member in
            GraphView.Node(
                member.name, title: member.name,
                note: member.licenses.first, address: member.place == .current ? nil : member.address,
                isCurrent: member.place == .current)
        }
        let edges = shown.flatMap { member in
            member.parents.filter { names.contains($0.name) }.map {
                GraphView.Edge(from: $0.name, to: member.name, label: t.repoRelation($0.relation))
            }
        }
        return Panel.view(
            t.lineageGraph, "<div class=\"graph-wrap\">\(GraphView.view(nodes, edges, label: t.lineageGraph))</div>")
    }

    private func table(_ t: L10n) -> HTML {
        let others = members.filter { $0.place != .current }
        guard !others.isEmpty else { return HTML() }
        let rows = others.map { member -> [HTML] in
            [
                member.address.map { address -> HTML in "<a class=\"wrap\" href=\(url: address)>\(member.name)</a>" }
                    ?? "<span class=\"wrap\">\(member.name)</span>",
                HTML(text: t.lineagePlace(member.place)),
                HTML(text: member.relation.map(t.repoRelation) ?? "–"),
                member.licenses.isEmpty ? "–" : HTML(text: member.licenses.joined(separator: ", ")),
                HTML(text: t.repoKnowledge(member.knowledge)),
            ]
        }
        return Panel.view(
            t.lineageTable,
            """
            \(DataTable.view(
                t.lineageTable,
                columns: [
                    DataTable.Column(t.repoName), DataTable.Column(t.lineageWhere), DataTable.Column(t.lineageRelation),
                    DataTable.Column(t.repoLicense), DataTable.Column(t.lineageKnown),
                ], rows: rows, order: t.orderNearest))\
            \(if: descendants > members.filter { $0.place == .descendant }.count, "<p class=\"muted panel-body\">\(t.moreDescendants(descendants))</p>")
            """)
    }

    private func termsPanel(_ t: L10n) -> HTML {
        guard let terms else { return HTML() }
        let obligations = terms.obligations.map { duty -> [HTML] in
            [
                HTML(text: t.repoObligation(duty.word)), "<span class=\"wrap\">\(duty.license)</span>",
                "<span class=\"wrap\">\(duty.path.joined(separator: " ← "))</span>",
            ]
        }
        let conflicts = (terms.conflicts).map { text -> HTML in "<li>\(text)</li>" }
        let advice = (terms.advisories + terms.remarks).map { text -> HTML in "<li>\(text)</li>" }
        let table: HTML =
            obligations.isEmpty
            ? "<p class=\"muted panel-body\">\(t.noObligations)</p>"
            : DataTable.view(
                t.licenseObligations,
                columns: [
                    DataTable.Column(t.obligationName), DataTable.Column(t.repoLicense),
                    DataTable.Column(t.obligationWay),
                ], rows: obligations, order: t.orderOfLicenses)
        return Panel.view(
            t.licenseObligations,
            """
            <div class="panel-body">\(FactList.view([
                (t.licenseDeclared, "<span class=\"wrap\">\(terms.declared)</span> <span class=\"muted\">\(t.licenseFrom(terms.source))</span>"),
                (t.licenseConcluded, "<strong class=\"wrap\">\(terms.concluded)</strong>"),
            ]))\
            \(if: !conflicts.isEmpty, Alert.view(.bad, title: t.licenseConflict, "<ul class=\"alert-list\">\(each: conflicts)</ul>"))\
            \(if: !advice.isEmpty, Alert.view(.info, title: t.licenseAdvice, "<ul class=\"alert-list\">\(each: advice)</ul>"))</div>\(table)
            """)
    }
}

/// Whether the bytes of every file are here and right, and what is stated about them.
package struct IntegrityPage: Sendable {
    package struct Row: Sendable, Hashable {
        package let path: String
        package let size: Int64
        /// SHA-256 of a large file; nil for what git names.
        package let sha256: String?
        package let gitID: String
        package let state: FileState

        package init(path: String, size: Int64, sha256: String?, gitID: String, state: FileState) {
            self.path = path
            self.size = size
            self.sha256 = sha256
            self.gitID = gitID
            self.state = state
        }
    }

    package struct Statement: Sendable, Hashable {
        package let type: String
        package let keyID: String
        package let source: String
        /// Milliseconds since 1970.
        package let storedAt: Int64

        package init(type: String, keyID: String, source: String, storedAt: Int64) {
            self.type = type
            self.keyID = keyID
            self.source = source
            self.storedAt = storedAt
        }
    }

    let header: RepositoryHeader
    let commit: String
    let rows: [Row]
    let offset: Int
    /// Nil where the next page was not looked at.
    let next: Int?
    let statements: [Statement]
    /// What machines read of the statements.
    let statementsAddress: String
    /// Milliseconds since 1970 of the end of the last scrub of everything that is stored.
    let lastScrub: Int64?

    package init(
        header: RepositoryHeader, commit: String, rows: [Row], offset: Int, next: Int?, statements: [Statement],
        statementsAddress: String, lastScrub: Int64?
    ) {
        self.header = header
        self.commit = commit
        self.rows = rows
        self.offset = offset
        self.next = next
        self.statements = statements
        self.statementsAddress = statementsAddress
        self.lastScrub = lastScrub
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let overview = FactList.view([
            (t.repoCommit, CopyText.digest(commit, shown: 40, context)),
            (t.lastScrub, lastScrub.map { TimeText.view($0, context) } ?? HTML(text: t.repoNever)),
        ])
        let top: HTML = "<div class=\"panel-body\">\(overview)<p class=\"muted\">\(t.integrityText)</p></div>"
        let body: HTML = """
            \(header.view(.files, context))\
            \(Panel.view(t.repoIntegrity, top))\
            \(Panel.view(t.integrityFiles, files(context)))\
            \(Pager.view(
                previous: offset > 0 ? "\(header.address("integrity"))?offset=\(max(0, offset - FilesPage.pageSize))" : nil,
                next: next.map { "\(header.address("integrity"))?offset=\($0)" }, context))\
            \(Panel.view(t.repoStatements, statementTable(context)))
            """
        return Page(title: "\(t.repoIntegrity) · \(header.path)", section: header.kind.section, body: body)
    }

    private func files(_ context: PageContext) -> HTML {
        let t = context.t
        guard !rows.isEmpty else { return "<p class=\"muted panel-body\">\(t.folderEmpty)</p>" }
        let cells = rows.map { row -> [HTML] in
            let at: HTML =
                if case .verified(let at?) = row.state.content { TimeText.view(at, context) } else { "–" }
            return [
                "<a class=\"wrap\" href=\(url: header.address("blob", revision: commit, path: row.path))>\(row.path)</a>",
                HTML(text: t.bytes(row.size)),
                row.sha256.map { "<span class=\"digest-kind\">sha256</span> \(CopyText.digest($0, context))" }
                    ?? "<span class=\"digest-kind\">git</span> \(CopyText.digest(row.gitID, context))",
                "<span class=\"chips\">\(row.state.chips(t))</span>", at,
            ]
        }
        return DataTable.view(
            t.integrityFiles,
            columns: [
                DataTable.Column(t.repoName, sorted: "ascending"), DataTable.Column(t.repoSize, isNumber: true),
                DataTable.Column(t.repoDigest), DataTable.Column(t.repoState), DataTable.Column(t.verifiedAt),
            ], rows: cells)
    }

    private func statementTable(_ context: PageContext) -> HTML {
        let t = context.t
        guard !statements.isEmpty else {
            return "<p class=\"muted panel-body\">\(t.noStatements)</p>"
        }
        let cells = statements.map { statement -> [HTML] in
            [
                "<span class=\"wrap\">\(statement.type)</span>", CopyText.digest(statement.keyID, context),
                HTML(text: statement.source), TimeText.view(statement.storedAt, context),
            ]
        }
        return """
            \(DataTable.view(
                t.repoStatements,
                columns: [
                    DataTable.Column(t.statementType), DataTable.Column(t.statementKey),
                    DataTable.Column(t.statementSource), DataTable.Column(t.statementTime, sorted: "ascending"),
                ], rows: cells))\
            <p class="panel-body"><a href=\(url: statementsAddress)>\(t.statementsJSON)</a></p>
            """
    }
}
