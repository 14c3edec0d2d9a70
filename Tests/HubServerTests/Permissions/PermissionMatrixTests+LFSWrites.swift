extension PermissionMatrixTests {
    static let lfsWrites: [String: Denial] = [:]
}
