import HTTPTypes
import HubCore
import Testing

@testable import HubServer

/// What a token is good for does not depend on how it came, and nobody makes a wider one of it (S4).
@Suite("Tokens, however they travel")
struct CarrierTests {
    private static let people = ["reader", "token for one repository", "token for elsewhere", "disabled account"]

    @Test("S4: every carrier of a token gets the same answers on every route, byte for byte")
    func carriers() async throws {
        let world = try await PermissionWorld([.model])
        let others = PermissionWorld.Carrier.allCases.filter { $0 != .bearer }
        let differences = try await Self.differences(in: world) { route, row in
            var found: [String] = []
            for name in Self.people {
                let token = try #require(world.tokens[name], "\(name)")
                let asking = PermissionWorld.Asking(body: row.body)
                // Whoever looks at a card first has its licence found out.
                if route.errors is WebErrorRendering, route.method == .get {
                    _ = try await world.ask(route, route.method, .model, Place.closed.path, as: token, asking)
                }
                let expected = try await world.ask(route, route.method, .model, Place.closed.path, as: token, asking)
                for carrier in others {
                    let answer = try await world.ask(
                        route, route.method, .model, Place.closed.path, as: token, by: carrier, asking)
                    if answer != expected { found.append("\(name) by \(carrier): \(answer) not \(expected)") }
                }
            }
            return found
        }
        #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(10).joined(separator: "\n"))")
    }

    @Test("S4: a token in a query, a cookie or a header of another product is no token")
    func refusedCarriers() async throws {
        let world = try await PermissionWorld([.model])
        let token = try #require(world.tokens["admin"])
        var askings = ["token", "access_token", "private_token"].map {
            PermissionWorld.Asking(query: ["\($0)=\(token)"])
        }
        for (name, value) in [
            ("Cookie", "token=\(token); session=\(token)"), ("Private-Token", token), ("X-Auth-Token", token),
            ("Proxy-Authorization", "Bearer \(token)"), ("X-Remote-User", "acme-admin"),
            ("X-Forwarded-User", "acme-admin"),
        ] {
            var asking = PermissionWorld.Asking()
            asking.headers[try #require(HTTPField.Name(name))] = value
            askings.append(asking)
        }
        let differences = try await Self.differences(in: world) { route, row in
            var found: [String] = []
            let plain = PermissionWorld.Asking(body: row.body)
            let expected = try await world.ask(route, route.method, .model, Place.closed.path, as: nil, plain)
            for var asking in askings {
                asking.body = row.body
                let answer = try await world.ask(route, route.method, .model, Place.closed.path, as: nil, asking)
                if answer != expected { found.append("\(asking.query)\(asking.headers): \(answer) not \(expected)") }
            }
            return found
        }
        #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(10).joined(separator: "\n"))")
    }

    @Test("S4: a token makes others that do no more than itself, and is refused all else")
    func minting() async throws {
        let world = try await PermissionWorld([.model])
        let mint = try #require(world.routes.first { $0.pattern == "/api/gateway/v1/tokens" && $0.method == .post })
        let before = try await world.dump()
        // Those that are refused first: they leave nothing behind.
        for isAllowed in [false, true] {
            for somebody in world.people where somebody.user != nil && somebody.isKnown {
                for child in Child.all where child.isWithin(somebody) == isAllowed {
                    let answer = try await world.ask(
                        mint, .post, .model, Place.missing.path, as: world.tokens[somebody.name],
                        .init(body: child.body))
                    #expect(answer.status == (isAllowed ? 201 : 403), "\(somebody.name) \(child.body): \(answer.text)")
                }
            }
            guard !isAllowed else { continue }
            let changes = try await Set(world.dump()).symmetricDifference(before)
            #expect(changes.isEmpty, "\(changes.prefix(5))")
        }
        // One that ends makes none that outlives it.
        let user = try #require(try await world.hub.identities.user(named: "outsider"))
        let ending = try await world.hub.identities.createToken(
            for: user, name: "ending", scope: .write, expiresAt: PermissionWorld.now + 1_800_000)
        for (seconds, status) in [(nil, 403), (3_600, 403), (600, 201)] as [(Int?, Int)] {
            let expiry = seconds.map { ",\"expiresInSeconds\":\($0)" } ?? ""
            let answer = try await world.ask(
                mint, .post, .model, Place.missing.path, as: ending.reveal(),
                .init(body: "{\"name\":\"x\",\"scope\":\"read\"\(expiry)}"))
            #expect(answer.status == status, "\(answer.text)")
        }
    }

    @Test("S4: CSGHub's way to make tokens makes none that does more, and reaches what its parent reaches")
    func mintingForApplications() async throws {
        let world = try await PermissionWorld([.model])
        let mint = try #require(
            world.routes.first { $0.pattern == "/api/v1/token/{app}/{token_name}" && $0.method == .post })
        for (index, somebody) in world.people.enumerated() where somebody.user != nil && somebody.isKnown {
            for scope in TokenGrant.Scope.allCases {
                let answer = try await world.ask(
                    mint, .post, .model, Place.missing.path, as: world.tokens[somebody.name],
                    .init(
                        body: "{\"permission\":\"\(scope.rawValue)\"}",
                        captures: ["app": "git", "token_name": "\(scope.rawValue)-\(index)"]))
                var parent = somebody
                parent.reach = nil
                let isAllowed = Child(scope: scope, reach: nil).isWithin(parent)
                #expect(answer.status == (isAllowed ? 200 : 403), "\(somebody.name) \(scope): \(answer.text)")
                guard isAllowed, let user = somebody.user else { continue }
                let owner = try #require(try await world.hub.identities.user(named: user))
                let made = try await world.hub.identities.tokens(of: owner, for: .git)
                    .first { $0.record.grant.name == "\(scope.rawValue)-\(index)" }
                #expect((made?.record.grant.resources == nil) == (somebody.reach == nil), "\(somebody.name) \(scope)")
            }
        }
    }

