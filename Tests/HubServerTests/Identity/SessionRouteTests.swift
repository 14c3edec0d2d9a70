import HTTPTypes
import HubCore
import Logging
import MirrorGateway
import NIOCore
import SQL
import Testing

@testable import HubServer

@Suite("Sessions of browsers")
struct SessionRouteTests {
    private static let password = "correct horse battery"
    private static let base = "/api/gateway/v1"

    /// The whole hub's routes with real accounts, without a socket.
    private final class World: Sendable {
        let hub: Hub
        let routes: [Route]
        private let folder: TestHubFolder
        private let dispatcher: RequestDispatcher

        init() async throws {
            folder = try TestHubFolder()
            hub = try await Hub(path: folder.path + "/data")
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let gateway = try Gateway(hub: hub, mirrors: nil, isOffline: true, environment: [:], logger: logger)
            routes = try Surfaces.routes(gateway: gateway, version: "0", assets: .bare)
            dispatcher = RequestDispatcher(table: try RouteTable(routes), logger: logger)
            for (name, isAdministrator) in [("ada", false), ("bob", false), ("root", true)] {
                _ = try await hub.identities.createUser(name, isAdministrator: isAdministrator)
                try await hub.signIn.passwords.set(Secret(SessionRouteTests.password), of: name)
            }
        }

        func ask(
            _ method: HTTPRequest.Method, _ target: String, cookie: String? = nil, token: String? = nil,
            origin: String? = "https://hub.test", site: String? = nil, body: String = "",
            at baseURL: String = "https://hub.test"
        ) async throws -> (status: Int, text: String, headers: HTTPFields) {
            var headers: HTTPFields = [:]
            headers[.cookie] = cookie
            headers[.origin] = origin
            headers["Sec-Fetch-Site"] = site
            if let token { headers[.authorization] = "Bearer \(token)" }
            let authenticator = RequestAuthenticator(identities: hub.identities)
            let request = try HubRequest(
                method: method, target: target, headers: headers, body: RequestBody(body), baseURL: baseURL,
                remoteAddress: "192.0.2.1", authenticator: { try await authenticator.principal(of: $0) })
            let response = await dispatcher.respond(to: request)
            var text = ""
            if case .bytes(let buffer) = response.body { text = String(buffer: buffer) }
            return (response.status, text, response.headers)
        }

        /// Signs in and returns the cookie as a browser sends it back.
        func signIn(_ name: String, at baseURL: String = "https://hub.test") async throws -> String {
            let answer = try await ask(
                .post, "\(SessionRouteTests.base)/sessions", origin: baseURL,
                body: "{\"user\":\"\(name)\",\"password\":\"\(SessionRouteTests.password)\"}", at: baseURL)
            #expect(answer.status == 201, "\(answer.text)")
            return String(try #require(answer.headers["Set-Cookie"]).prefix { $0 != ";" })
        }
    }

    @Test("over HTTPS the cookie is bound to this host; over HTTP it has another name")
    func cookie() async throws {
        let world = try await World()
        let body = "{\"user\":\"ada\",\"password\":\"\(Self.password)\"}"
        let secure = try await world.ask(.post, Self.base + "/sessions", body: body)
        let header = try #require(secure.headers["Set-Cookie"])
        #expect(header.hasPrefix("__Host-weir-session="))
        for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] { #expect(header.contains(attribute)) }
        #expect(secure.headers["Cache-Control"] == "no-store")
        let plain = try await world.ask(
            .post, Self.base + "/sessions", origin: nil, body: body, at: "http://hub.test")
        let name = try #require(plain.headers["Set-Cookie"])
        #expect(name.hasPrefix("weir-session=") && !name.contains("Secure"))
        // The cookie of one is none for the other.
        let crossed = String(name.prefix { $0 != ";" })
        #expect(try await world.ask(.get, Self.base + "/sessions/current", cookie: crossed).status == 401)
    }

