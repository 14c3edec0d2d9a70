extension PermissionMatrixTests {
    static let huggingFaceWrites: [String: Denial] = [:]
}
