extension PermissionMatrixTests {
    static let lfsWrites: [String: Denial] = [
        "PUT /*/{namespace}/{name}/info/lfs/objects/{oid}": .readOnly,
        "PUT /{namespace}/{name}/info/lfs/objects/{oid}": .readOnly,
        "POST /*/{namespace}/{name}/info/lfs/objects/{oid}/verify": .readOnly,
        "POST /{namespace}/{name}/info/lfs/objects/{oid}/verify": .readOnly,
        "PUT /*/{namespace}/{name}/info/lfs/objects/{oid}/parts/{part}": .readOnly,
        "PUT /{namespace}/{name}/info/lfs/objects/{oid}/parts/{part}": .readOnly,
        "POST /*/{namespace}/{name}/info/lfs/objects/{oid}/complete": .readOnly,
        "POST /{namespace}/{name}/info/lfs/objects/{oid}/complete": .readOnly,
        "HEAD /*/{namespace}/{name}/info/lfs/objects/{oid}/tus": .readOnly,
        "HEAD /{namespace}/{name}/info/lfs/objects/{oid}/tus": .readOnly,
        "PATCH /*/{namespace}/{name}/info/lfs/objects/{oid}/tus": .readOnly,
        "PATCH /{namespace}/{name}/info/lfs/objects/{oid}/tus": .readOnly,
        "POST /*/{namespace}/{name}/info/lfs/locks/{id}/unlock": .unsupported,
        "POST /{namespace}/{name}/info/lfs/locks/{id}/unlock": .unsupported,
    ]
}
