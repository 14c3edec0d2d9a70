import HubCore

extension PermissionMatrixTests {
    static let huggingFaceWrites: [String: PermissionRow] = [
        "GET /api/*/{namespace}/{name}/secrets": .opens(.settings),
        "POST /api/*/{namespace}/{name}/secrets": .opens(.settings),
        "DELETE /api/*/{namespace}/{name}/secrets": .opens(.settings),
        "GET /api/*/{namespace}/{name}/variables": .opens(.settings),
        "POST /api/*/{namespace}/{name}/variables": .opens(.settings),
        "DELETE /api/*/{namespace}/{name}/variables": .opens(.settings),
        "DELETE /api/repos/delete": .opens(.delete, passes: 200, removes: true),
        "POST /api/repos/move": .opens(.delete),
        "PUT /api/*/{namespace}/{name}/settings": .opens(.settings),
        "POST /api/*/{namespace}/{name}/duplicate": .opens(
            .contentRead, valid: "{\"repository\":\"acme-writer/copy\"}", needsAccount: true),
        "POST /api/*/{namespace}/{name}/preupload/{revision}/{path...}": .opens(.contentWrite),
        "POST /api/*/{namespace}/{name}/commit/{revision}/{path...}": .opens(.contentWrite),
        "POST /api/*/{namespace}/{name}/branch/{branch...}": .opens(.contentWrite),
        "DELETE /api/*/{namespace}/{name}/branch/{branch...}": .opens(
            .contentWrite, passes: 404, says: "Invalid rev id"),
        "POST /api/*/{namespace}/{name}/tag/{revision...}": .opens(.contentWrite),
        "DELETE /api/*/{namespace}/{name}/tag/{revision...}": .opens(
            .contentWrite, passes: 404, says: "Invalid rev id"),
        "POST /api/*/{namespace}/{name}/super-squash/{branch...}": .opens(.contentWrite),
        "GET /api/*/{namespace}/{name}/lfs-files": .opens(.contentWrite),
        "POST /api/*/{namespace}/{name}/lfs-files/batch": .opens(.contentWrite),
        "POST /api/*/{namespace}/{name}/lfs-files/duplicate": .opens(
            .contentRead, valid: "{\"target\":{\"type\":\"model\",\"name\":\"acme-writer/copy\"},\"files\":[]}",
            needsAccount: true),
    ]
}
