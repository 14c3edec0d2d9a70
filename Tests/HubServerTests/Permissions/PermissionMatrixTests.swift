import HTTPTypes
import HubCore
import MirrorGateway
import Testing

@testable import HubServer

/// Every route of the hub's own list × everybody × every state of a repository × every way a token travels, compared
/// with ``PermissionModel`` (S1, S3, S4, S69). A route that is added without a row in ``rows`` fails here by name.
@Suite("Permissions of every route")
struct PermissionMatrixTests {
    /// By method and pattern without mount; `*` stands for the word of the kind. Each surface has a file of its own
    /// beside this one.
    static let rows: [String: PermissionRow] = [
        reading, huggingFaceWrites, community, lfsWrites, xet, gitWrites, csghubWrites, identity, accounts,
        webRepository, webWriting, webCommunity, webRepositorySettings, webViewer,
    ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    @Test("S1: every route has a row that says the same as the route, and no row is left over")
    func complete() async throws {
        let world = try await PermissionWorld([])
        let routes = Set(world.routes.map(PermissionWorld.row))
        #expect(routes.subtracting(Self.rows.keys).sorted() == [], "routes without a row")
        #expect(Set(Self.rows.keys).subtracting(routes).sorted() == [], "rows without a route")
        for route in world.routes {
            guard let row = Self.rows[PermissionWorld.row(route)] else { continue }
            let declared: PermissionRow.Access =
                switch route.verb {
                case .open: .everyone
                case .authenticated: .account
                case .repository(let verb): .repository(verb)
                case .hub(let verb): .hub(verb)
                case .admin: .administrator
                }
            #expect(row.access == declared, "\(PermissionWorld.row(route)) declares \(route.verb)")
        }
    }

    @Test("S1, S3: every route answers everybody in every state of a repository as the model says")
    func matrix() async throws {
        let world = try await PermissionWorld()
        let cells = try Cell.all(in: world)
        // Those who are refused first: together they must have changed nothing at all.
        let before = try await world.dump()
        let refused = try await Self.disagreements(cells.filter { $0.outcome != .passes }, in: world)
        #expect(refused.isEmpty, "\(refused.count) of \(cells.count): \(refused.prefix(40).joined(separator: "\n"))")
        let changes = try await Set(world.dump()).symmetricDifference(before)
        #expect(changes.isEmpty, "refused requests changed \(changes.prefix(10))")

        let others = cells.filter { $0.outcome == .passes && !$0.row.removes }
        var passed = try await Self.disagreements(others, in: world)
        for cell in cells where cell.outcome == .passes && cell.row.removes {
            passed += try await cell.disagreement(in: world).map { [$0] } ?? []
            try await world.make(cell.place, cell.kind)
        }
        #expect(passed.isEmpty, "\(passed.count) of \(cells.count): \(passed.prefix(40).joined(separator: "\n"))")
    }

    @Test("S69: a mirror that policy denies is refused by every route of every kind, and an allowed one by none")
    func denied() async throws {
        let world = try await PermissionWorld()
        let token = world.tokens["writer"]
        for route in world.repositoryRoutes {
            let row = try #require(Self.rows[PermissionWorld.row(route)], "\(PermissionWorld.row(route))")
            for kind in PermissionWorld.kinds(of: route) {
                for method in PermissionWorld.methods(of: route) {
                    let denied = try await world.ask(
                        route, method, kind, Place.denied.path, as: token, .init(body: row.valid ?? row.body))
                    let allowed = try await world.ask(
                        route, method, kind, PermissionWorld.opened.path, as: token,
                        .init(body: row.valid ?? row.body))
                    let place: Comment =
                        "\(method) \(route.pattern) \(kind): \(denied.status) \(denied.text.prefix(200))"
                    let isHead = method == .head
                    switch row.mirrored {
                    case .refused:
                        #expect(denied.status == 403, place)
                        #expect(isHead || denied.text.contains("rule 'closed'"), place)
                        // The second copy of a name is a conflict.
                        // What the fixture lacks is told to who is let in.
                        let isLetIn =
                            allowed.status < 400 || row.passes != nil && [404, 422].contains(allowed.status)
                            || row.needsAccount && allowed.status == 409
                        #expect(isLetIn, "\(place) allowed: \(allowed.status) \(allowed.text.prefix(200))")
                    case .gitError:
                        #expect(denied.status == 200 && denied.text.contains("ERR "), place)
                        #expect(denied.text.contains("rule 'closed'"), place)
                        #expect(allowed.status == 200 && allowed.text.contains("PACK"), place)
                    case .objects:
                        #expect(denied.status == 200 && denied.text.contains("\"code\":403"), place)
                        #expect(!denied.text.contains("href"), place)
                        #expect(allowed.text.contains("href"), place)
                    case .readOnly: #expect(denied.status == 403 && allowed.status == 403, place)
                    case .unsupported: #expect(denied.status == 501 && denied.text == allowed.text, place)
                    case .explained:
                        #expect(denied.text.contains("\"decision\":\"deny\""), place)
                        #expect(allowed.text.contains("\"decision\":\"allow\""), place)
                    }
                    #expect(!denied.text.contains(PermissionWorld.secret), "content in \(place)")
                    if row.mirrored != .objects, row.mirrored != .explained {
                        #expect(!denied.text.contains(world.oid), "a digest in \(place)")
                    }
                }
            }
        }
    }

    @Test("S3: a private repository answers outsiders as one that does not exist, byte for byte, on every route")
    func privateLikeMissing() async throws {
        let world = try await PermissionWorld()
        var differences: [String] = []
        for route in world.repositoryRoutes {
            let row = try #require(Self.rows[PermissionWorld.row(route)], "\(PermissionWorld.row(route))")
            for kind in PermissionWorld.kinds(of: route) {
                for method in PermissionWorld.methods(of: route) {
                    for name in ["anonymous", "outsider"] {
                        let token = world.tokens[name]
                        let hidden = try await world.ask(
                            route, method, kind, Place.closed.path, as: token, .init(body: row.body))
                        let missing = try await world.ask(
                            route, method, kind, Place.missing.path, as: token, .init(body: row.body))
                        let isHidden =
                            hidden.status == (token == nil ? 401 : 404) || token != nil && hidden.isErrorPacket
                        if hidden.named(Place.missing, for: Place.closed) != missing || !isHidden
                            || hidden.text.contains(PermissionWorld.secret)
                        {
                            differences.append("\(method) \(route.pattern) \(kind) \(name): \(hidden) \(missing)")
                        }
                    }
                }
            }
        }
        #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(20).joined(separator: "\n"))")
    }

    @Test("S18: a repository that was removed answers as one that never was, on every route that reads")
    func removed() async throws {
        let world = try await PermissionWorld([.model])
        let token = world.tokens["writer"]
        let routes = world.repositoryRoutes.filter { route in
            if case .repository(let verb) = route.verb {
                verb.isRead && PermissionWorld.kinds(of: route).contains(.model)
            } else {
                false
            }
        }
        // Whatever keeps answers has them by now.
        for route in routes { _ = try await world.ask(route, route.method, .model, Place.closed.path, as: token) }
        let id = try #require(RepositoryID(kind: .model, path: Place.closed.path))
        try await world.gateway.repositories.delete(try await world.authorizer.openAsOperator(.delete, id))
        for route in routes {
            for method in PermissionWorld.methods(of: route) {
                let gone = try await world.ask(route, method, .model, Place.closed.path, as: token)
                let missing = try await world.ask(route, method, .model, Place.missing.path, as: token)
                let place: Comment = "\(method) \(route.pattern): \(gone.status) \(gone.text.prefix(200))"
                #expect(gone.named(Place.missing, for: Place.closed) == missing, place)
                #expect(!gone.text.contains(PermissionWorld.secret), place)
            }
        }
    }

    @Test("S1: routes for accounts and administrators turn away whoever is less, whatever his token")
    func closedRoutes() async throws {
        let world = try await PermissionWorld([.model])
        var disagreements: [String] = []
        let before = try await world.dump()
        for route in world.routes {
            let row = try #require(Self.rows[PermissionWorld.row(route)], "\(PermissionWorld.row(route))")
            guard row.verb == nil else { continue }
            for somebody in world.people {
                let answer = try await world.ask(
                    route, route.method, .model, Place.missing.path, as: world.tokens[somebody.name],
                    .init(body: row.body ?? "!"))
                let isAdministrator =
                    somebody.isSiteAdministrator && somebody.scope == .admin && somebody.reach == nil
                let agrees =
                    switch row.access {
                    case .everyone: answer.status < 500
                    case _ where somebody.user == nil || !somebody.isKnown: answer.status == 401
                    case .hub(let verb) where !PermissionModel.mayOnHub(somebody, verb): answer.status == 403
                    case .hub: answer.isLetIn
                    case .administrator where !isAdministrator: answer.status == 403
                    case .administrator: answer.isLetIn
                    default: answer.status < 500
                    }
                if !agrees {
                    disagreements.append(
                        "\(route.method) \(route.pattern) \(somebody.name): \(answer.status) \(answer.text.prefix(99))")
                }
            }
        }
        #expect(disagreements.isEmpty, "\(disagreements.count): \(disagreements.prefix(40).joined(separator: "\n"))")
        let changes = try await Set(world.dump()).symmetricDifference(before)
        #expect(changes.isEmpty, "\(changes.prefix(10))")
    }

    /// What is not as the model says. Several at a time: each waits for the database most of the time.
    private static func disagreements(_ cells: [Cell], in world: PermissionWorld) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            let width = 4
            for start in 0..<width {
                group.addTask {
                    var found: [String] = []
                    for index in stride(from: start, to: cells.count, by: width) {
                        found += try await cells[index].disagreement(in: world).map { [$0] } ?? []
                    }
                    return found
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}

/// One request of the matrix, and what the model says of it.
private struct Cell: Sendable {
    let row: PermissionRow
    let route: Route
    let method: HTTPRequest.Method
    let kind: RepositoryKind
    let somebody: Somebody
    let place: Place
    let outcome: PermissionModel.Outcome

    /// Each row with everybody and each state, at one of its mounts and kinds: the next one for each row.
    static func all(in world: PermissionWorld) throws -> [Cell] {
        let routes = Dictionary(grouping: world.repositoryRoutes, by: PermissionWorld.row)
        return try routes.sorted { $0.key < $1.key }.enumerated().flatMap { index, entry in
            let row = try #require(PermissionMatrixTests.rows[entry.key], "\(entry.key)")
            let verb = try #require(row.verb, "\(entry.key) names no verb")
            let route = entry.value[index % entry.value.count]
            let kinds = PermissionWorld.kinds(of: route)
            return PermissionWorld.methods(of: route).flatMap { method in
                world.people.flatMap { somebody in
                    Place.all.compactMap { place -> Cell? in
                        var outcome = PermissionModel.outcome(somebody, verb, place)
                        if row.proposes, outcome == .forbidden, PermissionModel.mayPropose(somebody, place) {
                            outcome = .passes
                        }
                        let isRead = outcome == .passes || place.isRefusedByPolicy && outcome == .forbidden
                        if isRead, row.needsAccount, somebody.user == nil { outcome = .signIn }
                        // What administrators may do with a mirror is the business of mirrors.
                        if place.isRefusedByPolicy, outcome == .passes { return nil }
                        return Cell(
                            row: row, route: route, method: method, kind: kinds[index % kinds.count],
                            somebody: somebody, place: place, outcome: outcome)
                    }
                }
            }
        }
    }

    /// What is different from the model; nil when nothing is.
    func disagreement(in world: PermissionWorld) async throws -> String? {
        let token = world.tokens[somebody.name]
        // Policy decides on what is read, so there has to be something to do.
        let body = place.isRefusedByPolicy ? row.valid ?? row.body : row.body
        let answer = try await world.ask(route, method, kind, place.path, as: token, .init(body: body))
        var problem = complaint(about: answer)
        if problem == nil, outcome != .passes, answer.text.contains(PermissionWorld.secret) {
            problem = "tells content"
        }
        if problem == nil, outcome == .hidden, place.exists {
            let missing = Place(name: Place.missing.name, namespace: place.namespace)
            let other = try await world.ask(route, method, kind, missing.path, as: token, .init(body: row.body))
            if answer.named(missing, for: place) != other { problem = "differs from what is missing: \(other)" }
        }
        guard let problem else { return nil }
        return
            "\(method) \(route.pattern) \(somebody.name) \(place.path) \(kind.rawValue): \(problem), not \(outcome): "
            + "\(answer.status) \(answer.text.prefix(160))"
    }

    private func complaint(about answer: PermissionWorld.Answer) -> String? {
        let anonymous = somebody.user == nil
        let expected: ClosedRange<Int>
        switch outcome {
        case .forbidden where place.isRefusedByPolicy: return denialComplaint(about: answer)
        // That a mirror has no such thing is told to whoever sees it.
        case .signIn where place.isRefusedByPolicy && row.mirrored == .unsupported: expected = 501...501
        case .unknownToken, .signIn: expected = 401...401
        case .hidden: expected = anonymous ? 401...401 : 404...404
        case .gated: expected = anonymous ? 401...401 : 403...403
        case .forbidden: expected = 403...403
        case .passes:
            let isRead = method == .get || method == .head
            let passes = place.isGated ? row.passes : row.ungated ?? row.passes
            expected = passes.map { $0...$0 } ?? (isRead ? 200...299 : 400...400)
            if let says = row.says, method != .head, !answer.text.contains(says) { return "does not say '\(says)'" }
            if answer.isErrorPacket { return "an error packet" }
        }
        // git's clients are told in a packet what others are told by the status.
        if row.mirrored == .gitError, outcome != .passes, answer.status == 200 {
            guard answer.isErrorPacket else { return "no error packet" }
            return answer.text.contains("does not exist") == (outcome == .hidden) ? nil : "another error packet"
        }
        return expected.contains(answer.status) ? nil : "status"
    }

    private func denialComplaint(about answer: PermissionWorld.Answer) -> String? {
        switch row.mirrored {
        case .refused, .readOnly: answer.status == 403 ? nil : "status"
        case .gitError: answer.isErrorPacket ? nil : "no error packet"
        case .objects: answer.text.contains("\"code\":403") ? nil : "no refused object"
        case .unsupported: answer.status == 501 ? nil : "status"
        case .explained: answer.text.contains("\"decision\":\"deny\"") ? nil : "no denial"
        }
    }
}

extension PermissionWorld {
    var repositoryRoutes: [Route] {
        routes.filter { route in
            if case .repository = route.verb { true } else { false }
        }
    }
}

extension PermissionWorld.Answer {
    /// Whether somebody is let in: a page's form is missed only after that.
    var isLetIn: Bool {
        status != 401 && (status != 403 || text.contains("This form is not from a page of yours"))
    }

    /// git's way to say an error with status 200.
    var isErrorPacket: Bool { status == 200 && text.dropFirst(4).hasPrefix("ERR ") }

    /// The same about another place.
    func named(_ other: Place, for place: Place) -> Self {
        Self(
            status: status, headers: headers.map { $0.replacing(place.name, with: other.name) },
            text: text.replacing(place.name, with: other.name))
    }
}
