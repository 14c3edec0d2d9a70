/// A bundle that went out or came in.
package struct BundleView: Sendable, Hashable {
    package let id: String
    package let isOutgoing: Bool
    package let number: Int64
    package let key: String
    package let recipient: String?
    /// Milliseconds since 1970.
    package let handledAt: Int64
    package let handledBy: String
    package let bytes: Int64
    package let isComplete: Bool
    package let file: String?

    package init(
        id: String, isOutgoing: Bool, number: Int64, key: String, recipient: String?, handledAt: Int64,
        handledBy: String, bytes: Int64, isComplete: Bool, file: String?
    ) {
        self.id = id
        self.isOutgoing = isOutgoing
        self.number = number
        self.key = key
        self.recipient = recipient
        self.handledAt = handledAt
        self.handledBy = handledBy
        self.bytes = bytes
        self.isComplete = isComplete
        self.file = file
    }
}

/// What became of a repository of a bundle.
package struct BundledRepository: Sendable, Hashable {
    package let name: String
    package let address: String
    package let commit: String
    package let outcome: String
    package let note: String?

    package init(name: String, address: String, commit: String, outcome: String, note: String?) {
        self.name = name
        self.address = address
        self.commit = commit
        self.outcome = outcome
        self.note = note
    }
}

/// Bundles: new ones, those that lie ready to be taken in, and what went before.
package struct BundlesPage: Sendable {
    package struct Wish: Sendable, Hashable {
        package var mirrors: [String] = []
        package var repositories = ""
        package var since = ""
        package var recipient = ""

        package init() {}
    }

    package struct Preview: Sendable {
        /// By the name and the bytes that are stored of it.
        package let repositories: [(name: String, address: String, bytes: Int64)]
        package let bytes: Int64

        package init(repositories: [(name: String, address: String, bytes: Int64)], bytes: Int64) {
            self.repositories = repositories
            self.bytes = bytes
        }
    }

    /// What a bundle that lies in the folder holds.
    package struct Verified: Sendable {
        package let file: String
        package let key: String?
        package let problem: String?
        package let repositories: [BundledRepository]
        package let missing: [String]
        package let bytes: Int64

        package init(
            file: String, key: String?, problem: String?, repositories: [BundledRepository], missing: [String],
            bytes: Int64
        ) {
            self.file = file
            self.key = key
            self.problem = problem
            self.repositories = repositories
            self.missing = missing
            self.bytes = bytes
        }
    }

    package let bundles: [BundleView]
    package let next: String?
    package let mirrors: [String]
    package let mayOperate: Bool
    /// The folder of which bundles are taken in; nil for none.
    package let folder: String?
    package let ready: [(name: String, bytes: Int64)]
    package var wish = Wish()
    package var preview: Preview?
    package var verified: Verified?
    package var problem: String?

    package init(
        bundles: [BundleView], next: String?, mirrors: [String], mayOperate: Bool, folder: String?,
        ready: [(name: String, bytes: Int64)]
    ) {
        self.bundles = bundles
        self.next = next
        self.mirrors = mirrors
        self.mayOperate = mayOperate
        self.folder = folder
        self.ready = ready
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let content: HTML = """
            \(PageHead.view(t.bundlesTitle, note: HTML(text: t.bundlesNote)))\
            \(problem.map { Alert.view(.bad, title: $0) })\
            \(preview.map { previewView($0, context) })\(verified.map { verifiedView($0, context) })\
            \(history(context))\(if: mayOperate, export(context))\(if: mayOperate, take(context))
            """
        let body = ConsoleShell.view(current: .bundles, context: context, content: content)
        return Page(
            title: t.bundlesTitle, section: .console, body: body, status: problem == nil ? 200 : 422)
    }

    private func history(_ context: PageContext) -> HTML {
        let t = context.t
        guard !bundles.isEmpty else {
            return Empty.view(
                title: t.bundlesNoneTitle, text: t.bundlesNone,
                command: "weir bundle export --mirror hf --output hf.hubpack", context)
        }
        let rows = bundles.map { bundle -> [HTML] in
            [
                "<a href=\(url: "/console/bundles/\(bundle.id)")>\(t.bundleWay(bundle.isOutgoing)) \(bundle.number)</a>",
                CopyText.digest(bundle.id, context),
                bundle.isComplete
                    ? StateChip(.ok, icon: "check", text: t.bundleComplete).view
                    : StateChip(.warn, icon: "minus", text: t.bundlePartial).view,
                HTML(text: t.bytes(bundle.bytes)), HTML(text: bundle.recipient ?? "–"), HTML(text: bundle.handledBy),
                TimeText.view(bundle.handledAt, context),
            ]
        }
        let table = DataTable.view(
            t.bundlesHistory,
            columns: [
                .init(t.bundleNumber), .init(t.bundleID), .init(t.stateName), .init(t.jobFileSize, isNumber: true),
                .init(t.bundleRecipient), .init(t.bundleBy), .init(t.bundleWhen, sorted: "descending"),
            ], rows: rows)
        return Panel.view(t.bundlesHistory, "\(table)\(Pager.view(previous: nil, next: next, context))")
    }

    // MARK: Out

    private func export(_ context: PageContext) -> HTML {
        let t = context.t
        let boxes = mirrors.enumerated().map { index, mirror in
            Form.checkbox(
                "mirror", id: "mirror-\(index)", label: mirror, value: mirror, checked: wish.mirrors.contains(mirror))
        }
        let earlier = bundles.filter(\.isOutgoing).map { ($0.id, t.bundleSinceNumber($0.number)) }
        let fields: HTML = """
            \(if: !boxes.isEmpty, "<fieldset class=\"wide\"><legend>\(t.bundleMirrors)</legend>\(each: boxes)</fieldset>")\
            \(Form.field(t.bundleRepositories, for: "repos", hint: t.bundleRepositoriesHint, Form.textarea("repos", id: "repos", value: wish.repositories, rows: 3, isMono: true)))\
            \(Form.field(t.bundleSince, for: "since", Form.select("since", id: "since", options: [("", t.bundleWhole)] + earlier, selected: wish.since)))\
            \(Form.field(t.bundleRecipient, for: "recipient", hint: t.bundleRecipientHint, Form.input("recipient", id: "recipient", value: wish.recipient, maximum: 200, describedBy: "recipient-hint")))\
            <div class="actions"><button class="button" type="submit" formaction="/console/bundles/preview">\
            <span>\(t.bundlePreview)</span></button>\(Button.submit(t.bundleWrite, style: .primary, icon: "package"))</div>
            """
        return Panel.view(
            t.bundleExport,
            "<p class=\"hint\">\(t.bundleExportNote)</p>\(Form.post("/console/bundles/export", context, class: "form form-grid", fields))"
        )
    }

    private func previewView(_ preview: Preview, _ context: PageContext) -> HTML {
        let t = context.t
        let rows = preview.repositories.map { one -> [HTML] in
            ["<a href=\(url: one.address)>\(one.name)</a>", HTML(text: t.bytes(one.bytes))]
        }
        return Panel.view(
            t.bundleContains,
            "<p><strong>\(t.bundleSum(preview.repositories.count, t.bytes(preview.bytes)))</strong></p>\(DataTable.view(t.bundleContains, columns: [.init(t.syncRepository, sorted: "ascending"), .init(t.jobFileSize, isNumber: true)], rows: rows))"
        )
    }

    // MARK: In

    private func take(_ context: PageContext) -> HTML {
        let t = context.t
        guard let folder else { return Panel.view(t.bundleImport, "<p class=\"hint\">\(t.bundleNoFolder)</p>") }
        let rows = ready.map { file -> [HTML] in
            let fields = [(name: "file", value: file.name)]
            return [
                "<span class=\"path\">\(file.name)</span>", HTML(text: t.bytes(file.bytes)),
                """
                <div class="actions">\(Form.button(t.bundleVerify, to: "/console/bundles/verify", fields: fields, context))\
                \(Form.button(t.bundleTake, to: "/console/bundles/import", fields: fields, style: .primary, context))</div>
                """,
            ]
        }
        let table: HTML =
            rows.isEmpty
            ? "<p>\(t.bundleFolderEmpty)</p>"
            : DataTable.view(
                t.bundleImport,
                columns: [
                    .init(t.syncFileName, sorted: "ascending"), .init(t.jobFileSize, isNumber: true),
                    .init(t.bundleImport),
                ], rows: rows)
        return Panel.view(t.bundleImport, "<p class=\"hint\">\(t.bundleImportNote(folder))</p>\(table)")
    }

    private func verifiedView(_ verified: Verified, _ context: PageContext) -> HTML {
        let t = context.t
        if let problem = verified.problem { return Alert.view(.bad, title: t.bundleRefused, "<p>\(problem)</p>") }
        let missing = verified.missing.map { text -> HTML in "<li>\(text)</li>" }
        return Panel.view(
            t.bundleVerified,
            """
            <p>\(StateChip(.ok, icon: "shield-check", text: t.bundleSigned(verified.key ?? "")).view) \(t.bytes(verified.bytes))</p>\
            \(BundlePage.table(verified.repositories, t))\(if: !missing.isEmpty, "<ul class=\"problems\">\(each: missing)</ul>")
            """)
    }
}

