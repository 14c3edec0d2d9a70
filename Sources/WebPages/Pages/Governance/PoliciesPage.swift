/// The policy in force, what is wrong with what is not, and what a change would do.
package struct PoliciesPage: Sendable {
    package struct Mirror: Sendable, Hashable {
        package let name: String
        package let mode: String
        package let upstreams: [String]
        package let rules: Int
        package let otherwise: String
        package let schedule: String?
        package let owner: String?
        package let file: String
        package let line: Int

        package init(
            name: String, mode: String, upstreams: [String], rules: Int, otherwise: String, schedule: String?,
            owner: String?, file: String, line: Int
        ) {
            self.name = name
            self.mode = mode
            self.upstreams = upstreams
            self.rules = rules
            self.otherwise = otherwise
            self.schedule = schedule
            self.owner = owner
            self.file = file
            self.line = line
        }
    }

    package let mirrors: [Mirror]
    /// Names in the folder.
    package let files: [String]
    package let digest: String
    /// Milliseconds since 1970.
    package let loadedAt: Int64
    /// The reload that was refused last.
    package let refusal: (at: Int64, problems: [String])?
    /// Whether the files themselves are shown.
    package let mayRead: Bool
    package let mayReload: Bool
    package let mayTry: Bool
    package let done: String?

    package init(
        mirrors: [Mirror], files: [String], digest: String, loadedAt: Int64, refusal: (at: Int64, problems: [String])?,
        mayRead: Bool, mayReload: Bool, mayTry: Bool, done: String?
    ) {
        self.mirrors = mirrors
        self.files = files
        self.digest = digest
        self.loadedAt = loadedAt
        self.refusal = refusal
        self.mayRead = mayRead
        self.mayReload = mayReload
        self.mayTry = mayTry
        self.done = done
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let reload: HTML? =
            mayReload ? Form.button(t.policyReload, to: "/console/policies/reload", icon: "refresh-cw", context) : nil
        let attempt: HTML? =
            mayTry ? Button.link(t.policyTry, to: "/console/policies/try", style: .primary, icon: "flask-conical") : nil
        let wrong: HTML? = refusal.map { refusal in
            Alert.view(
                .bad, title: t.policyRefused,
                "<p>\(TimeText.view(refusal.at, context))</p>\(ProblemList.view(refusal.problems, mayRead: mayRead))")
        }
        let status: HTML = """
            \(StateChip(.ok, icon: "check", text: t.policyInForce).view) \(CopyText.digest(digest, context)) \
            \(t.policyLoaded(t.relative(loadedAt, to: context.now)))
            """
        let content: HTML = """
            \(PageHead.view(t.policiesTitle, note: HTML(text: t.policiesNote), actions: "\(attempt)\(reload)"))\
            \(done.flatMap(t.syncDone).map { Alert.view(.ok, title: $0) })\(wrong)\
            <p>\(status)</p>\(mirrorTable(t))\(fileList(t))
            """
        let body = ConsoleShell.view(current: .policies, context: context, content: content)
        return Page(title: t.policiesTitle, section: .console, body: body)
    }

    private func mirrorTable(_ t: L10n) -> HTML {
        let rows = mirrors.map { mirror -> [HTML] in
            let place = "\(mirror.file):\(mirror.line)"
            let link: HTML =
                mayRead
                ? "<a class=\"path\" href=\(url: PolicyPlace.address(file: mirror.file, line: mirror.line))>\(place)</a>"
                : "<span class=\"path\">\(place)</span>"
            return [
                "<span id=\"mirror-\(mirror.name)\">\(mirror.name)</span>\(mirror.owner.map { owner -> HTML in "<br><span class=\"hint\">\(owner)</span>" })",
                HTML(text: t.policyModeName(mirror.mode)), HTML(text: mirror.upstreams.joined(separator: ", ")),
                HTML(text: t.number(mirror.rules)), HTML(text: t.policyOutcome(mirror.otherwise)),
                HTML(text: mirror.schedule ?? "–"), link,
            ]
        }
        return Panel.view(
            t.policyMirrors,
            DataTable.view(
                t.policyMirrors,
                columns: [
                    .init(t.jobMirror, sorted: "ascending"), .init(t.policyMode), .init(t.upstreamsTitle),
                    .init(t.policyRules, isNumber: true), .init(t.policyDefault), .init(t.policySchedule),
                    .init(t.policyPlace),
                ], rows: rows, asCards: true))
    }

    private func fileList(_ t: L10n) -> HTML {
        guard mayRead else { return "<p class=\"hint\">\(t.policyNotShown)</p>" }
        let items = files.map { file -> HTML in
            "<li><a class=\"path\" href=\(url: PolicyPlace.address(file: file, line: nil))>\(file)</a></li>"
        }
        return Panel.view(t.policyFiles, "<ul class=\"plain-list\">\(each: items)</ul>")
    }
}

