extension L10n {
    package var notifications: String { pick(en: "Notifications", zh: "通知") }
    package func notificationsCount(_ count: Int) -> String {
        let shown = count > 99 ? "99+" : number(count)
        return pick(en: "Notifications: \(shown) unread", zh: "通知：\(shown) 条未读")
    }
    package var notificationsAll: String { pick(en: "All", zh: "全部") }
    package var notificationsUnread: String { pick(en: "Unread", zh: "未读") }
    package var notificationsReadAll: String { pick(en: "Mark all as read", zh: "全部标为已读") }
    package var notificationRead: String { pick(en: "Mark as read", zh: "标为已读") }
    package var notificationNew: String { pick(en: "New", zh: "新") }
    package var notificationsNone: String { pick(en: "Nothing to tell you", zh: "没有通知") }
    package var notificationsNoneText: String {
        pick(
            en:
                "You hear here when somebody names you, answers where you took part, proposes a change to your repositories, or decides on what you asked for.",
            zh: "当有人提到您、在您参与的讨论中回复、向您的仓库提出修改，或对您的申请作出决定时，会在这里通知您。")
    }
    package func notificationText(_ kind: NotificationsPage.Item.Kind, _ actor: String) -> String {
        switch kind {
        case .mention: pick(en: "\(actor) named you", zh: "\(actor) 提到了您")
        case .reply: pick(en: "\(actor) answered where you take part", zh: "\(actor) 回复了您参与的讨论")
        case .pullRequest: pick(en: "\(actor) proposes a change", zh: "\(actor) 提出了修改")
        case .approved: pick(en: "\(actor) approved your request", zh: "\(actor) 批准了您的申请")
        case .rejected: pick(en: "\(actor) rejected your request", zh: "\(actor) 拒绝了您的申请")
        case .admitted: pick(en: "\(actor) let you in", zh: "\(actor) 同意了您的访问申请")
        case .refused: pick(en: "\(actor) refused your request for access", zh: "\(actor) 拒绝了您的访问申请")
        }
    }
}
