extension PermissionMatrixTests {
    static let community: [String: Denial] = [:]
}
