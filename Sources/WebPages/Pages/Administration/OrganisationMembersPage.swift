/// Who belongs to an organisation, and as what.
package struct OrganisationMembersPage: Sendable {
    package struct Member: Sendable {
        let name: String
        let role: String
        let since: Int64

        package init(name: String, role: String, since: Int64) {
            self.name = name
            self.role = role
            self.since = since
        }
    }

    let frame: OrganisationFrame
    let members: [Member]
    let total: Int64
    let next: String?
    let isFirst: Bool
    /// What was written into the form that was refused.
    let draft: (name: String, role: String)
    let problems: [String: String]

    /// - Parameter next: the name after which the next page begins.
    package init(
        frame: OrganisationFrame, members: [Member], total: Int64, next: String?, isFirst: Bool,
        draft: (name: String, role: String) = ("", "reader"), problems: [String: String] = [:]
    ) {
        self.frame = frame
        self.members = members
        self.total = total
        self.next = next
        self.isFirst = isFirst
        self.draft = draft
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let address = frame.address(.members)
        return frame.page(
            .members, note: t.organisationMembersNote, status: problems.isEmpty ? 200 : 400,
            """
            \(table(address, context))\
            \(Pager.view(
                previous: isFirst ? nil : address, next: next.map { "\(address)?after=\(URLText.component($0))" },
                note: t.organisationMemberCount(total), context))\
            \(RoleMatrix.view(context))\
            \(if: frame.canManage, Panel.view(t.organisationAddMember, id: "new", form(address, context)))\(leave(address, context))
            """, context)
    }

    private func table(_ address: String, _ context: PageContext) -> HTML {
        let t = context.t
        var columns: [DataTable.Column] = [
            .init(t.organisationMember, sorted: "ascending"), .init(t.organisationRoleLabel),
            .init(t.organisationSince),
        ]
        if frame.canManage { columns.append(.init(t.accountActions)) }
        let rows = members.enumerated().map { index, member -> [HTML] in
            var cells: [HTML] = [
                "<a href=\(url: "/\(URLText.component(member.name))")>\(member.name)</a>",
                HTML(text: t.organisationRole(member.role)), TimeText.view(member.since, context),
            ]
            guard frame.canManage else { return cells }
            let id = "role-\(index)"
            cells[1] = Form.post(
                address, context, class: "form-inline",
                """
                <input type="hidden" name="do" value="put"><input type="hidden" name="user" value="\(member.name)">\
                <label class="hidden" for="\(id)">\(t.organisationRoleOf(member.name))</label>\
                \(RoleMatrix.select(id, selected: member.role, t))\(Button.submit(t.organisationChange, style: .quiet))
                """)
            cells.append(
                Confirmation.view(
                    t.accountRemove, warning: t.organisationRemoveWarning(member.name), action: address,
                    fields: [("do", "remove"), ("user", member.name)], subject: member.name, context))
            return cells
        }
        return DataTable.view(t.organisationMembers, columns: columns, rows: rows)
    }

    private func form(_ address: String, _ context: PageContext) -> HTML {
        let t = context.t
        let user = Form.input(
            "user", id: "user", value: draft.name, required: true, autocomplete: "off", maximum: 96,
            describedBy: problems["user"] == nil ? nil : "user-problem", isWrong: problems["user"] != nil)
        return Form.post(
            address, context, class: "form-row",
            """
            <input type="hidden" name="do" value="put"><input type="hidden" name="new" value="1">\
            \(Form.field(t.userName, for: "user", problem: problems["user"], user))\
            \(Form.field(t.organisationRoleLabel, for: "role", RoleMatrix.select("role", selected: draft.role, t)))\
            \(Button.submit(t.organisationAdd, style: .primary))
            """)
    }

    private func leave(_ address: String, _ context: PageContext) -> HTML {
        guard let visitor = context.visitor, members.contains(where: { $0.name == visitor.name }) else {
            return HTML()
        }
        let confirmation = Confirmation.view(
            context.t.organisationLeave, warning: context.t.organisationLeaveWarning, action: address,
            fields: [("do", "leave")], subject: frame.name, context)
        return "<div class=\"after-table\">\(confirmation)</div>"
    }
}

/// The teams of an organisation.
package struct OrganisationTeamsPage: Sendable {
    package struct Team: Sendable {
        let name: String
        let createdAt: Int64
        let members: [String]

        package init(name: String, createdAt: Int64, members: [String]) {
            self.name = name
            self.createdAt = createdAt
            self.members = members
        }
    }

    let frame: OrganisationFrame
    let teams: [Team]

    package init(frame: OrganisationFrame, teams: [Team]) {
        self.frame = frame
        self.teams = teams
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let address = frame.address(.teams)
        let list =
            teams.isEmpty
            ? Empty.view(title: t.organisationTeamsNone, text: t.organisationTeamsNoneText, context)
            : teams.enumerated().map { team($0.element, $0.offset, address, context) }.joined()
        let form = Form.post(
            address, context, class: "form-row",
            """
            <input type="hidden" name="do" value="create">\
            \(Form.field(t.organisationTeamName, for: "team", Form.input("team", id: "team", required: true,
                autocomplete: "off", maximum: 96)))\(Button.submit(t.organisationCreate, style: .primary))
            """)
        return frame.page(
            .teams, note: t.organisationTeamsNote,
            "\(list)\(if: frame.canManage, Panel.view(t.organisationTeamNew, id: "new", form))", context)
    }

    private func team(_ team: Team, _ index: Int, _ address: String, _ context: PageContext) -> HTML {
        let t = context.t
        let members = team.members.map { user -> HTML in
            let out =
                frame.canManage
                ? Form.button(
                    t.organisationTakeOut(user), to: address,
                    fields: [("do", "take-out"), ("team", team.name), ("user", user)], style: .quiet, context) : HTML()
            return "<li><a href=\(url: "/\(URLText.component(user))")>\(user)</a>\(out)</li>"
        }
        let id = "add-\(index)"
        let add = Form.post(
            address, context, class: "form-inline",
            """
            <input type="hidden" name="do" value="add"><input type="hidden" name="team" value="\(team.name)">\
            <label class="hidden" for="\(id)">\(t.organisationTeamAdd(team.name))</label>\
            \(Form.input("user", id: id, placeholder: t.userName, required: true, autocomplete: "off", maximum: 96))\
            \(Button.submit(t.organisationAdd))
            """)
        let remove = Confirmation.view(
            t.accountRemove, warning: t.organisationTeamWarning(team.name), action: address,
            fields: [("do", "remove"), ("team", team.name)], subject: team.name, context)
        let list: HTML =
            members.isEmpty
            ? "<p class=\"hint\">\(t.organisationNobodyYet)</p>"
            : "<ul class=\"plain-list people\">\(each: members)</ul>"
        return Panel.view(
            team.name, actions: frame.canManage ? remove : nil,
            "<p class=\"hint\">\(t.accountCreated) \(TimeText.view(team.createdAt, context))</p>\(list)\(if: frame.canManage, add)"
        )
    }
}
