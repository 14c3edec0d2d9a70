/// What somebody is told: who named him, answered him, or decided on what he asked for.
package struct NotificationsPage: Sendable {
    package struct Item: Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case mention, reply, pullRequest, approved, rejected, admitted, refused
        }

        package let id: Int64
        package let kind: Kind
        /// `acme/demo`
        package let place: String
        package let number: Int64?
        package let title: String
        package let actor: String
        /// Milliseconds since 1970.
        package let createdAt: Int64
        package let isRead: Bool
        package let address: String

        package init(
            id: Int64, kind: Kind, place: String, number: Int64?, title: String, actor: String, createdAt: Int64,
            isRead: Bool, address: String
        ) {
            self.id = id
            self.kind = kind
            self.place = place
            self.number = number
            self.title = title
            self.actor = actor
            self.createdAt = createdAt
            self.isRead = isRead
            self.address = address
        }
    }

    let items: [Item]
    let onlyUnread: Bool
    /// Where older ones are; nil for none.
    let older: String?
    let hasUnread: Bool
    let isFirst: Bool

    package init(items: [Item], onlyUnread: Bool, older: String?, isFirst: Bool, hasUnread: Bool) {
        self.items = items
        self.onlyUnread = onlyUnread
        self.older = older
        self.isFirst = isFirst
        self.hasUnread = hasUnread
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let everything: HTML? =
            hasUnread
            ? Form.button(t.notificationsReadAll, to: "/notifications", fields: [("all", "1")], icon: "check", context)
            : nil
        let tabs: HTML = """
            <nav class="sorts" aria-label="\(t.notifications)">\
            <a href="/notifications"\(attribute: "aria-current", onlyUnread ? nil : "true")>\(t.notificationsAll)</a>\
            <a href="/notifications?show=unread"\(attribute: "aria-current", onlyUnread ? "true" : nil)>\(t.notificationsUnread)</a></nav>
            """
        let list: HTML =
            items.isEmpty
            ? Empty.view(title: t.notificationsNone, text: t.notificationsNoneText, context)
            : "<ul class=\"panel notification-list\">\(each: items.map { row($0, context) })</ul>"
        let body: HTML = """
            <div class="page-head"><h1>\(t.notifications)</h1>\(everything)</div>\
            <div class="toolbar">\(tabs)</div>\(list)\
            \(Pager.view(previous: isFirst ? nil : onlyUnread ? "/notifications?show=unread" : "/notifications", next: older, context))
            """
        return Page(title: t.notifications, body: body)
    }

    private func row(_ item: Item, _ context: PageContext) -> HTML {
        let t = context.t
        let mark: HTML? =
            item.isRead
            ? nil
            : "\(StateChip(.info, icon: "circle-dot", text: t.notificationNew).view) "
        let read: HTML? =
            item.isRead
            ? nil
            : Form.button(
                t.notificationRead, to: "/notifications", fields: [("read", String(item.id))], style: .quiet,
                icon: "check", context)
        let number = item.number.map { " #\($0)" } ?? ""
        let title: HTML? = item.title.isEmpty ? nil : "<strong class=\"wrap\">\(item.title)</strong> "
        return """
            <li class="notification"><div>\(mark)<a href=\(url: item.address)>\(title)<span>\(item.place)\(number)</span></a>\
            <p class="muted">\(t.notificationText(item.kind, item.actor)) · \(TimeText.view(item.createdAt, context))</p></div>\
            \(read)</li>
            """
    }
}