/// What stands in its place where no file governs.
package struct NoPoliciesPage: Sendable {
    package init() {}

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let content: HTML = """
            \(PageHead.view(t.policiesTitle, note: HTML(text: t.policiesNote)))\
            \(Empty.view(title: t.policiesNoneTitle, text: t.policiesNone, command: "weir serve --mirrors mirrors.d", context))
            """
        let body = ConsoleShell.view(current: .policies, context: context, content: content)
        return Page(title: t.policiesTitle, section: .console, body: body)
    }
}

/// Where the console shows a place of a policy file.
package enum PolicyPlace {
    /// - Parameter file: such as `mirrors.d/hf.yaml`.
    package static func address(file: String, line: Int?) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return "/console/policies/\(URLText.component(name))\(line.map { "#L\($0)" } ?? "")"
    }

    /// Reads `mirrors.d/hf.yaml:14:3: error: …`; nil for what begins with no place.
    package static func read(_ problem: String) -> (file: String, line: Int)? {
        let parts = problem.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count > 2, let line = Int(parts[1]) else { return nil }
        return (String(parts[0]), line)
    }
}

/// What is wrong with policy files, each with a link to its line.
enum ProblemList {
    static func view(_ problems: [String], mayRead: Bool) -> HTML {
        let items = problems.map { problem -> HTML in
            guard mayRead, let place = PolicyPlace.read(problem) else { return "<li>\(problem)</li>" }
            return "<li><a href=\(url: PolicyPlace.address(file: place.file, line: place.line))>\(problem)</a></li>"
        }
        return "<ul class=\"problems\">\(each: items)</ul>"
    }
}

/// A policy file with its lines, and what is wrong with some of them.
package struct PolicyFilePage: Sendable {
    package let name: String
    package let text: String
    /// Lines that are wrong.
    package let wrong: Set<Int>
    package let problems: [String]
    package let mayTry: Bool

    package init(name: String, text: String, wrong: Set<Int>, problems: [String], mayTry: Bool) {
        self.name = name
        self.text = text
        self.wrong = wrong
        self.problems = problems
        self.mayTry = mayTry
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let short = name.split(separator: "/").last.map(String.init) ?? name
        let attempt: HTML? =
            mayTry
            ? Button.link(
                t.policyTryThis, to: "/console/policies/try?file=\(URLText.component(short))", style: .primary,
                icon: "flask-conical") : nil
        let alert: HTML? =
            problems.isEmpty ? nil : Alert.view(.bad, title: t.policyRefused, ProblemList.view(problems, mayRead: true))
        let content: HTML = """
            \(PageHead.view(name, actions: attempt))\(alert)\(Self.source(text, wrong: wrong, label: t.policySource))
            """
        let body = ConsoleShell.view(current: .policies, context: context, content: content)
        return Page(title: name, section: .console, body: body)
    }

    static func source(_ text: String, wrong: Set<Int>, label: String) -> HTML {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let items = lines.enumerated().map { index, line -> HTML in
            let number = index + 1
            return
                "<li id=\"L\(number)\"\(attribute: "class", wrong.contains(number) ? "wrong" : nil)>\(String(line))</li>"
        }
        return """
            <div class="source-wrap" tabindex="0" role="region" aria-label="\(label)"><ol class="source">\(each: items)</ol></div>
            """
    }
}

