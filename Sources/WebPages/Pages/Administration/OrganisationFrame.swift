/// The frame of an organisation's own pages.
package struct OrganisationFrame: Sendable {
    package enum Part: String, Sendable, CaseIterable {
        case members, teams, robots, tokens, grants, quota, settings

        func title(_ t: L10n) -> String {
            switch self {
            case .members: t.organisationMembers
            case .teams: t.organisationTeams
            case .robots: t.organisationRobots
            case .tokens: t.organisationTokens
            case .grants: t.organisationGrants
            case .quota: t.organisationQuota
            case .settings: t.organisationSettings
            }
        }

        /// Whether members may see it who manage nothing.
        var isForMembers: Bool { self == .members || self == .teams }
    }

    let name: String
    let fullName: String
    let canManage: Bool
    let notice: String?
    let problem: String?

    /// - Parameters:
    ///   - canManage: whether the reader says who is what in it.
    ///   - problem: why something was not done.
    package init(name: String, fullName: String, canManage: Bool, notice: String? = nil, problem: String? = nil) {
        self.name = name
        self.fullName = fullName
        self.canManage = canManage
        self.notice = notice
        self.problem = problem
    }

    func address(_ part: Part) -> String { "/\(URLText.component(name))/-/\(part.rawValue)" }

    func page(_ part: Part, note: String, status: Int = 200, _ content: HTML, _ context: PageContext) -> Page {
        let t = context.t
        let links = Part.allCases.filter { canManage || $0.isForMembers }.map {
            SideFrame.Link($0.title(t), address($0), isCurrent: $0 == part)
        }
        let title = part.title(t)
        let body = SideFrame.view(
            t.organisationNavigation(name), links,
            """
            <p class="crumb"><a href=\(url: "/\(URLText.component(name))")>\(fullName)</a></p>\
            \(PageHead.view(title, note: HTML(text: note)))\(Outcome.view(notice, problem, t))\(content)
            """)
        return Page(title: "\(title) · \(fullName)", body: body, status: problem != nil && status == 200 ? 400 : status)
    }
}

/// What each role of an organisation may do, as a table.
package enum RoleMatrix {
    static let roles = ["reader", "contributor", "writer", "maintainer", "admin"]
    /// Each right, and the lowest step of the ladder that has it.
    private static let rights = [("read", 0), ("create", 1), ("write", 2), ("settings", 3), ("admin", 4)]

    package static func view(_ context: PageContext) -> HTML {
        let t = context.t
        let columns =
            [DataTable.Column(t.organisationRight)] + roles.map { DataTable.Column(t.organisationRole($0)) }
        let rows = rights.map { right, lowest -> [HTML] in
            [HTML(text: t.organisationRightName(right))]
                + roles.indices.map { step in
                    step >= lowest
                        ? "<span class=\"may\"><span aria-hidden=\"true\">✓</span><span class=\"hidden\">\(t.organisationMay)</span></span>"
                        : "<span class=\"may-not\"><span aria-hidden=\"true\">–</span><span class=\"hidden\">\(t.organisationMayNot)</span></span>"
                }
        }
        return """
            <details class="matrix"><summary>\(t.organisationRoles)</summary>\
            \(DataTable.view(t.organisationRoles, columns: columns, rows: rows, class: "table matrix-table", order: t.orderOfRoles))</details>
            """
    }

    /// The choice of a role.
    static func select(_ id: String, selected: String?, roles: [String] = Self.roles, _ t: L10n) -> HTML {
        Form.select("role", id: id, options: roles.map { ($0, t.organisationRole($0)) }, selected: selected)
    }
}
