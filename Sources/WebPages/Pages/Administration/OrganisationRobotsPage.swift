/// The accounts of an organisation that are for programs.
package struct OrganisationRobotsPage: Sendable {
    package struct Robot: Sendable {
        let name: String
        let account: String
        let role: String
        let createdAt: Int64
        let expiresAt: Int64?

        package init(name: String, account: String, role: String, createdAt: Int64, expiresAt: Int64?) {
            self.name = name
            self.account = account
            self.role = role
            self.createdAt = createdAt
            self.expiresAt = expiresAt
        }
    }

    let frame: OrganisationFrame
    let robots: [Robot]
    static let roles = ["reader", "contributor", "writer", "maintainer"]

    package init(frame: OrganisationFrame, robots: [Robot]) {
        self.frame = frame
        self.robots = robots
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let address = frame.address(.robots)
        let list =
            robots.isEmpty
            ? Empty.view(title: t.organisationRobotsNone, text: t.organisationRobotsNoneText, context)
            : table(address, context)
        let spans = TokenParts.days.map { days in
            (String(days), days == 0 ? t.accountNever : t.accountDays(days))
        }
        let form = Form.post(
            address, context, class: "form-row",
            """
            <input type="hidden" name="do" value="create">\
            \(Form.field(t.accountName, for: "robot", Form.input("robot", id: "robot", required: true,
                autocomplete: "off", maximum: 90)))\
            \(Form.field(t.organisationRoleLabel, for: "role",
                RoleMatrix.select("role", selected: "reader", roles: Self.roles, t)))\
            \(Form.field(t.accountExpires, for: "days", Form.select("days", id: "days", options: spans, selected: "0")))\
            \(Button.submit(t.organisationCreate, style: .primary))
            """)
        return frame.page(
            .robots, note: t.organisationRobotsNote,
            "\(list)\(Panel.view(t.organisationRobotNew, id: "new", form))", context)
    }

    private func table(_ address: String, _ context: PageContext) -> HTML {
        let t = context.t
        let rows = robots.map { robot -> [HTML] in
            [
                CopyText.digest(robot.account, shown: 100, context), HTML(text: t.organisationRole(robot.role)),
                TimeText.view(robot.createdAt, context),
                robot.expiresAt.map { TimeText.view($0, context) } ?? HTML(text: t.accountNever),
                """
                <div class="actions">\(Button.link(t.organisationTokensOf, to: "\(frame.address(.tokens))#\(robot.name)"))\
                \(Confirmation.view(
                    t.accountRemove, warning: t.organisationRobotWarning(robot.account), action: address,
                    fields: [("do", "remove"), ("robot", robot.name)], subject: robot.account, context))</div>
                """,
            ]
        }
        return DataTable.view(
            t.organisationRobots,
            columns: [
                .init(t.organisationRobot, sorted: "ascending"), .init(t.organisationRoleLabel),
                .init(t.accountCreated), .init(t.accountExpires), .init(t.accountActions),
            ], rows: rows)
    }
}

/// The tokens of an organisation's robots.
package struct OrganisationTokensPage: Sendable {
    let frame: OrganisationFrame
    let robots: [(name: String, tokens: [TokenLine])]
    let chosen: String?
    let draft: TokenDraft
    let shown: TokenReveal.Shown?
    let problems: [String: String]

    package init(
        frame: OrganisationFrame, robots: [(name: String, tokens: [TokenLine])], chosen: String? = nil,
        draft: TokenDraft = TokenDraft(), shown: TokenReveal.Shown? = nil, problems: [String: String] = [:]
    ) {
        self.frame = frame
        self.robots = robots
        self.chosen = chosen
        self.draft = draft
        self.shown = shown
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let address = frame.address(.tokens)
        let content: HTML
        if robots.isEmpty {
            content = Empty.view(
                title: t.organisationRobotsNone, text: t.organisationRobotsNoneText,
                action: Button.link(
                    t.organisationRobotNew, to: "\(frame.address(.robots))#new", style: .primary), context)
        } else {
            let lists = robots.map { robot -> HTML in
                Panel.view(
                    "\(frame.name)+\(robot.name)", id: robot.name,
                    robot.tokens.isEmpty
                        ? "<p class=\"hint\">\(t.adminNoTokens)</p>"
                        : TokenParts.table(
                            robot.tokens, label: robot.name, action: address, fields: [("robot", robot.name)], context))
            }
            let choice = Form.select(
                "robot", id: "robot-of-token", options: robots.map { ($0.name, "\(frame.name)+\($0.name)") },
                selected: chosen)
            // The choice of the robot belongs to the same form.
            let form = TokenParts.form(
                draft, scopes: ["read", "upload", "write"], problems: problems, action: address,
                leading: Form.field(t.organisationRobot, for: "robot-of-token", choice), context)
            content = "\(each: lists)\(if: shown == nil, Panel.view(t.accountTokenNew, id: "new", form))"
        }
        return frame.page(
            .tokens, note: t.organisationTokensNote, status: shown != nil ? 201 : problems.isEmpty ? 200 : 400,
            "\(shown.map { TokenReveal.view($0, back: address, context) })\(content)", context)
    }
}
