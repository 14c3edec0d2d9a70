import HubCore

extension PermissionMatrixTests {
    /// An upload names bytes by their digest, so an object of another repository is as unknown here as any. Whoever may
    /// open pull requests uploads for them.
    static let lfsWrites: [String: PermissionRow] = [
        "PUT /*/{namespace}/{name}/info/lfs/objects/{oid}": .opens(
            .contentWrite, passes: 422, proposes: true, foreign: 422),
        "PUT /{namespace}/{name}/info/lfs/objects/{oid}": .opens(
            .contentWrite, passes: 422, proposes: true, foreign: 422),
        "POST /*/{namespace}/{name}/info/lfs/objects/{oid}/verify": .opens(.contentWrite, proposes: true, foreign: 400),
        "POST /{namespace}/{name}/info/lfs/objects/{oid}/verify": .opens(.contentWrite, proposes: true, foreign: 400),
        "PUT /*/{namespace}/{name}/info/lfs/objects/{oid}/parts/{part}": .opens(
            .contentWrite, passes: 422, proposes: true, foreign: 422),
        "PUT /{namespace}/{name}/info/lfs/objects/{oid}/parts/{part}": .opens(
            .contentWrite, passes: 422, proposes: true, foreign: 422),
        "POST /*/{namespace}/{name}/info/lfs/objects/{oid}/complete": .opens(
            .contentWrite, passes: 422, proposes: true, foreign: 422),
        "POST /{namespace}/{name}/info/lfs/objects/{oid}/complete": .opens(
            .contentWrite, passes: 422, proposes: true, foreign: 422),
        "HEAD /*/{namespace}/{name}/info/lfs/objects/{oid}/tus": .opens(
            .contentWrite, passes: 412, proposes: true, foreign: 412),
        "HEAD /{namespace}/{name}/info/lfs/objects/{oid}/tus": .opens(
            .contentWrite, passes: 412, proposes: true, foreign: 412),
        "PATCH /*/{namespace}/{name}/info/lfs/objects/{oid}/tus": .opens(
            .contentWrite, passes: 412, proposes: true, foreign: 412),
        "PATCH /{namespace}/{name}/info/lfs/objects/{oid}/tus": .opens(
            .contentWrite, passes: 412, proposes: true, foreign: 412),
        "POST /*/{namespace}/{name}/info/lfs/locks": .opens(.contentWrite, denial: .unsupported),
        "POST /{namespace}/{name}/info/lfs/locks": .opens(.contentWrite, denial: .unsupported),
        "POST /*/{namespace}/{name}/info/lfs/locks/verify": .opens(.contentWrite, denial: .unsupported),
        "POST /{namespace}/{name}/info/lfs/locks/verify": .opens(.contentWrite, denial: .unsupported),
        "POST /*/{namespace}/{name}/info/lfs/locks/{id}/unlock": .opens(
            .contentWrite, valid: "{\"force\":true}", denial: .unsupported),
        "POST /{namespace}/{name}/info/lfs/locks/{id}/unlock": .opens(
            .contentWrite, valid: "{\"force\":true}", denial: .unsupported),
    ]
}
