import HubCore

extension PermissionMatrixTests {
    static let community: [String: PermissionRow] = [
        "GET /api/*/{namespace}/{name}/discussions": .opens(.metaRead),
        "GET /api/*/{namespace}/{name}/discussions/{num}": .opens(.metaRead),
        "POST /api/*/{namespace}/{name}/discussions": .opens(.discuss),
        "POST /api/*/{namespace}/{name}/discussions/{num}/comment": .opens(
            .discuss, valid: "{\"comment\":\"x\"}"),
        "POST /api/*/{namespace}/{name}/discussions/{num}/comment/{comment}/edit": .opens(
            .discuss, valid: "{\"content\":\"x\"}"),
        "POST /api/*/{namespace}/{name}/discussions/{num}/comment/{comment}/hide": .opens(
            .discuss, passes: 404, says: "comment"),
        "POST /api/*/{namespace}/{name}/discussions/{num}/comment/{comment}/unhide": .opens(
            .discuss, passes: 404, says: "comment"),
        "POST /api/*/{namespace}/{name}/discussions/{num}/title": .opens(.discuss, valid: "{\"title\":\"Another\"}"),
        "POST /api/*/{namespace}/{name}/discussions/{num}/status": .opens(
            .discuss, valid: "{\"status\":\"closed\"}"),
        "POST /api/*/{namespace}/{name}/discussions/{num}/merge": .opens(.contentWrite, valid: ""),
        "POST /api/*/{namespace}/{name}/like": .opens(.discuss, passes: 200),
        "DELETE /api/*/{namespace}/{name}/like": .opens(.discuss, passes: 200),
        "GET /api/*/{namespace}/{name}/likers": .opens(.metaRead),
    ]
}