    @Test("changes by cookie are taken from this site's pages alone, and so is signing in (S39)")
    func sameOrigin() async throws {
        let world = try await World()
        let cookie = try await world.signIn("ada")
        let creation = "{\"name\":\"t\",\"scope\":\"read\"}"
        let cases: [(origin: String?, site: String?, status: Int)] = [
            ("https://hub.test", nil, 201), (nil, "same-origin", 201), ("https://hub.test", "same-origin", 201),
            (nil, nil, 403), ("https://evil.test", nil, 403), ("http://hub.test", nil, 403), ("null", nil, 403),
            ("https://hub.test.evil.test", nil, 403), ("https://hub.test", "cross-site", 403),
            (nil, "same-site", 403), (nil, "none", 403),
        ]
        for each in cases {
            let answer = try await world.ask(
                .post, Self.base + "/tokens", cookie: cookie, origin: each.origin, site: each.site, body: creation)
            #expect(answer.status == each.status, "\(each) \(answer.text)")
        }
        let planted = try await world.ask(
            .post, Self.base + "/sessions", origin: "https://evil.test",
            body: "{\"user\":\"ada\",\"password\":\"\(Self.password)\"}")
        #expect(planted.status == 403 && planted.headers["Set-Cookie"] == nil)
        #expect(try await world.ask(.get, Self.base + "/sessions/current", cookie: cookie, origin: nil).status == 200)
    }

    @Test("every changing route that takes a cookie refuses it from another site, and no other route sees it")
    func everyRoute() async throws {
        let world = try await World()
        let cookie = try await world.signIn("root")
        var checked = 0
        for route in world.routes {
            let target =
                "/"
                + route.pattern.split(separator: "/").map { segment in
                    guard let end = segment.lastIndex(of: "}") else { return String(segment) }
                    // What follows a capture, such as `:approve`, is part of the name.
                    return (segment.hasPrefix("{kind") ? "model" : "x") + segment[segment.index(after: end)...]
                }.joined(separator: "/")
            guard route.verb == .authenticated || route.verb == .admin else {
                let isProtocol = route.pattern.contains("git-") || route.pattern.contains("/info/")
                #expect(!isProtocol || !route.takesSessions, "\(route.pattern)")
                continue
            }
            let answer = try await world.ask(
                route.method, target, cookie: cookie, origin: "https://evil.test", site: "cross-site")
            checked += 1
            if !route.takesSessions {
                // Some made-up paths name no route; none of them is answered to somebody.
                #expect([401, 404, 405].contains(answer.status), "\(route.method) \(route.pattern): \(answer.status)")
            } else if route.method != .get {
                #expect(answer.status == 403, "\(route.method) \(route.pattern): \(answer.status)")
            }
        }
        #expect(checked > 40)
        #expect(
            world.routes.filter(\.takesSessions).allSatisfy {
                // What reads may be shown on pages; what changes something is the website's, or asks where it is from.
                $0.method == .get || $0.pattern.hasPrefix("/api/gateway/") || $0.pattern.hasPrefix("/api/authz/")
                    || $0.errors is WebErrorRendering
                    // Pieces of files that a page sends, whose script reads errors.
                    || $0.pattern.contains("/upload")
            })
    }

