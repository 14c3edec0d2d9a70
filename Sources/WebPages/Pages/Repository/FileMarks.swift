/// How the content of a file stands: whether its bytes are here and right, and what scans found in them.
package struct FileState: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        /// In git, where every object is named by its own digest.
        case inGit
        /// A large file whose bytes are here and were compared with their SHA-256; when, in milliseconds since 1970.
        case verified(at: Int64?)
        /// A large file that comes from its upstream when somebody asks for it.
        case notHere
    }

    package enum Scan: String, Sendable, Hashable, CaseIterable {
        case clean, pending, unknown, suspicious, dangerous
    }

    package var content: Content
    /// Nil where nobody scans.
    package var scan: Scan?
    /// What was found, in the scanners' words.
    package var findings: [String]

    package init(content: Content, scan: Scan? = nil, findings: [String] = []) {
        self.content = content
        self.scan = scan
        self.findings = findings
    }

    /// As two small pictures, for rows.
    func marks(_ t: L10n) -> HTML { "<span class=\"marks\">\(contentMark(t))\(scanMark(t))</span>" }

    private func contentMark(_ t: L10n) -> HTML {
        switch content {
        case .inGit: Self.mark(.ok, "check", t.verifiedByGit)
        case .verified: Self.mark(.ok, "check", t.verifiedHere)
        case .notHere: Self.mark(.neutral, "cloud", t.contentNotHere)
        }
    }

    private func scanMark(_ t: L10n) -> HTML {
        guard let scan else { return HTML() }
        let text = ([t.repoScan(scan)] + findings.prefix(3)).joined(separator: " · ")
        return switch scan {
        case .clean: Self.mark(.ok, "shield-check", text)
        case .pending: Self.mark(.neutral, "clock", text)
        case .unknown: Self.mark(.warn, "shield", text)
        case .suspicious: Self.mark(.warn, "shield-alert", text)
        case .dangerous: Self.mark(.bad, "shield-alert", text)
        }
    }

    private static func mark(_ tone: StateChip.Tone, _ icon: String, _ text: String) -> HTML {
        "<span class=\"mark-icon \(tone.rawValue)\" title=\"\(text)\">\(Icon.view(icon))<span class=\"hidden\">\(text)</span></span>"
    }

    /// As chips with words, where there is room.
    func chips(_ t: L10n) -> HTML {
        let stored: StateChip =
            switch content {
            case .inGit: StateChip(.ok, icon: "check", text: t.verifiedByGit)
            case .verified: StateChip(.ok, icon: "check", text: t.verifiedHere)
            case .notHere: StateChip(.neutral, icon: "cloud", text: t.contentNotHere)
            }
        return "\(stored.view)\(scan.map { scan -> HTML in Self.chip(scan, findings, t).view })"
    }

    static func chip(_ scan: Scan, _ findings: [String] = [], _ t: L10n) -> StateChip {
        let detail = findings.isEmpty ? nil : findings.prefix(5).joined(separator: " · ")
        return switch scan {
        case .clean: StateChip(.ok, icon: "shield-check", text: t.repoScan(scan), detail: detail)
        case .pending: StateChip(.neutral, icon: "clock", text: t.repoScan(scan), detail: detail)
        case .unknown: StateChip(.warn, icon: "shield", text: t.repoScan(scan), detail: detail)
        case .suspicious: StateChip(.warn, icon: "shield-alert", text: t.repoScan(scan), detail: detail)
        case .dangerous: StateChip(.bad, icon: "shield-alert", text: t.repoScan(scan), detail: detail)
        }
    }
}

/// A commit as lists show it.
package struct CommitSummary: Sendable, Hashable {
    package let oid: String
    package let title: String
    package let author: String
    /// Milliseconds since 1970.
    package let time: Int64

    package init(oid: String, title: String, author: String, time: Int64) {
        self.oid = oid
        self.title = title
        self.author = author
        self.time = time
    }
}

/// Where a page stands in a repository: the revision as it was asked for, and the commit that is.
package struct RevisionPlace: Sendable, Hashable {
    /// As the address has it: a branch, a tag, a commit.
    package let revision: String
    package let commit: String
    package let branches: [String]
    package let tags: [String]

    package init(revision: String, commit: String, branches: [String] = [], tags: [String] = []) {
        self.revision = revision
        self.commit = commit
        self.branches = branches
        self.tags = tags
    }

    /// What names it in a few characters.
    var label: String { revision == commit ? String(revision.prefix(10)) : revision }

    private static let shown = 100

    /// The branches and tags to go to, each to the same place.
    /// - Parameter link: the address of a revision.
    func picker(_ t: L10n, all: String, _ link: (String) -> String) -> HTML {
        func group(_ title: String, _ names: [String]) -> HTML {
            guard !names.isEmpty else { return HTML() }
            let items = names.prefix(Self.shown).map { name -> HTML in
                "<li><a href=\(url: link(name))\(attribute: "aria-current", name == revision ? "true" : nil)>\(name)</a></li>"
            }
            return "<p class=\"menu-title\">\(title)</p><ul>\(each: items)</ul>"
        }
        return """
            <details class="menu revisions"><summary class="button">\(Icon.view("git-branch"))\
            <span class="hidden">\(t.repoRevision): </span><span class="revision-name">\(label)</span></summary>\
            <div class="menu-list">\(group(t.repoBranches, branches))\(group(t.repoGitTags, tags))\
            <p><a href=\(url: all)>\(t.allBranches)</a></p></div></details>
            """
    }
}

/// The folders that lead to a path.
enum Breadcrumbs {
    /// - Parameter isFile: whether the last part is no folder.
    static func view(_ header: RepositoryHeader, _ revision: String, path: String, isFile: Bool, _ t: L10n) -> HTML {
        let parts = path.isEmpty ? [] : path.split(separator: "/").map(String.init)
        var items: [HTML] = []
        let root = header.address("tree", revision: revision)
        items.append(
            parts.isEmpty
                ? "<li aria-current=\"page\">\(header.name)</li>" : "<li><a href=\(url: root)>\(header.name)</a></li>")
        var walked = ""
        for (index, part) in parts.enumerated() {
            walked += walked.isEmpty ? part : "/\(part)"
            if index == parts.count - 1 {
                items.append("<li aria-current=\"page\">\(part)</li>")
            } else {
                items.append(
                    "<li><a href=\(url: header.address("tree", revision: revision, path: walked))>\(part)</a></li>")
            }
        }
        return "<nav class=\"crumbs\" aria-label=\"\(t.pathOfFile)\"><ol>\(each: items)</ol></nav>"
    }
}
