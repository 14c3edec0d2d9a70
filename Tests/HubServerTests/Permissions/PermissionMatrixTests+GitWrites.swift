import HubCore

extension PermissionMatrixTests {
    /// Whoever is let in is told that his message is of no type that git would send.
    static let gitWrites: [String: PermissionRow] = [
        "POST /*/{namespace}/{name}/git-receive-pack": .opens(.contentWrite, passes: 415),
        "POST /{namespace}/{name}/git-receive-pack": .opens(.contentWrite, passes: 415),
    ]
}