    @Test("a session ends here, elsewhere and everywhere, and cannot end somebody else's")
    func ending() async throws {
        let world = try await World()
        let (here, there, bob) = (
            try await world.signIn("ada"), try await world.signIn("ada"), try await world.signIn("bob")
        )
        let current = Self.base + "/sessions/current"
        let list = JSONText.decode(try await world.ask(.get, Self.base + "/sessions", cookie: here).text)
        let sessions = list?["sessions"]?.elements ?? []
        #expect(sessions.count == 2)
        let other = try #require(sessions.first { $0["isCurrent"] == .boolean(false) }?["id"]?.string)
        #expect(try await world.ask(.delete, "\(Self.base)/sessions/\(other)", cookie: bob).status == 404)
        #expect(try await world.ask(.delete, "\(Self.base)/sessions/\(other)", cookie: here).status == 204)
        #expect(try await world.ask(.get, current, cookie: there).status == 401)
        let left = try await world.ask(.delete, current, cookie: here)
        #expect(left.status == 204 && left.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(try await world.ask(.get, current, cookie: here).status == 401)
        let (one, two) = (try await world.signIn("bob"), bob)
        #expect(try await world.ask(.delete, Self.base + "/sessions", cookie: one).status == 204)
        for cookie in [one, two] { #expect(try await world.ask(.get, current, cookie: cookie).status == 401) }
    }

    @Test("too many wrong passwords answer 429 with a time to wait")
    func throttled() async throws {
        let world = try await World()
        var statuses: [Int] = []
        for _ in 0..<12 {
            let answer = try await world.ask(
                .post, Self.base + "/sessions", body: "{\"user\":\"ada\",\"password\":\"wrong password\"}")
            statuses.append(answer.status)
            if answer.status == 429 { #expect(answer.headers["Retry-After"].flatMap { Int($0) } ?? 0 > 0) }
        }
        #expect(statuses == Array(repeating: 401, count: 10) + [429, 429])
        _ = try await world.signIn("bob")
    }

    @Test("a body with every column of the database changes no privilege that its route does not name (S6)")
    func massAssignment() async throws {
        let world = try await World()
        let ada = try #require(try await world.hub.identities.user(named: "ada"))
        let root = try #require(try await world.hub.identities.user(named: "root"))
        let organisation = try await world.hub.store.organisations.createAsOperator("acme", owner: root)
        try await world.hub.store.organisations.setRole(.writer, of: "ada", in: organisation)
        let token = try await world.hub.identities.createToken(
            for: ada, name: "t", scope: .write, expiresAt: nil
        ).reveal()
        let columns = try await world.hub.database.read { connection in
            try connection.query(
                """
                SELECT DISTINCT c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                WHERE m.type = 'table' ORDER BY c.name
                """
            ).map { try $0.text("name") }
        }
        #expect(columns.contains("is_administrator") && columns.contains("account_kind"))
        let known = ["name", "scope", "role", "key", "user", "password", "verbs", "effect", "subject", "sources"]
        let extra =
            columns.filter { !known.contains($0) }.map { "\"\($0)\":1" }.joined(separator: ",")
            + ",\"isAdministrator\":true,\"isDisabled\":false,\"owner\":\"ada\",\"organization\":\"acme\""
        let before = try await privileges(of: world.hub)
        for route in world.routes where route.pattern.hasPrefix(Self.base) && route.method != .get {
            guard route.verb == .authenticated, !route.pattern.contains("/sessions") else { continue }
            let target =
                "/"
                + route.pattern.split(separator: "/").map { segment in
                    segment == "{organization}"
                        ? "acme" : segment == "{user}" ? "ada" : segment.contains("{") ? "x" : String(segment)
                }.joined(separator: "/")
            // Leaving is the one thing of these that he may do to his own rights.
            if route.pattern.hasSuffix("/memberships/{organization}") { continue }
            for field in [
                "\"name\":\"made\",\"scope\":\"read\"", "\"role\":\"admin\",\"user\":\"ada\",\"name\":\"made\"",
                "\"verbs\":[\"member.admin\"],\"name\":\"made\"",
            ] {
                let answer = try await world.ask(
                    route.method, target, token: token, origin: nil, body: "{\(field),\(extra)}")
                #expect(answer.status < 500, "\(route.method) \(target) \(answer.text)")
            }
        }
        let admin = try await world.hub.identities.createToken(
            for: root, name: "t", scope: .admin, expiresAt: nil
        ).reveal()
        let patched = try await world.ask(
            .patch, Self.base + "/users/ada", token: admin, origin: nil,
            body: "{\"isDisabled\":false,\(extra.replacing("\"isDisabled\":false,", with: ""))}")
        #expect(patched.status == 200, "\(patched.text)")
        #expect(try await privileges(of: world.hub) == before)
        #expect(try await world.hub.identities.tokens(of: ada).allSatisfy { $0.grant.scope < .admin })
    }

    /// Every row that says who may do what.
    private func privileges(of hub: Hub) async throws -> [String] {
        try await hub.database.read { connection in
            var rows: [String] = []
            for query in [
                "SELECT id, name, is_administrator, is_disabled, account_kind FROM users ORDER BY id",
                "SELECT * FROM memberships ORDER BY organisation_id, user_id", "SELECT * FROM grants ORDER BY id",
                "SELECT * FROM team_members", "SELECT * FROM custom_role_verbs", "SELECT * FROM deploy_keys",
                "SELECT * FROM robots",
            ] {
                rows += try connection.query(query).map { "\($0)" }
            }
            return rows
        }
    }
}