    /// A token to be made.
    private struct Child {
        let scope: TokenGrant.Scope
        let reach: [String]?

        static let all = TokenGrant.Scope.allCases.flatMap { scope in
            [nil, ["acme"], ["model:\(Place.closed.path)"], ["ada"], ["acme", "ada"]].map {
                Child(scope: scope, reach: $0)
            }
        }

        var body: String {
            let list = reach.map { ",\"resources\":[\($0.map { "\"\($0)\"" }.joined(separator: ","))]" } ?? ""
            return "{\"name\":\"child\",\"scope\":\"\(scope.rawValue)\"\(list)}"
        }

        func isWithin(_ parent: Somebody) -> Bool {
            let order: [TokenGrant.Scope] = [.read, .upload, .write, .admin]
            // One that reads or puts content in makes none at all.
            guard parent.scope == .write || parent.scope == .admin, let mine = order.firstIndex(of: scope),
                let most = order.firstIndex(of: parent.scope), mine <= most
            else { return false }
            guard let outer = parent.reach else { return true }
            return reach?.allSatisfy { name in
                let path = name.split(separator: ":").last.map(String.init) ?? name
                return outer.contains(path) || outer.contains(String(path.prefix { $0 != "/" }))
            } ?? false
        }
    }

    /// What a comparison found on each row's first route that leaves the repository where it is.
    private static func differences(
        in world: PermissionWorld,
        _ compare: (Route, PermissionRow) async throws -> [String]
    ) async throws -> [String] {
        let routes = Dictionary(grouping: world.repositoryRoutes, by: PermissionWorld.row).compactMapValues { routes in
            routes.first { PermissionWorld.kinds(of: $0).contains(.model) }
        }.sorted { $0.key < $1.key }
        // One after the other: a like by one row would be counted in another's answer.
        var found: [String] = []
        for (name, route) in routes {
            let row = try #require(PermissionMatrixTests.rows[name], "\(name)")
            guard !row.removes else { continue }
            found += try await compare(route, row).map { "\(name) \($0)" }
        }
        return found
    }
}
