/// What went wrong, why, and what to do.
package struct ErrorPage: Sendable {
    package let status: Int
    package let code: String
    package let message: String
    package let remedy: String?

    package init(status: Int, code: String, message: String, remedy: String?) {
        self.status = status
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let title = t.errorTitle(status: status, code: code)
        let signIn =
            status == 401 && context.visitor == nil
            ? Button.link(t.signIn, to: "/login?next=\(URLText.component(context.address))", style: .primary) : nil
        let body: HTML = """
            <section class="error-page">\(AppBar.mark)<h1>\(title)</h1>\(words(t))\
            <p class="actions">\(signIn)\(Button.link(t.backHome, to: "/"))</p>\
            <p class="hint"><code>\(status) \(code)</code> · \(t.requestID) \(CopyText.digest(context.requestID, shown: 40, context))</p>\
            </section>
            """
        return Page(title: title, body: body, status: status)
    }

    /// The message and what to do. The hub writes them in English: readers of another language read first what the code
    /// means in theirs.
    private func words(_ t: L10n) -> HTML {
        let own: HTML = "\(message)\(remedy.map { remedy -> HTML in "<br>\(remedy)" })"
        guard let meaning = t.errorMeaning(code) else {
            return """
                <p class="error-message">\(message)</p>\(remedy.map { remedy -> HTML in "<p>\(remedy)</p>" })
                """
        }
        return "<p class=\"error-message\">\(meaning)</p><p class=\"hint\" lang=\"en\">\(own)</p>"
    }
}
