import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Testing

@testable import HubServer

/// Every route of the hub's own list, asked by somebody who may read none of a repository's paths though he is let in,
/// and by somebody who may write some paths only.
@Suite("Grants on paths, on every route")
struct PartGrantRouteTests {
    private func token(_ name: String, _ world: PermissionWorld, _ grants: [(Role, AccessGrant.Effect, String?)])
        async throws -> String
    {
        let user = try await world.hub.identities.createUser(name, isAdministrator: false)
        let place = try world.authorizer.openGrantsAsOperator()
        for (role, effect, path) in grants {
            _ = try await world.hub.store.grants.add(
                .user(user.id), role: .standard(role), effect: effect, expiresAt: nil,
                part: try path.map { try ContentPart(paths: $0, refs: nil) }, at: place)
        }
        return try await world.hub.identities.createToken(for: user, name: "t", scope: .write, expiresAt: nil).reveal()
    }

    @Test("no route tells name, digest or content of a path to somebody from whom it is kept")
    func reading() async throws {
        let world = try await PermissionWorld()
        let kept = try await token("kept", world, [(.writer, .allow, nil), (.reader, .deny, "**")])
        // Messages of commits are told, and say the same words without being a card.
        let card = "# \(PermissionWorld.secret)"
        let hidden = [card, Data("\(card)\n".utf8).base64EncodedString(), "\"download\":{\"href"]
        var told: [String] = []
        for route in world.repositoryRoutes where !route.pattern.contains("/discussions") {
            let row = try #require(PermissionMatrixTests.rows[PermissionWorld.row(route)])
            for kind in PermissionWorld.kinds(of: route) {
                for method in PermissionWorld.methods(of: route) {
                    let answer = try await world.ask(
                        route, method, kind, Place.closed.path, as: kept, .init(body: row.valid ?? row.body))
                    // Whoever names a digest is told that it is not there.
                    let namesIt = route.pattern.contains("{oid}") || row.mirrored == .objects
                    // A page where a file is to be made says which, and nothing of what is there.
                    let makesIt = route.pattern.contains("/new/{rev") || route.pattern.contains("/upload/{rev")
                    if hidden.contains(where: answer.text.contains) || !namesIt && answer.text.contains(world.oid)
                        || !makesIt && method == .get && answer.status == 200 && answer.text.contains("model.bin")
                    {
                        told.append("\(method) \(route.pattern) \(kind): \(answer.status) \(answer.text.prefix(300))")
                    }
                }
            }
        }
        #expect(told.isEmpty, "\(told.count): \(told.prefix(20).joined(separator: "\n"))")
    }

    @Test("no route moves a ref for somebody who may write some paths only, unless it is those")
    func writing() async throws {
        let world = try await PermissionWorld([.model])
        let labeller = try await token("labeller", world, [(.reader, .allow, nil), (.writer, .allow, "labels/**")])
        let id = try #require(RepositoryID(kind: .model, path: Place.closed.path))
        func refs() async throws -> [Ref] {
            try await world.gateway.repositories.refs(of: try await world.authorizer.openAsOperator(.metaRead, id))
                .refs.filter { !$0.name.name.hasPrefix("refs/pr/") }
        }
        let before = try await refs()
        for route in world.repositoryRoutes where PermissionWorld.kinds(of: route).contains(.model) {
            let row = try #require(PermissionMatrixTests.rows[PermissionWorld.row(route)])
            guard case .repository(let verb) = route.verb, !verb.isRead else { continue }
            for method in PermissionWorld.methods(of: route) {
                let answer = try await world.ask(
                    route, method, .model, Place.closed.path, as: labeller, .init(body: row.valid ?? row.body))
                #expect(answer.status < 500 || answer.status == 501, "\(method) \(route.pattern): \(answer.text)")
                #expect(try await refs() == before, "\(method) \(route.pattern)")
            }
        }
    }
}
