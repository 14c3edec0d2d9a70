/// Where people say who they are.
package struct SignInPage: Sendable {
    let next: String?
    let name: String
    let problem: String?
    let isResuming: Bool

    /// - Parameters:
    ///   - next: where to go afterwards; anything but a place on this hub is forgotten.
    ///   - isResuming: whether somebody was on his way to a page, and is told that he gets there.
    package init(next: String?, name: String = "", problem: String? = nil, isResuming: Bool = false) {
        self.next = next.flatMap { SafeAddress.isLocal($0) ? $0 : nil }
        self.name = name
        self.problem = problem
        self.isResuming = isResuming
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let user = Form.input(
            "user", id: "user", value: name, required: true, autocomplete: "username", maximum: 100)
        let password = Form.input(
            "password", id: "password", type: "password", required: true, autocomplete: "current-password",
            maximum: 1_000)
        let fields: HTML = """
            \(next.map { next -> HTML in "<input type=\"hidden\" name=\"next\" value=\"\(next)\">" })\
            \(Form.field(t.userName, for: "user", user))\
            \(Form.field(t.password, for: "password", hint: t.signInForgotten, password))\
            <p class="actions">\(Button.submit(t.signIn, style: .primary))</p>
            """
        let body: HTML = """
            <div class="narrow sign-in">\(PageHead.view(t.signIn))\
            \(problem.map { Alert.view(.bad, title: $0) })\
            \(if: isResuming && problem == nil, Alert.view(.info, title: t.signInAgain))\
            \(Form.post("/login", context, fields))\
            <p class="hint">\(t.signInHint)</p></div>
            """
        return Page(title: t.signIn, section: .account, body: body)
    }
}
