/// Where people say who they are.
package struct SignInPage: Sendable {
    let next: String?
    let name: String
    let problem: String?

    /// - Parameter next: where to go afterwards.
    package init(next: String?, name: String = "", problem: String? = nil) {
        self.next = next
        self.name = name
        self.problem = problem
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let fields: HTML = """
            \(next.map { next -> HTML in "<input type=\"hidden\" name=\"next\" value=\"\(next)\">" })\
            \(problem.map { Alert.view(.bad, title: $0) })\
            \(Form.field(t.userName, for: "user", Form.input("user", id: "user", value: name, required: true, autocomplete: "username", maximum: 100)))\
            \(Form.field(t.password, for: "password", Form.input("password", id: "password", type: "password", required: true, autocomplete: "current-password", maximum: 1_000)))\
            \(Button.submit(t.signIn, style: .primary))
            """
        let body: HTML = """
            <div class="narrow">\(PageHead.view(t.signIn))\(Form.post("/login", context, fields))</div>
            """
        return Page(title: t.signIn, section: .account, body: body)
    }
}
