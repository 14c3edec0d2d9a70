import HubCore

extension PermissionMatrixTests {
    static let csghubWrites: [String: PermissionRow] = [
        "PUT /api/v1/*/{namespace}/{name}": .opens(.settings),
        "DELETE /api/v1/*/{namespace}/{name}": .opens(.delete, passes: 200, removes: true),
        "POST /api/v1/*/{namespace}/{name}/transfer": .opens(.delete),
        "POST /api/v1/*/{namespace}/{name}/raw/{path...}": .opens(.contentWrite),
        "PUT /api/v1/*/{namespace}/{name}/raw/{path...}": .opens(.contentWrite),
        "DELETE /api/v1/*/{namespace}/{name}/raw/{path...}": .opens(.contentWrite),
        "POST /api/v1/*/{namespace}/{name}/upload_file": .opens(.contentWrite, passes: 415),
        "POST /api/v1/*/{namespace}/{name}/preupload/{revision}": .opens(.contentWrite),
        "POST /api/v1/*/{namespace}/{name}/commit/{revision}": .opens(.contentWrite),
        "GET /api/v1/*/{namespace}/{name}/discussions": .opens(.metaRead),
        "POST /api/v1/*/{namespace}/{name}/discussions": .opens(.discuss),
        "POST /api/v1/*/{namespace}/{name}/tags/{category}": .opens(.settings),
        "PUT /api/v1/*/{namespace}/{name}/relations": .opens(.contentWrite),
        "POST /api/v1/*/{namespace}/{name}/relations/dataset": .opens(.contentWrite),
        "POST /api/v1/*/{namespace}/{name}/relations/model": .opens(.contentWrite),
        "DELETE /api/v1/*/{namespace}/{name}/relations/dataset": .opens(.contentWrite),
        "DELETE /api/v1/*/{namespace}/{name}/relations/model": .opens(.contentWrite),
        "GET /api/v1/*/{namespace}/{name}/quantizations": .opens(.metaRead),
        "GET /api/v1/*/{namespace}/{name}/runtime_framework": .opens(.metaRead),
        "GET /api/v1/*/{namespace}/{name}/runtime_framework_v2": .opens(.metaRead),
        "GET /api/v1/*/{namespace}/{name}/run": .opens(.metaRead),
        "GET /api/v1/*/{namespace}/{name}/mirror": .opens(.metaRead),
        "GET /api/v1/*/{namespace}/{name}/mirror_from_saas/status": .opens(.metaRead),
        "POST /api/v1/*/{namespace}/{name}/mirror": .opens(.mirrorSync),
        "PUT /api/v1/*/{namespace}/{name}/mirror": .opens(.mirrorSync),
        // What was made here mirrors nothing.
        "DELETE /api/v1/*/{namespace}/{name}/mirror": .opens(.mirrorSync, passes: 409),
        "POST /api/v1/*/{namespace}/{name}/mirror/sync": .opens(.mirrorSync),
        "POST /api/v1/*/{namespace}/{name}/mirror_from_saas": .opens(.mirrorSync, passes: 409),
    ]
}
