import HubCore

extension PermissionMatrixTests {
    /// Pages: discussions and pull requests. A form without the page's token is refused whatever it is about.
    static let webCommunity: [String: PermissionRow] = [
        "GET /*/{namespace}/{name}/discussions": .opens(.metaRead),
        "GET /*/{namespace}/{name}/discussions/new": .opens(.discuss),
        "POST /*/{namespace}/{name}/discussions": .opens(.discuss, passes: 403),
        "GET /*/{namespace}/{name}/discussions/{num}": .opens(.metaRead),
        "POST /*/{namespace}/{name}/discussions/{num}": .opens(.discuss, passes: 403, foreign: 403),
        "POST /*/{namespace}/{name}/discussions/{num}/merge": .opens(.contentWrite, passes: 403, foreign: 403),
    ]
}
