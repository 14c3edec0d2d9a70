import HubCore
import Testing

/// What somebody comes in by.
struct ForeignCredentials {
    private static let name = "hers"

    private let token: Int64
    private let session: Int64
    private let key: Int64

    init(of principal: Principal, in world: PermissionWorld) async throws {
        let hub = world.hub
        let user = try #require(principal.user)
        // A new password ends what was made before.
        let password = Secret("correct horse battery")
        try await hub.signIn.passwords.set(password, of: user.name)
        let origin = SignIn.Origin(address: nil, client: nil, session: nil)
        session = try await hub.signIn.begin(user.name, password, from: origin).session.id
        token = try await hub.identities.mintToken(
            by: principal, name: Self.name, scope: .read, expiresAt: nil, resources: nil, application: .git
        ).record.grant.id
        try await hub.sshKeys.add(
            SSHPublicKey(
                parsing: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIED8y9JJXHjZFA3t45xCf0U/s0PSUi8mvJM483DVQHwW"),
            to: user, name: Self.name)
        key = try #require(try await hub.sshKeys.list(of: user).first).id
    }

    func ways(to capture: String, of pattern: String) -> [[String: String]]? {
        switch capture {
        case "token" where !pattern.contains("/robots/"): [["token": String(token, radix: 16)]]
        case "session": [["session": String(session, radix: 16)]]
        case "key": [["key": String(key, radix: 16)]]
        case "name": [["name": Self.name]]
        case "app", "token_name": [["app": TokenApplication.git.rawValue, "token_name": Self.name]]
        default: nil
        }
    }
}
