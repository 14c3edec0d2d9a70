extension PermissionMatrixTests {
    static let identity: [String: Denial] = [:]
}
