extension PermissionMatrixTests {
    static let gitWrites: [String: Denial] = [:]
}
