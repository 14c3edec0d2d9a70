import Testing

@testable import HubCore

/// Whoever measures the time of an answer learns from it what was done for it; so the same has to be done.
@Suite("What is hidden and what is missing, counted in statements")
struct HiddenLikeMissingTests {
    private let fixture: HubFixture
    private let database: CountedDatabase
    private let store: RepositoryStore

    /// Knows upstreams, and has nothing from any.
    private struct EmptySource: RepositorySource {
        var absenceRemark: String? { nil }

        func adopt(_ id: RepositoryID, for principal: Principal) async throws -> Bool { false }
        func refresh(_ repository: Repository, for revision: Revision?) async throws -> Freshness { .fresh }
        func acquire(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws {}
        func grants(_ pointers: [LFSPointer], of repository: Repository) async throws -> Set<BlobID> { [] }

        func fetch(_ pointer: LFSPointer, path: String, at commit: CommitID, of repository: Repository) async throws
            -> BlobReader
        {
            throw HubError(.upstreamUnavailable, "There is no upstream.")
        }
    }

    /// A private repository, a gated one, one with grants and one that had another name, in an organisation and of ada's.
    init() async throws {
        fixture = try await HubFixture()
        let ada = try await fixture.principal("ada")
        let user = try #require(ada.user)
        _ = try await fixture.hub.store.organisations.createAsOperator("acme", owner: user)
        let bob = try #require(try await fixture.principal("bob").user)
        for namespace in ["ada", "acme"] {
            for name in ["private", "gated", "granted"] {
                try await fixture.create("model:\(namespace)/\(name)", .private)
                let id = try HubFixture.id("model:\(namespace)/\(name)")
                let opened = try await fixture.authorizer.open(ada, .settings, id)
                if name == "gated" { try await fixture.repositories.setGating(.manual, of: opened) }
                guard name == "granted" else { continue }
                let place = try await fixture.authorizer.openGrants(
                    on: try await fixture.authorizer.open(ada, .memberAdmin, id))
                let role = try await fixture.hub.store.roles.create(
                    "role-\(namespace)", verbs: [.metaRead], at: try fixture.authorizer.openGrantsAsOperator())
                for expiry in [1, nil] as [Int64?] {
                    _ = try await fixture.hub.store.grants.add(
                        .user(bob.id), role: expiry == nil ? .standard(.reader) : .custom(role),
                        effect: expiry == nil ? .deny : .allow, expiresAt: expiry,
                        sources: [try #require(AddressBlock(parsing: "10.0.0.0/8"))], at: place)
                }
            }
        }
        database = CountedDatabase(fixture.hub.database)
        store = RepositoryStore(
            database: database, clock: fixture.hub.clock, identifiers: fixture.hub.store.identifiers)
    }

    @Test("S3: the same statements are made for a name nobody has as for one that may not be seen")
    func statements() async throws {
        let principals = [Principal.anonymous, try await fixture.principal("bob"), try await fixture.principal("carl")]
        for authorizer in [
            Authorizer(store: store, source: nil), Authorizer(store: store, source: EmptySource()),
        ] {
            for principal in principals {
                for verb in Verb.allCases {
                    for namespace in ["ada", "acme"] {
                        let missing = try await made(authorizer, principal, verb, "\(namespace)/nothing")
                        for name in ["private", "gated", "granted"] {
                            let hidden = try await made(authorizer, principal, verb, "\(namespace)/\(name)")
                            #expect(hidden == missing, "\(principal.label) \(verb) \(namespace)/\(name)")
                        }
                    }
                }
            }
        }
    }

    private func made(_ authorizer: Authorizer, _ principal: Principal, _ verb: Verb, _ path: String) async throws
        -> [String]
    {
        let id = try HubFixture.id("model:\(path)")
        _ = database.take()
        let error = await hubError { _ = try await authorizer.open(principal, verb, id) }
        #expect(error?.code == .repositoryNotFound)
        let statements = database.take()
        #expect(!statements.isEmpty)
        return statements
    }
}
