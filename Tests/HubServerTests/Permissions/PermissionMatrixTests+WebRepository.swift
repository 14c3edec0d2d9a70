import HubCore

extension PermissionMatrixTests {
    /// Pages: what a repository is: its card, files, history, lineage.
    static let webRepository: [String: PermissionRow] = [
        "GET /{namespace}/{name}": .everyone,
        "GET /*/{namespace}/{name}": .opens(.metaRead),
        "GET /*/{namespace}/{name}/snippets": .opens(.metaRead),
        "GET /*/{namespace}/{name}/tree/{revision}/{path...}": .opens(.metaRead),
        "GET /*/{namespace}/{name}/blob/{revision}/{path...}": .opens(.contentRead),
        "GET /*/{namespace}/{name}/blame/{revision}/{path...}": .opens(.contentRead),
        "GET /*/{namespace}/{name}/commits/{revision}": .opens(.metaRead),
        "GET /*/{namespace}/{name}/commit/{id}": .opens(.contentRead),
        "GET /*/{namespace}/{name}/compare/{range}": .opens(.contentRead),
        "GET /*/{namespace}/{name}/branches": .opens(.metaRead),
        "GET /*/{namespace}/{name}/lineage": .opens(.metaRead),
        "GET /*/{namespace}/{name}/integrity": .opens(.metaRead),
        "POST /*/{namespace}/{name}/mirror": PermissionRow(
            access: .hub(.mirrorSync), passes: 403),
    ]
}
