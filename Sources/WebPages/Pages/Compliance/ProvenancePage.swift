/// Where a revision came from, what it was made of, and who signed that.
package struct ProvenancePage: Sendable {
    package struct Link: Sendable {
        let name: String
        let address: String?
        let knowledge: String
        let licenses: [String]
        let parents: [(name: String, relation: String)]

        package init(
            name: String, address: String?, knowledge: String, licenses: [String],
            parents: [(name: String, relation: String)]
        ) {
            self.name = name
            self.address = address
            self.knowledge = knowledge
            self.licenses = licenses
            self.parents = parents
        }
    }

    package struct Statement: Sendable {
        package enum Signature: Sendable { case verified, foreign, broken }

        let type: String
        let source: String
        let keyID: String
        let digest: String
        let storedAt: Int64
        let signature: Signature

        package init(
            type: String, source: String, keyID: String, digest: String, storedAt: Int64, signature: Signature
        ) {
            self.type = type
            self.source = source
            self.keyID = keyID
            self.digest = digest
            self.storedAt = storedAt
            self.signature = signature
        }
    }

    package struct Found: Sendable {
        /// As in `model:acme/demo`.
        package var repository = ""
        package var address = ""
        /// As paths of the API have it: `model/acme/demo`.
        package var path = ""
        package var commit = ""
        /// Nil for what was made here.
        package var upstream: (mirror: String, name: String, path: String)?
        package var acquiredAt: Int64?
        package var askedBy: String?
        package var recordDigest: String?
        /// It and everything it was made from; it comes first.
        package var chain: [Link] = []
        package var statements: [Statement] = []

        package init() {}
    }

    let repository: String
    let revision: String
    let found: Found?

    /// - Parameter found: nil before anything was asked for.
    package init(repository: String, revision: String, found: Found?) {
        self.repository = repository
        self.revision = revision
        self.found = found
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let form: HTML = """
            <form class="form-inline ask-line" method="get" action="/console/provenance">\
            <label for="repo">\(t.complianceRepository)</label>\
            \(Form.input("repo", id: "repo", value: repository, placeholder: t.complianceRepositoryHint, required: true,
                autocomplete: "off", maximum: 250))\
            <label for="rev">\(t.complianceRevision)</label>\
            \(Form.input("rev", id: "rev", value: revision, placeholder: "main", autocomplete: "off", maximum: 250))\
            \(Button.submit(t.complianceShow, style: .primary))</form>
            """
        guard let found else {
            return ConsoleFrame.page(
                .provenance, t.complianceProvenance, note: t.complianceProvenanceNote,
                """
                \(form)\(Empty.view(
                    title: t.complianceProvenanceAsk, text: t.complianceProvenanceAskText,
                    command: "weir provenance show model:acme/demo", context))
                """, context)
        }
        return ConsoleFrame.page(
            .provenance, t.complianceProvenance, note: t.complianceProvenanceNote,
            """
            \(form)\(Panel.view(t.complianceAcquisition, acquisition(found, context)))\
            \(Panel.view(t.complianceLineage, id: "lineage", lineage(found, t)))\
            \(Panel.view(t.complianceStatements, id: "statements", statements(found, context)))
            """, context)
    }

    private func acquisition(_ found: Found, _ context: PageContext) -> HTML {
        let t = context.t
        var facts: [(name: String, value: HTML)] = [
            (t.complianceRepository, "<a href=\(url: found.address)>\(found.repository)</a>"),
            (t.complianceCommit, CopyText.digest(found.commit, shown: 12, context)),
        ]
        if let upstream = found.upstream {
            facts.append(
                (
                    t.complianceUpstream,
                    "<span class=\"mono\">\(upstream.mirror)/\(upstream.name): \(upstream.path)</span>"
                ))
            facts.append(
                (
                    t.complianceAcquiredAt,
                    found.acquiredAt.map { TimeText.view($0, context) } ?? HTML(text: t.accountUnknown)
                ))
            facts.append((t.complianceAskedBy, HTML(text: found.askedBy ?? t.accountUnknown)))
        } else {
            facts.append((t.complianceUpstream, HTML(text: t.complianceMadeHere)))
        }
        if let digest = found.recordDigest {
            facts.append(
                (
                    t.complianceRecord,
                    """
                    \(CopyText.digest(digest, shown: 12, context)) <a href=\(url: api(found, ""))>\(t.complianceDownload)</a>
                    """
                ))
        }
        return FactList.view(facts)
    }

    private func api(_ found: Found, _ tail: String) -> String {
        "/api/gateway/v1/provenance/\(found.path)@\(found.commit)\(tail)"
    }

    private func lineage(_ found: Found, _ t: L10n) -> HTML {
        let rows = found.chain.flatMap { link in
            link.parents.map { parent -> [HTML] in
                let known = found.chain.first { $0.name == parent.name }
                let name: HTML =
                    known?.address.map { address -> HTML in "<a href=\(url: address)>\(parent.name)</a>" }
                    ?? HTML(text: parent.name)
                return [
                    HTML(text: link.name), HTML(text: t.complianceRelation(parent.relation)), name,
                    HTML(text: t.complianceKnowledge(known?.knowledge ?? "unknown")),
                    "<code>\(known?.licenses.joined(separator: ", ") ?? "–")</code>",
                ]
            }
        }
        guard !rows.isEmpty else { return "<p class=\"hint\">\(t.complianceNoLineage)</p>" }
        let graph = GraphView.view(
            found.chain.enumerated().map { index, link in
                GraphView.Node(
                    link.name, title: link.name, note: link.licenses.joined(separator: ", "), address: link.address,
                    tone: link.knowledge == "unknown" ? .warn : nil, isCurrent: index == 0)
            } + unknown(found),
            found.chain.flatMap { link in
                link.parents.map {
                    GraphView.Edge(from: $0.name, to: link.name, label: t.complianceRelation($0.relation))
                }
            }, label: t.complianceGraph)
        return graph
            + DataTable.view(
                t.complianceLineage,
                columns: [
                    .init(t.complianceWhat), .init(t.complianceRelationLabel), .init(t.complianceFrom),
                    .init(t.complianceState), .init(t.complianceLicense),
                ], rows: rows)
    }

    /// What is named as a parent and is nothing that is known.
    private func unknown(_ found: Found) -> [GraphView.Node] {
        let known = Set(found.chain.map(\.name))
        let named = Set(found.chain.flatMap { $0.parents.map(\.name) }).subtracting(known)
        return named.sorted().map { GraphView.Node($0, title: $0, tone: .warn) }
    }

    private func statements(_ found: Found, _ context: PageContext) -> HTML {
        let t = context.t
        let rows = found.statements.map { one -> [HTML] in
            let chip =
                switch one.signature {
                case .verified: StateChip(.ok, icon: "shield-check", text: t.complianceVerified)
                case .foreign: StateChip(.neutral, icon: "circle-help", text: t.complianceForeignKey)
                case .broken: StateChip(.bad, icon: "shield-alert", text: t.complianceBroken)
                }
            let type: HTML =
                t.complianceStatementType(one.type).map { words -> HTML in
                    "<span title=\"\(one.type)\">\(words)</span>"
                } ?? "<code class=\"break\">\(one.type)</code>"
            return [
                type, chip.view, "<span class=\"mono\">\(one.source)</span>",
                CopyText.digest(one.keyID, shown: 12, context), TimeText.view(one.storedAt, context),
            ]
        }
        let list: HTML =
            rows.isEmpty
            ? "<p class=\"hint\">\(t.complianceNoStatements)</p>"
            : DataTable.view(
                t.complianceStatements,
                columns: [
                    .init(t.complianceStatement), .init(t.complianceSignature), .init(t.complianceSource),
                    .init(t.complianceKey), .init(t.complianceWhen, sorted: "ascending"),
                ], rows: rows)
        let documents = [
            (t.complianceAllStatements, "/statements?format=jsonl"), ("OpenSSF Model Signing", "/oms"),
            ("CycloneDX 1.6", "/cyclonedx"), ("Croissant", "/croissant"),
        ].filter { $0.1 != "/croissant" || found.path.hasPrefix("dataset") }.map { label, tail -> HTML in
            Button.link(label, to: api(found, tail), icon: "download")
        }
        return """
            \(list)<h3>\(t.complianceDocuments)</h3><div class="actions">\(each: documents)</div>\
            <h3>\(t.complianceVerifyCommand)</h3>\(CopyText.snippet(verify(found, context), language: "sh", context))
            """
    }

    private func verify(_ found: Found, _ context: PageContext) -> String {
        """
        curl -s '\(context.siteURL)/api/gateway/v1/keys?format=pem' > keys.pem
        curl -s '\(context.siteURL)\(api(found, "/statements?format=jsonl"))' > statements.jsonl
        weir provenance verify FOLDER --keys keys.pem --with statements.jsonl
        """
    }
}
