import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: what somebody is told.
struct NotificationWebRoutes: Sendable {
    let web: WebContext

    private static let pageSize = 50

    var routes: [Route] {
        [
            Route(.get, "/notifications", .authenticated, errors: web.errors, handler: list),
            Route(.post, "/notifications", .authenticated, errors: web.errors, handler: read),
        ]
    }

    private var store: Notifications { Notifications(web.gateway.hub.store) }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        try await web.page(request) { context in
            let onlyUnread = request.query.first("show") == "unread"
            let before = request.query.first("before").flatMap { Int64($0) }
            let (found, hasMore) = try await store.list(
                of: try await request.principal(), onlyUnread: onlyUnread, before: before, limit: Self.pageSize)
            let show = onlyUnread ? "show=unread&" : ""
            return NotificationsPage(
                items: found.map(Self.item), onlyUnread: onlyUnread,
                older: hasMore ? found.last.map { "/notifications?\(show)before=\($0.id)" } : nil,
                isFirst: before == nil, hasUnread: context.visitor?.unread ?? 0 > 0
            ).page(context)
        }
    }

    private static func item(_ notification: Notification) -> NotificationsPage.Item {
        let kind: NotificationsPage.Item.Kind =
            switch notification.kind {
            case .mention: .mention
            case .reply: .reply
            case .pullRequest: .pullRequest
            case .approved: .approved
            case .rejected: .rejected
            case .admitted: .admitted
            case .refused: .refused
            }
        let id = notification.repository
        let page = "/\(id.kind.plural)/\(URLText.component(id.namespace))/\(URLText.component(id.name))"
        let address =
            switch (notification.kind, notification.number) {
            case (.mention, let number?), (.reply, let number?), (.pullRequest, let number?):
                "\(page)/discussions/\(number)"
            case (.approved, let number?), (.rejected, let number?): "/console/approvals/\(number)"
            default: page
            }
        return NotificationsPage.Item(
            id: notification.id, kind: kind, place: id.path, number: notification.number, title: notification.title,
            actor: notification.actor, createdAt: notification.createdAt, isRead: notification.isRead,
            address: address)
    }

    /// Takes notice of one, or of all.
    private func read(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let form = try await web.form(request)
        if form.first("all") != nil {
            try await store.read(nil, of: principal)
        } else if let id = form.first("read").flatMap({ Int64($0) }) {
            try await store.read(id, of: principal)
        }
        return web.seeOther("/notifications")
    }
}
