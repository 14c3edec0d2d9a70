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
            <section class="error-page">\(AppBar.mark)<h1>\(title)</h1><p class="error-message">\(message)</p>\
            \(remedy.map { remedy -> HTML in "<p>\(remedy)</p>" })\
            <p class="actions">\(signIn)\(Button.link(t.backHome, to: "/"))</p>\
            <p class="hint"><code>\(status) \(code)</code> · \(t.requestID) \(CopyText.digest(context.requestID, shown: 40, context))</p>\
            </section>
            """
        return Page(title: title, body: body, status: status)
    }
}

extension L10n {
    package func errorTitle(status: Int, code: String) -> String {
        switch status {
        case 400: pick(en: "That request makes no sense", zh: "请求无法理解")
        case 401: pick(en: "Sign in to see this", zh: "请先登录")
        case 403: pick(en: "You may not do this", zh: "没有权限")
        case 404: pick(en: "There is nothing here", zh: "这里什么也没有")
        case 405: pick(en: "That cannot be done here", zh: "此处不支持该操作")
        case 409: pick(en: "Somebody was faster", zh: "内容已被他人修改")
        case 410: pick(en: "This was taken away", zh: "内容已被移除")
        case 413: pick(en: "That is too large", zh: "内容过大")
        case 429: pick(en: "Too much at once", zh: "请求过于频繁")
        case 451: pick(en: "Policy keeps this back", zh: "被策略拦截")
        case 503: pick(en: "Not right now", zh: "暂时不可用")
        default: pick(en: "Something went wrong", zh: "出错了")
        }
    }
}
