/// What is asked of every change that is committed: what it does, and where it goes.
package struct ChangeFields: Sendable, Hashable {
    package enum Target: String, Sendable {
        /// The branch itself.
        case branch
        /// A pull request that proposes it.
        case pull
    }

    package var summary: String
    package var description: String
    package var target: Target
    /// The branch as people call it.
    package let branch: String
    /// Whether the reader may commit to the branch.
    package let mayCommit: Bool
    /// Whether he may propose a change to it.
    package let mayPropose: Bool
    /// What the change is called when nobody names it.
    package let fallback: String
    /// What was wrong with the summary.
    package var problem: String?

    package init(
        summary: String = "", description: String = "", target: Target? = nil, branch: String, mayCommit: Bool,
        mayPropose: Bool, fallback: String, problem: String? = nil
    ) {
        self.summary = summary
        self.description = description
        self.target = mayCommit ? target ?? .branch : .pull
        self.branch = branch
        self.mayCommit = mayCommit
        self.mayPropose = mayPropose
        self.fallback = fallback
        self.problem = problem
    }

    func view(_ t: L10n) -> HTML {
        """
        \(Form.field(
            t.commitSummary, for: "summary", problem: problem,
            Form.input(
                "summary", id: "summary", value: summary, placeholder: fallback, maximum: 200,
                describedBy: problem == nil ? nil : "summary-problem", isWrong: problem != nil)))\
        \(Form.field(
            t.commitDescription, for: "description",
            Form.textarea("description", id: "description", value: description, rows: 3)))\
        \(targets(t))
        """
    }

    private func targets(_ t: L10n) -> HTML {
        guard mayPropose else { return "<input type=\"hidden\" name=\"target\" value=\"branch\">" }
        let branchChoice: HTML? = mayCommit ? choice(.branch, t.commitTo(branch), nil) : nil
        return """
            <fieldset class="choices"><legend>\(t.commitTarget)</legend>\(branchChoice)\
            \(choice(.pull, t.commitAsPullRequest, mayCommit ? nil : t.commitOnlyProposed))</fieldset>
            """
    }

    private func choice(_ value: Target, _ label: String, _ hint: String?) -> HTML {
        """
        <label class="check" for="target-\(value.rawValue)"><input type="radio" id="target-\(value.rawValue)" \
        name="target" value="\(value.rawValue)"\(flag: "checked", value == target)><span>\(label)\
        \(hint.map { hint -> HTML in "<small class=\"hint\">\(hint)</small>" })</span></label>
        """
    }
}

/// Where a change is made: the repository and the branch.
package struct ChangePlace: Sendable, Hashable {
    package let header: RepositoryHeader
    /// As the address has it.
    package let revision: String

    package init(header: RepositoryHeader, revision: String) {
        self.header = header
        self.revision = revision
    }

    func address(_ page: String, path: String = "") -> String {
        header.address(page, revision: revision, path: path)
    }

    /// The folder or file as a row of links.
    func crumbs(_ path: String, _ t: L10n) -> HTML {
        var links: [HTML] = ["<a href=\(url: address("tree"))>\(header.name)</a>"]
        let names = path.split(separator: "/").map(String.init)
        for (index, name) in names.enumerated() {
            if index == names.count - 1 {
                links.append("<strong>\(name)</strong>")
            } else {
                let folder = names[...index].joined(separator: "/")
                links.append("<a href=\(url: address("tree", path: folder))>\(name)</a>")
            }
        }
        let row = links.enumerated().map { index, link -> HTML in
            index == 0 ? link : "<span aria-hidden=\"true\"> / </span>\(link)"
        }
        return """
            <p class="change-place">\(StateChip(.neutral, icon: "git-branch", text: revision).view) \(each: row)</p>
            """
    }
}