/// One bundle with what became of each repository.
package struct BundlePage: Sendable {
    package let bundle: BundleView
    package let repositories: [BundledRepository]
    package let mayDownload: Bool

    package init(bundle: BundleView, repositories: [BundledRepository], mayDownload: Bool) {
        self.bundle = bundle
        self.repositories = repositories
        self.mayDownload = mayDownload
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let title = "\(t.bundlesTitle) · \(t.bundleWay(bundle.isOutgoing)) \(bundle.number)"
        let download: HTML? =
            mayDownload
            ? Button.link(
                t.bundleDownload, to: "/console/bundles/\(bundle.id)/content", style: .primary, icon: "download") : nil
        var facts: [(name: String, value: HTML)] = [
            (t.bundleID, CopyText.digest(bundle.id, shown: 16, context)),
            (t.jobFileSize, HTML(text: t.bytes(bundle.bytes))),
            (t.bundleKey, CopyText.digest(bundle.key, shown: 16, context)),
            (t.bundleRecipient, HTML(text: bundle.recipient ?? "–")), (t.bundleBy, HTML(text: bundle.handledBy)),
            (t.bundleWhen, TimeText.view(bundle.handledAt, context)),
        ]
        if let file = bundle.file { facts.append((t.bundleWhere, "<span class=\"path\">\(file)</span>")) }
        let content: HTML = """
            \(PageHead.view(title, actions: "\(download)\(Button.link(t.bundlesBack, to: "/console/bundles"))"))\
            \(Panel.view(t.upstreamFacts, FactList.view(facts)))\(Self.table(repositories, t))
            """
        let body = ConsoleShell.view(current: .bundles, context: context, content: content)
        return Page(title: title, section: .console, body: body)
    }

    static func table(_ repositories: [BundledRepository], _ t: L10n) -> HTML {
        let rows = repositories.map { one -> [HTML] in
            let tone: StateChip.Tone = one.outcome == "refused" ? .bad : one.outcome == "unchanged" ? .neutral : .ok
            let icon = one.outcome == "refused" ? "x" : "check"
            return [
                "<a href=\(url: one.address)>\(one.name)</a>", "<code>\(one.commit.prefix(10))</code>",
                StateChip(tone, icon: icon, text: t.bundleOutcome(one.outcome)).view, HTML(text: one.note ?? ""),
            ]
        }
        return DataTable.view(
            t.bundleRepositories,
            columns: [
                .init(t.syncRepository, sorted: "ascending"), .init(t.approvalCommit), .init(t.bundleOutcomeName),
                .init(t.syncWhy),
            ], rows: rows)
    }
}
