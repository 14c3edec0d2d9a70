/// The transparency log: what is in it, and how to check that.
package struct LogPage: Sendable {
    package struct Entry: Sendable {
        let index: Int64
        let at: Int64
        let kind: String
        let hash: String
        /// What the leaf is about; nil for who may not know.
        let subject: String?

        package init(index: Int64, at: Int64, kind: String, hash: String, subject: String?) {
            self.index = index
            self.at = at
            self.kind = kind
            self.hash = hash
            self.subject = subject
        }
    }

    package struct Proof: Sendable {
        let index: Int64
        let size: Int64
        let leaf: String
        let root: String
        let path: [String]
        let holds: Bool

        package init(index: Int64, size: Int64, leaf: String, root: String, path: [String], holds: Bool) {
            self.index = index
            self.size = size
            self.leaf = leaf
            self.root = root
            self.path = path
            self.holds = holds
        }
    }

    package struct Content: Sendable {
        package var origin = ""
        package var size: Int64 = 0
        package var keys: [String] = []
        package var checkpoint: (note: String, size: Int64, createdAt: Int64)?
        package var entries: [Entry] = []
        package var isAuditor = false
        /// The number below which the next page begins.
        package var older: Int64?
        package var isNewest = true
        /// What was asked to be proved.
        package var asked = ""
        package var proof: Proof?
        package var isMissing = false
        package var notice: String?

        package init() {}
    }

    let content: Content

    package init(_ content: Content) { self.content = content }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let sign = Form.button(t.complianceCheckpointNow, to: "/console/log", icon: "shield-check", context)
        let checkpoint: HTML =
            content.checkpoint.map { one -> HTML in
                """
                <p class="hint">\(t.complianceEntries): \(t.number(one.size)) · \(TimeText.view(one.createdAt, context))</p>\
                \(CopyText.snippet(one.note, context))
                """
            } ?? "<p class=\"hint\">\(t.complianceNoCheckpoint)</p>"
        let about = FactList.view([
            (t.complianceOrigin, CopyText.digest(content.origin, shown: 100, context)),
            (t.complianceEntries, HTML(text: t.number(content.size))),
            (
                t.complianceKeys,
                content.keys.map { key -> HTML in "<div>\(CopyText.digest(key, shown: 40, context))</div>" }.joined()
            ),
        ])
        return ConsoleFrame.page(
            .log, t.complianceLog, note: t.complianceLogNote, notice: content.notice,
            status: content.isMissing ? 404 : 200,
            """
            \(about)\(Panel.view(t.complianceCheckpoint, actions: content.isAuditor ? sign : nil, checkpoint))\
            \(Panel.view(t.complianceProof, id: "proof", proof(context)))\
            \(Panel.view(t.complianceEntries, id: "entries", entries(context)))\
            \(Panel.view(t.complianceOffline, offline(context)))
            """, context)
    }

    private func proof(_ context: PageContext) -> HTML {
        let t = context.t
        let form: HTML = """
            <form class="form-inline ask-line" method="get" action="/console/log">\
            <label for="entry">\(t.complianceIndex)</label>\
            \(Form.input("entry", id: "entry", value: content.asked, required: true, autocomplete: "off", maximum: 64))\
            \(Button.submit(t.complianceProve))</form>
            """
        guard let proof = content.proof else {
            return "\(form)\(if: content.isMissing, Alert.view(.bad, title: t.complianceNoEntry))"
        }
        let steps = proof.path.map { hash -> HTML in "<li><code class=\"break\">\(hash)</code></li>" }
        return """
            \(form)\(Alert.view(proof.holds ? .ok : .bad, title: proof.holds ? t.complianceProofHolds : t.complianceProofFails))\
            \(FactList.view([
                (t.complianceProof, HTML(text: t.complianceProofOf(proof.index, proof.size))),
                (t.complianceHash, "<code class=\"break\">\(proof.leaf)</code>"),
                (t.complianceRoot, "<code class=\"break\">\(proof.root)</code>"),
                (t.compliancePath, steps.isEmpty ? HTML(text: t.none) : "<ol class=\"hashes\">\(each: steps)</ol>"),
            ]))
            """
    }

    private func entries(_ context: PageContext) -> HTML {
        let t = context.t
        guard !content.entries.isEmpty else { return "<p class=\"hint\">\(t.complianceNoEntries)</p>" }
        let rows = content.entries.map { entry -> [HTML] in
            [
                "<a href=\(url: "/console/log?entry=\(entry.index)#proof")>\(t.number(entry.index))</a>",
                """
                <span class="log-event">\(content.isAuditor ? t.complianceLeaf(entry.kind) : t.complianceLeafHidden)</span>
                """,
                "<span class=\"break\">\(entry.subject ?? "–")</span>",
                content.isAuditor ? TimeText.view(entry.at, context) : "–", CopyText.digest(entry.hash, context),
            ]
        }
        return """
            \(DataTable.view(
                t.complianceEntries,
                columns: [
                    .init(t.complianceIndex, isNumber: true, sorted: "descending"), .init(t.complianceEvent),
                    .init(t.complianceWhat), .init(t.complianceWhen), .init(t.complianceHash),
                ], rows: rows))\
            \(Pager.view(
                previous: content.isNewest ? nil : "/console/log#entries",
                next: content.older.map { "/console/log?before=\($0)#entries" }, context))
            """
    }

    private func offline(_ context: PageContext) -> HTML {
        let t = context.t
        let base = "\(context.siteURL)/api/gateway/v1/log"
        return """
            <p>\(t.complianceOfflineText)</p>\
            \(CopyText.snippet("curl -s \(base)/checkpoint > checkpoint.txt\nweir audit verify --checkpoint checkpoint.txt",
                language: "sh", context))
            """
    }
}
