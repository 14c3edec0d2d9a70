import HubCore
import HubServer

extension PermissionMatrixTests {
    static let huggingFaceWrites: [String: Denial] = [
        "DELETE /api/repos/delete": .readOnly,
        "POST /api/repos/move": .readOnly,
        "PUT /api/*/{namespace}/{name}/settings": .readOnly,
        "POST /api/*/{namespace}/{name}/duplicate": .readOnly,
        "POST /api/*/{namespace}/{name}/preupload/{revision}/{path...}": .readOnly,
        "POST /api/*/{namespace}/{name}/commit/{revision}/{path...}": .readOnly,
        "POST /api/*/{namespace}/{name}/branch/{branch...}": .readOnly,
        "DELETE /api/*/{namespace}/{name}/branch/{branch...}": .readOnly,
        "POST /api/*/{namespace}/{name}/tag/{revision...}": .readOnly,
        "DELETE /api/*/{namespace}/{name}/tag/{revision...}": .readOnly,
        "POST /api/*/{namespace}/{name}/super-squash/{branch...}": .readOnly,
        "GET /api/*/{namespace}/{name}/lfs-files": .readOnly,
        "POST /api/*/{namespace}/{name}/lfs-files/batch": .readOnly,
    ]

    /// The body of a message that names its repository there; nil for any other.
    static func huggingFaceBody(of route: Route, _ kind: RepositoryKind, _ path: String) -> String? {
        let names = path.split(separator: "/")
        switch route.pattern.dropFirst(route.mount.count) {
        case "/api/repos/delete":
            return "{\"organization\":\"\(names[0])\",\"name\":\"\(names[1])\",\"type\":\"\(kind.rawValue)\"}"
        case "/api/repos/move":
            return "{\"fromRepo\":\"\(path)\",\"toRepo\":\"own/moved\",\"type\":\"\(kind.rawValue)\"}"
        case let pattern where pattern.hasSuffix("/duplicate"):
            // A copy of its own for each mount: the second of a name would be a conflict.
            return "{\"repository\":\"own/copy\(route.mount.dropFirst())\"}"
        default: return nil
        }
    }
}
