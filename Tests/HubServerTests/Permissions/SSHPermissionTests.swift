import HubCore
import Testing

@testable import HubServer

/// A key carries what its owner may do, as a token of his that writes would.
@Suite("Permissions over SSH")
struct SSHPermissionTests {
    @Test("S1, S4: by a key everybody may do with every repository what the model says")
    func matrix() async throws {
        let world = try await PermissionWorld([.model])
        for somebody in world.people {
            guard let name = somebody.user else { continue }
            guard let user = try await world.hub.identities.user(named: name) else {
                #expect(name == "gone", "only the disabled account is nobody's")
                continue
            }
            // What `weir ssh` makes of the owner of a key.
            let principal = Principal(
                user: user, token: TokenGrant(id: 0, name: "ssh", scope: .write, createdAt: user.createdAt))
            var asking = somebody
            (asking.scope, asking.reach, asking.isKnown) = (.write, nil, true)
            let authorizer = Authorizer(store: world.hub.store, source: nil)
            for place in Place.all where !place.isRefusedByPolicy {
                let id = try #require(RepositoryID(kind: .model, path: place.path))
                for verb in [Verb.contentRead, .contentWrite] {
                    let outcome: PermissionModel.Outcome
                    do {
                        _ = try await authorizer.open(principal, verb, id)
                        outcome = .passes
                    } catch let error as HubError {
                        switch error.code {
                        case .repositoryNotFound: outcome = .hidden
                        case .gated: outcome = .gated
                        default: outcome = .forbidden
                        }
                    }
                    let expected = PermissionModel.outcome(asking, verb, place)
                    #expect(outcome == expected, "\(somebody.name) \(verb) \(place.path)")
                }
            }
        }
    }
}
