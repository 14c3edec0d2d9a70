extension PermissionMatrixTests {
    static let xet: [String: Denial] = [:]
}
