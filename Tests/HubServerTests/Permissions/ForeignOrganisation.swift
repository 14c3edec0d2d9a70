import HubCore
import Testing

/// What belongs to an organisation, and another organisation whose admin tries to reach it from there.
struct ForeignOrganisation {
    private static let (name, own) = ("adas", "outsiders")
    private static let child = "of-theirs"

    private let grant: Int64
    private let token: Int64

    /// - Parameter outsider: the admin of the other one, who is nothing in this.
    init(of principal: Principal, beside outsider: Principal, in world: PermissionWorld) async throws {
        let store = world.hub.store
        let (user, other) = (try #require(principal.user), try #require(outsider.user))
        _ = try await store.organisations.createAsOperator(Self.name, owner: user)
        _ = try await store.organisations.createAsOperator(Self.own, owner: other)
        let organisation = try await world.authorizer.openOrganisation(principal, .memberAdmin, Self.name)
        let place = try await world.authorizer.openGrants(principal, inOrganisation: Self.name)
        _ = try await store.teams.create(Self.child, in: organisation)
        _ = try await store.roles.create(Self.child, verbs: [.discover], at: place)
        grant = try await store.grants.add(
            .user(user.id), role: .standard(.reader), effect: .allow, expiresAt: nil, at: place
        ).id
        let robot = try await store.robots.create(Self.child, role: .reader, expiresAt: nil, in: organisation)
        token = try await store.robots.createToken(
            for: robot, name: Self.child, scope: .read, expiresAt: nil, resources: nil, by: principal
        ).record.grant.id
        let theirs = try await world.authorizer.openOrganisation(outsider, .memberAdmin, Self.own)
        _ = try await store.robots.create(Self.own, role: .reader, expiresAt: nil, in: theirs)
    }

    func ways(to capture: String, of pattern: String) -> [[String: String]]? {
        guard pattern.contains("/organizations/") else { return nil }
        let child: [String: String]
        switch capture {
        case "team", "role", "robot": child = [capture: Self.child]
        case "id": child = ["id": String(grant, radix: 16)]
        case "token": child = ["robot": Self.own, "token": String(token, radix: 16)]
        default: return nil
        }
        return [child.merging(["organization": Self.own]) { first, _ in first }]
    }
}
