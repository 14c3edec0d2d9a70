/// Rights in an organisation apart from membership.
package struct OrganisationGrantsPage: Sendable {
    package struct Grant: Sendable {
        package enum Subject: Sendable {
            case everyone, authenticated
            case user(String?)
            case team(String?)
            case members(organisation: String?, from: String)
        }

        let id: String
        let subject: Subject
        let role: String
        let isDenial: Bool
        let paths: String?
        let refs: String?
        let sources: [String]
        let expiresAt: Int64?

        package init(
            id: String, subject: Subject, role: String, isDenial: Bool, paths: String?, refs: String?,
            sources: [String], expiresAt: Int64?
        ) {
            self.id = id
            self.subject = subject
            self.role = role
            self.isDenial = isDenial
            self.paths = paths
            self.refs = refs
            self.sources = sources
            self.expiresAt = expiresAt
        }
    }

    /// What was written of a grant that is to be made.
    package struct Draft: Sendable {
        package var subject = "user"
        package var name = ""
        package var role = "reader"
        package var effect = "allow"
        package var paths = ""
        package var refs = ""
        package var sources = ""
        package var days = 0

        package init() {}
    }

    static let subjects = ["user", "team", "members", "authenticated", "everyone"]

    let frame: OrganisationFrame
    let grants: [Grant]
    let roles: [String]
    let draft: Draft
    let problems: [String: String]

    package init(
        frame: OrganisationFrame, grants: [Grant], roles: [String], draft: Draft = Draft(),
        problems: [String: String] = [:]
    ) {
        self.frame = frame
        self.grants = grants
        self.roles = roles
        self.draft = draft
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let address = frame.address(.grants)
        let list =
            grants.isEmpty
            ? Empty.view(title: t.organisationGrantsNone, text: t.organisationGrantsNoneText, context)
            : table(address, context)
        return frame.page(
            .grants, note: t.organisationGrantsNote, status: problems.isEmpty ? 200 : 400,
            "\(list)\(Panel.view(t.organisationGrantNew, id: "new", form(address, context)))", context)
    }

    private func table(_ address: String, _ context: PageContext) -> HTML {
        let t = context.t
        let rows = grants.map { grant -> [HTML] in
            let effect =
                grant.isDenial
                ? StateChip(.bad, icon: "ban", text: t.organisationDeny)
                : StateChip(.ok, icon: "check", text: t.organisationAllow)
            let parts = [grant.paths, grant.refs].compactMap(\.self).map { part -> HTML in
                "<code>\(part)</code>"
            }
            return [
                HTML(text: Self.words(grant.subject, t)), effect.view, HTML(text: t.organisationRole(grant.role)),
                parts.isEmpty ? HTML(text: t.organisationEverything) : "<span class=\"stack\">\(each: parts)</span>",
                grant.sources.isEmpty
                    ? HTML(text: t.organisationAnywhere)
                    : "<span class=\"mono\">\(grant.sources.joined(separator: ", "))</span>",
                grant.expiresAt.map { TimeText.view($0, context) } ?? HTML(text: t.accountNever),
                Confirmation.view(
                    t.accountRemove, warning: t.organisationGrantWarning, action: address,
                    fields: [("do", "remove"), ("grant", grant.id)], subject: Self.words(grant.subject, t), context),
            ]
        }
        return DataTable.view(
            t.organisationGrants,
            columns: [
                .init(t.organisationGrantTo), .init(t.organisationEffect), .init(t.organisationRoleLabel),
                .init(t.organisationPaths), .init(t.organisationSources), .init(t.accountExpires),
                .init(t.accountActions),
            ], rows: rows)
    }

    private static func words(_ subject: Grant.Subject, _ t: L10n) -> String {
        switch subject {
        case .everyone: t.organisationSubject("everyone")
        case .authenticated: t.organisationSubject("authenticated")
        case .user(let name): name ?? t.organisationGone
        case .team(let name): name.map { t.organisationTeamNamed($0) } ?? t.organisationGone
        case .members(let name, let role):
            name.map { t.organisationMembersFrom($0, t.organisationRole(role)) } ?? t.organisationGone
        }
    }

    private func form(_ address: String, _ context: PageContext) -> HTML {
        let t = context.t
        func select(_ name: String, _ label: String, _ options: [(String, String)], _ selected: String) -> HTML {
            Form.field(label, for: name, Form.select(name, id: name, options: options, selected: selected))
        }
        func input(_ name: String, _ label: String, _ hint: String, _ value: String) -> HTML {
            let problem = problems[name]
            return Form.field(
                label, for: name, hint: hint, problem: problem,
                Form.input(
                    name, id: name, value: value, autocomplete: "off", maximum: 500,
                    describedBy: problem == nil ? "\(name)-hint" : "\(name)-problem", isWrong: problem != nil))
        }
        let spans = TokenParts.days.map { days in
            (String(days), days == 0 ? t.accountNever : t.accountDays(days))
        }
        return Form.post(
            address, context, class: "form form-grid",
            """
            <input type="hidden" name="do" value="add">\
            \(select("subject", t.organisationGrantTo, Self.subjects.map { ($0, t.organisationSubject($0)) }, draft.subject))\
            \(input("name", t.organisationGrantName, t.organisationGrantNameHint, draft.name))\
            \(select("effect", t.organisationEffect, [("allow", t.organisationAllow), ("deny", t.organisationDeny)], draft.effect))\
            \(select("role", t.organisationRoleLabel, roles.map { ($0, t.organisationRole($0)) }, draft.role))\
            \(input("paths", t.organisationPaths, t.organisationPathsHint, draft.paths))\
            \(input("refs", t.organisationRefs, t.organisationRefsHint, draft.refs))\
            \(input("sources", t.organisationSources, t.organisationSourcesHint, draft.sources))\
            \(select("days", t.accountExpires, spans, String(draft.days)))\
            <p class="actions">\(Button.submit(t.organisationAdd, style: .primary))</p>
            """)
    }
}
