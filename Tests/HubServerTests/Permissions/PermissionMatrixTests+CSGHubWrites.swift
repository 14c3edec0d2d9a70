extension PermissionMatrixTests {
    static let csghubWrites: [String: Denial] = [:]
}
