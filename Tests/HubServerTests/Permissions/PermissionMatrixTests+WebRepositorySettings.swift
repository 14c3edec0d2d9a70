import HubCore

extension PermissionMatrixTests {
    /// Pages: settings of a repository. A form without the page's token is refused whoever sends it.
    static let webRepositorySettings: [String: PermissionRow] = [
        "GET /*/{namespace}/{name}/settings": .opens(.settings),
        "POST /*/{namespace}/{name}/settings": .opens(.settings, passes: 403),
        "POST /*/{namespace}/{name}/settings/requests": .opens(.gateApprove, passes: 403),
        "POST /*/{namespace}/{name}/settings/grants": .opens(.memberAdmin, passes: 403),
        "POST /*/{namespace}/{name}/settings/deploy-keys": .opens(.memberAdmin, passes: 403),
        "POST /*/{namespace}/{name}/settings/webhooks": .opens(.settings, passes: 403),
        "POST /*/{namespace}/{name}/settings/danger": .opens(.delete, passes: 403),
    ]
}
