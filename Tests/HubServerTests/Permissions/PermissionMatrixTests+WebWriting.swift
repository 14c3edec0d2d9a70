import HubCore

extension PermissionMatrixTests {
    /// Pages: changing a repository in the browser. A form without the page's token is refused whoever sends it.
    static let webWriting: [String: PermissionRow] = [
        "GET /new": .account,
        "POST /new": .account,
        "GET /*/{namespace}/{name}/edit/{revision}/{path...}": .opens(.contentWrite, proposes: true),
        "POST /*/{namespace}/{name}/edit/{revision}/{path...}": .opens(.contentWrite, passes: 403, proposes: true),
        "GET /*/{namespace}/{name}/new/{revision}/{path...}": .opens(.contentWrite, proposes: true),
        "POST /*/{namespace}/{name}/new/{revision}/{path...}": .opens(.contentWrite, passes: 403, proposes: true),
        "GET /*/{namespace}/{name}/delete/{revision}/{path...}": .opens(.contentWrite, proposes: true),
        "POST /*/{namespace}/{name}/delete/{revision}/{path...}": .opens(.contentWrite, passes: 403, proposes: true),
        "GET /*/{namespace}/{name}/upload/{revision}/{path...}": .opens(.contentWrite, proposes: true),
        "POST /*/{namespace}/{name}/upload/{revision}/{path...}": .opens(.contentWrite, passes: 403, proposes: true),
        "POST /*/{namespace}/{name}/upload-plan/{revision}": .opens(.contentWrite, passes: 403, proposes: true),
        "PUT /*/{namespace}/{name}/upload-piece/{revision}/{path...}": .opens(
            .contentWrite, passes: 403, proposes: true),
        "POST /*/{namespace}/{name}/upload-commit/{revision}": .opens(.contentWrite, passes: 403, proposes: true),
        "POST /*/{namespace}/{name}/preview": .opens(.discuss, passes: 403),
        "GET /*/{namespace}/{name}/branches/manage": .opens(.contentWrite),
        "POST /*/{namespace}/{name}/branches": .opens(.contentWrite, passes: 403),
    ]
}
