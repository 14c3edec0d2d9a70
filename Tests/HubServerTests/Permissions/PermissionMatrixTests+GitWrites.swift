extension PermissionMatrixTests {
    static let gitWrites: [String: Denial] = [
        "POST /*/{namespace}/{name}/git-receive-pack": .readOnly,
        "POST /{namespace}/{name}/git-receive-pack": .readOnly,
    ]
}
