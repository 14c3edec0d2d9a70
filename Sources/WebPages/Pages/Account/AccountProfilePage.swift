/// What others see of somebody.
package struct AccountProfilePage: Sendable {
    package struct Profile: Sendable {
        package var fullName = ""
        package var email = ""
        package var homepage = ""
        package var bio = ""

        package init() {}
    }

    package struct Membership: Sendable {
        let organisation: String
        let role: String

        package init(organisation: String, role: String) {
            self.organisation = organisation
            self.role = role
        }
    }

    let name: String
    let isAdministrator: Bool
    let createdAt: Int64
    let profile: Profile
    let memberships: [Membership]
    let notice: String?
    /// What was wrong, by field.
    let problems: [String: String]

    package init(
        name: String, isAdministrator: Bool, createdAt: Int64, profile: Profile, memberships: [Membership],
        notice: String? = nil, problems: [String: String] = [:]
    ) {
        self.name = name
        self.isAdministrator = isAdministrator
        self.createdAt = createdAt
        self.profile = profile
        self.memberships = memberships
        self.notice = notice
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let facts = FactList.view([
            (t.userName, "<span class=\"mono\">\(name)</span>"),
            (t.accountKindOf, HTML(text: isAdministrator ? t.accountAdministrator : t.accountPerson)),
            (t.accountSince, TimeText.view(createdAt, context)),
        ])
        let form: HTML = """
            \(field("fullName", t.accountFullName, profile.fullName, autocomplete: "name", t))\
            \(field("email", t.accountEmail, profile.email, type: "email", autocomplete: "email", t))\
            \(field("homepage", t.accountHomepage, profile.homepage, type: "url", autocomplete: "url", t))\
            \(Form.field(t.accountBio, for: "bio", problem: problems["bio"],
                Form.textarea("bio", id: "bio", value: profile.bio, rows: 4)))\
            <p class="actions">\(Button.submit(t.save, style: .primary))</p>
            """
        return AccountFrame.page(
            .profile, note: t.accountProfileNote, notice: notice, status: problems.isEmpty ? 200 : 400,
            """
            <div class="split">\(Form.post("/settings", context, form))<div>\(facts)\
            <h2>\(t.accountMemberships)</h2>\(organisations(t))</div></div>
            """, context)
    }

    private func organisations(_ t: L10n) -> HTML {
        guard !memberships.isEmpty else { return "<p class=\"hint\">\(t.accountNoMemberships)</p>" }
        let items = memberships.map { one -> HTML in
            """
            <li><a href=\(url: "/\(URLText.component(one.organisation))")>\(one.organisation)</a>\
            <span class="hint">\(t.organisationRole(one.role))</span></li>
            """
        }
        return "<ul class=\"plain-list\">\(each: items)</ul>"
    }

    private func field(
        _ name: String, _ label: String, _ value: String, type: String = "text", autocomplete: String, _ t: L10n
    ) -> HTML {
        let problem = problems[name]
        return Form.field(
            label, for: name, problem: problem,
            Form.input(
                name, id: name, value: value, type: type, autocomplete: autocomplete, maximum: 255,
                describedBy: problem == nil ? nil : "\(name)-problem", isWrong: problem != nil))
    }
}

/// Changing one's own password.
package struct AccountPasswordPage: Sendable {
    let userName: String
    let notice: String?
    let problems: [String: String]
    let status: Int

    package init(userName: String, notice: String? = nil, problems: [String: String] = [:], status: Int = 200) {
        self.userName = userName
        self.notice = notice
        self.problems = problems
        self.status = status
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        // Password managers look for whose password it is.
        let form: HTML = """
            <input class="hidden" type="text" name="username" value="\(userName)" autocomplete="username" tabindex="-1" \
            aria-hidden="true" readonly>\
            \(field("current", t.accountPasswordNow, autocomplete: "current-password"))\
            \(field("new", t.accountPasswordNew, hint: t.accountPasswordRules, autocomplete: "new-password"))\
            \(field("again", t.accountPasswordAgain, autocomplete: "new-password"))\
            <p class="actions">\(Button.submit(t.accountPasswordChange, style: .primary))</p>
            """
        return AccountFrame.page(
            .password, note: t.accountPasswordNote, notice: notice, status: status,
            Form.post("/settings/password", context, class: "form narrow-form", form), context)
    }

    private func field(_ name: String, _ label: String, hint: String? = nil, autocomplete: String) -> HTML {
        let problem = problems[name]
        let description = problem == nil ? hint == nil ? nil : "\(name)-hint" : "\(name)-problem"
        return Form.field(
            label, for: name, hint: hint, problem: problem,
            Form.input(
                name, id: name, type: "password", required: true, autocomplete: autocomplete, maximum: 128,
                describedBy: description, isWrong: problem != nil))
    }
}

/// How somebody wants this site to be.
package struct AccountPreferencesPage: Sendable {
    let notice: String?

    package init(notice: String? = nil) {
        self.notice = notice
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let languages = Language.allCases.map { ($0.rawValue, $0.ownName) }
        let themes: [(String, String)] = [
            (PageContext.Theme.automatic.rawValue, t.themeAutomatic),
            (PageContext.Theme.light.rawValue, t.themeLight), (PageContext.Theme.dark.rawValue, t.themeDark),
        ]
        let form: HTML = """
            \(Form.field(t.language_, for: "language",
                Form.select("language", id: "language", options: languages, selected: t.language.rawValue)))\
            \(Form.field(t.theme, for: "theme",
                Form.select("theme", id: "theme", options: themes, selected: context.theme.rawValue)))\
            <p class="actions">\(Button.submit(t.save, style: .primary))</p>
            """
        return AccountFrame.page(
            .preferences, note: t.accountPreferencesNote, notice: notice,
            """
            \(Form.post("/settings/preferences", context, class: "form narrow-form", form))\
            <section class="panel"><div class="panel-head"><h2>\(t.accountKeyboard)</h2></div>\
            <p>\(t.accountKeyboardHint)</p><button class="button" type="button" hidden data-opens="keys" \
            aria-haspopup="dialog">\(t.accountKeyboardOpen)</button></section>
            """, context)
    }
}
