/// What went wrong, by the codes of `docs/errors.md`.
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

    /// What a code means, for readers of a language in which the hub does not write its messages; nil in English, where
    /// the message itself says more, and for codes that nobody explained.
    package func errorMeaning(_ code: String) -> String? {
        guard language == .chinese else { return nil }
        return switch code {
        case "bad-request": "请求的内容或参数有误。"
        case "invalid-credentials": "登录凭据无效或已过期。"
        case "authentication-required": "需要登录后才能访问。"
        case "forbidden": "您的账号没有执行此操作的权限。"
        case "policy-denied": "策略不允许使用此内容。"
        case "policy-review": "此内容需经审批后才能使用。"
        case "scan-pending": "此内容正在等待安全扫描，请稍后再试。"
        case "gated": "此仓库需要先申请访问权限。"
        case "buried": "此内容已被移除，不再提供。"
        case "repository-not-found": "仓库不存在，或您没有查看权限。"
        case "revision-not-found": "没有这个分支、标签或提交。"
        case "entry-not-found", "blob-not-found": "此版本中没有这个文件。"
        case "not-found": "此地址下没有内容，请检查链接是否完整。"
        case "method-not-allowed", "not-supported": "此处不支持该操作。"
        case "conflict", "precondition-failed": "内容已被他人修改，请刷新后重试。"
        case "payload-too-large": "提交的内容超过了大小限制。"
        case "unprocessable": "提交的内容不符合要求。"
        case "too-many-requests": "请求过于频繁，请稍后再试。"
        case "internal-error": "服务器内部出错，可将请求编号提供给管理员。"
        case "upstream-corrupt": "上游返回的内容与其校验值不符。"
        case "upstream-refused": "上游拒绝了请求。"
        case "upstream-unavailable": "上游暂时无法访问，且本站没有存储此内容。"
        case "offline": "本站处于离线模式，且没有存储此内容。"
        case "storage-full": "服务器存储空间已满。"
        case "quota-exceeded": "账号的存储配额已用完。"
        case "storage-corrupt": "存储的内容已损坏，管理员可在控制台修复。"
        case "shutting-down": "服务正在重启，请稍后再试。"
        default: nil
        }
    }
}