/// What would be if a policy file read otherwise. Nothing is saved.
package struct PolicyTrialPage: Sendable {
    package struct Change: Sendable, Hashable {
        package enum Kind: Int, Sendable, Hashable, CaseIterable {
            case blocked, allowed, mirrored, other
        }

        package let kind: Kind
        package let repository: String
        package let address: String
        package let before: String
        package let after: String
        package let reason: String?
        package let blockedFiles: Int
        package let downloads: Int64

        package init(
            kind: Kind, repository: String, address: String, before: String, after: String, reason: String?,
            blockedFiles: Int, downloads: Int64
        ) {
            self.kind = kind
            self.repository = repository
            self.address = address
            self.before = before
            self.after = after
            self.reason = reason
            self.blockedFiles = blockedFiles
            self.downloads = downloads
        }
    }

    package struct Result: Sendable {
        package let changes: [Change]
        package let repositories: Int
        package let bytesToFetch: Int64
        package let remarks: [String]

        package init(changes: [Change], repositories: Int, bytesToFetch: Int64, remarks: [String]) {
            self.changes = changes
            self.repositories = repositories
            self.bytesToFetch = bytesToFetch
            self.remarks = remarks
        }
    }

    package let files: [String]
    package let file: String
    package let text: String
    package let result: Result?
    package let problems: [String]

    /// Changes of one kind that are shown.
    private static let shown = 200

    package init(files: [String], file: String, text: String, result: Result?, problems: [String]) {
        self.files = files
        self.file = file
        self.text = text
        self.result = result
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let choices = files.map { ($0, $0) } + [("changed.yaml", t.policyNewFile)]
        let fields: HTML = """
            \(Form.field(t.policyFileName, for: "file", Form.select("file", id: "file", options: choices, selected: file)))\
            \(Form.field(t.policyText, for: "text", Form.textarea("text", id: "text", value: text, rows: 20, required: true, isMono: true)))\
            <div class="actions">\(Button.submit(t.policyCheck, style: .primary))</div>
            """
        let wrong: HTML? =
            problems.isEmpty ? nil : Alert.view(.bad, title: t.policyWrong, ProblemList.view(problems, mayRead: false))
        let lines: HTML? =
            problems.isEmpty
            ? nil
            : PolicyFilePage.source(
                text, wrong: Set(problems.compactMap { PolicyPlace.read($0)?.line }), label: t.policyText)
        let content: HTML = """
            \(PageHead.view(t.policyTry, note: HTML(text: t.policyTryNote)))\(wrong)\(lines)\
            \(result.map { view($0, t) })\(Panel.view(t.policyTry, Form.post("/console/policies/try", context, fields)))
            """
        let body = ConsoleShell.view(current: .policies, context: context, content: content)
        return Page(title: t.policyTry, section: .console, body: body, status: problems.isEmpty ? 200 : 422)
    }

    private func view(_ result: Result, _ t: L10n) -> HTML {
        let lists = Change.Kind.allCases.map { kind in
            list(kind, result.changes.filter { $0.kind == kind }, t)
        }
        let remarks = result.remarks.map { remark -> HTML in "<li>\(remark)</li>" }
        return """
            <section class="panel" id="result"><p>\(t.policyLooked(result.repositories)) \
            \(if: result.changes.isEmpty, HTML(text: t.policyNoChange))\
            \(if: result.bytesToFetch > 0, HTML(text: t.policyToFetch(t.bytes(result.bytesToFetch))))</p>\
            \(each: lists)\(if: !remarks.isEmpty, "<ul class=\"hint\">\(each: remarks)</ul>")</section>
            """
    }

    private func list(_ kind: Change.Kind, _ changes: [Change], _ t: L10n) -> HTML {
        guard !changes.isEmpty else { return HTML() }
        let title =
            switch kind {
            case .blocked: t.policyBlocked(changes.count)
            case .allowed: t.policyAllowed(changes.count)
            case .mirrored: t.policyMirrored(changes.count)
            case .other: t.policyOther(changes.count)
            }
        let rows = changes.prefix(Self.shown).map { change -> [HTML] in
            let files: HTML? =
                change.blockedFiles > 0 ? " · \(t.policyBlockedFiles(change.blockedFiles))" : nil
            return [
                "<a href=\(url: change.address)>\(change.repository)</a>\(files)",
                HTML(text: t.policyOutcome(change.before)), HTML(text: t.policyOutcome(change.after)),
                HTML(text: change.reason ?? ""), HTML(text: t.number(change.downloads)),
            ]
        }
        return """
            <h2>\(title)</h2>\(DataTable.view(title, columns: [.init(t.syncRepository), .init(t.policyBefore), .init(t.policyAfter), .init(t.syncWhy), .init(t.policyDownloads, isNumber: true, sorted: "descending")], rows: Array(rows)))
            """
    }
}
