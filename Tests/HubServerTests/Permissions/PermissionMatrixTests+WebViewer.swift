import HubCore

extension PermissionMatrixTests {
    /// Pages and programs: the rows of a dataset. The fixture has no DuckDB, and no tables.
    static let webViewer: [String: PermissionRow] = [
        "GET /*/{namespace}/{name}/viewer": .opens(.contentRead),
        "GET /*/{namespace}/{name}/viewer/statistics": .opens(.contentRead, passes: 404),
        "GET /*/{namespace}/{name}/viewer/sql": .opens(.contentRead),
        "GET /*/{namespace}/{name}/viewer/sql.csv": .opens(.contentRead, passes: 404),
        // Those whose query names the dataset open it for `contentRead`.
        "GET /is-valid": .everyone,
        "GET /splits": .everyone,
        "GET /first-rows": .everyone,
        "GET /rows": .everyone,
        "GET /filter": .everyone,
        "GET /statistics": .everyone,
        "GET /parquet": .everyone,
        "GET /size": .everyone,
        "GET /info": .everyone,
        "GET /api/viewer/is-valid": .everyone,
        "GET /api/viewer/splits": .everyone,
        "GET /api/viewer/first-rows": .everyone,
        "GET /api/viewer/rows": .everyone,
        "GET /api/viewer/filter": .everyone,
        "GET /api/viewer/statistics": .everyone,
        "GET /api/viewer/parquet": .everyone,
        "GET /api/viewer/size": .everyone,
        "GET /api/viewer/info": .everyone,
        "GET /api/viewer/search": .everyone,
        "GET /api/viewer/asset": .everyone,
        "GET /api/viewer/sql": .everyone,
        "GET /api/*/{namespace}/{name}/parquet": .opens(.contentRead),
        "GET /api/*/{namespace}/{name}/parquet/{config}": .opens(.contentRead, passes: 404),
        "GET /api/*/{namespace}/{name}/parquet/{config}/{split}": .opens(.contentRead, passes: 404),
        "GET /api/*/{namespace}/{name}/parquet/{config}/{split}/{file}": .opens(.contentRead, passes: 404),
        "GET /api/v1/*/{namespace}/{name}/dataviewer/catalog": .opens(.contentRead),
        "GET /api/v1/*/{namespace}/{name}/dataviewer/rows": .opens(.contentRead, passes: 404),
        "GET /api/v1/*/{namespace}/{name}/viewer/{path...}": .opens(.contentRead, passes: 422),
    ]
}
