import HTTPTypes
import HubCore
import HubServer
import NIOCore
import Testing

@Suite("Routes")
struct RouteTableTests {
    private static func route(_ pattern: String, _ method: HTTPRequest.Method = .get, head: Bool = false) -> Route {
        Route(method, pattern, .open, head: head, errors: PlainErrorRendering()) { _ in .text(pattern) }
    }

    private static func found(_ match: RouteMatch) -> (pattern: String, parameters: [String: String])? {
        if case .found(let route, let parameters) = match { (route.pattern, parameters) } else { nil }
    }

    private static let table = [
        route("/api/models/{namespace}/{name}", head: true),
        route("/api/models/{namespace}/{name}", .delete),
        route("/api/models/{namespace}/{name}/tree/{revision}/{path...}"),
        route("/api/{kinds:models|datasets|spaces}/{namespace}/{name}/revision/{revision}"),
        route("/api/models/trending/now"),
        route("/{namespace}/{name}.git/info/refs"),
        route("/{namespace}/{name}/info/refs"),
        route("/{namespace}/{name}/resolve/{revision}/{path...}"),
        route("/files/{path...}"),
        route("/files/upload", .post),
    ]

    @Test("an escaped slash stays inside its segment and is decoded afterwards")
    func escapedSlash() throws {
        let table = try RouteTable(Self.table)
        let match = try #require(
            Self.found(table.match(.get, "/api/models/acme/big/tree/refs%2Fpr%2F1/a%20b/c%C3%A9.txt")))
        #expect(match.parameters["revision"] == "refs/pr/1")
        #expect(match.parameters["path"] == "a b/cé.txt")
    }

    @Test("a literal segment wins over a capture, and a capture with a suffix over a bare one")
    func specificity() throws {
        let table = try RouteTable(Self.table)
        #expect(try Self.found(table.match(.get, "/api/models/trending/now"))?.pattern == "/api/models/trending/now")
        let git = try #require(Self.found(table.match(.get, "/acme/big.git/info/refs")))
        #expect(git.parameters == ["namespace": "acme", "name": "big"])
        let plain = try #require(Self.found(table.match(.get, "/acme/big/info/refs")))
        #expect(plain.pattern == "/{namespace}/{name}/info/refs")
        let alternative = try #require(Self.found(table.match(.get, "/api/datasets/a/b/revision/main")))
        #expect(alternative.parameters["kinds"] == "datasets")
    }

    @Test("the search falls back to a less specific row when the specific one has not the method")
    func fallback() throws {
        let table = try RouteTable(Self.table)
        #expect(try Self.found(table.match(.get, "/files/upload"))?.parameters["path"] == "upload")
        #expect(try Self.found(table.match(.post, "/files/upload"))?.pattern == "/files/upload")
    }

    @Test("a trailing empty segment is ignored, others are not, and the rest may be empty")
    func emptySegments() throws {
        let table = try RouteTable(Self.table)
        #expect(try Self.found(table.match(.get, "/api/models/acme/big/")) != nil)
        #expect(try Self.found(table.match(.get, "/api//models/acme/big")) == nil)
        #expect(try Self.found(table.match(.get, "//acme/big")) == nil)
        #expect(try Self.found(table.match(.get, "/files"))?.parameters["path"] == "")
        #expect(try Self.found(table.match(.get, "/files/a//b"))?.parameters["path"] == "a//b")
    }

    @Test("broken escapes, bytes that are no UTF-8, NUL and dot segments are refused")
    func refusals() throws {
        let table = try RouteTable(Self.table)
        for path in ["/files/%", "/files/%4", "/files/%zz", "/files/%ff", "/files/%00", "/files/../x", "/files/%2e%2e"]
        {
            #expect(throws: HubError.self) { try table.match(.get, path) }
        }
        guard case .notFound = try table.match(.get, "/files/a%2F..%2Fb") else {
            Issue.record("a dot segment behind an escaped slash was let in")
            return
        }
    }

    @Test("HEAD goes to every GET route, whether it says so or not, and 405 names what is allowed")
    func methods() throws {
        let table = try RouteTable(Self.table)
        #expect(try Self.found(table.match(.head, "/api/models/a/b")) != nil)
        guard case .methodNotAllowed(let allowed, _) = try table.match(.put, "/api/models/a/b") else {
            Issue.record("no 405")
            return
        }
        #expect(allowed.map(\.rawValue) == ["DELETE", "GET", "HEAD"])
        #expect(try Self.found(table.match(.head, "/files/x")) != nil)
        guard case .methodNotAllowed(let read, _) = try table.match(.put, "/files/x") else {
            Issue.record("no 405")
            return
        }
        #expect(read.map(\.rawValue) == ["GET", "HEAD"])
    }

    @Test("a surface can stand at several mounts, and the request knows at which")
    func mounts() async throws {
        let routes = [
            Route(
                method: .get, pattern: "/api/whoami", verb: .open, handler: { .text($0.mount) },
                errors: PlainErrorRendering())
        ].mounted(at: ["", "/hf", "/csg"])
        let dispatcher = RequestDispatcher(table: try RouteTable(routes), logger: CollectedLog().logger)
        for mount in ["", "/hf", "/csg"] {
            let response = try await dispatcher.respond(to: HubRequest(target: "\(mount)/api/whoami"))
            guard case .bytes(let body) = response.body else {
                Issue.record("no body")
                continue
            }
            #expect(String(buffer: body) == mount)
        }
    }

    @Test(
        "a table that contradicts itself does not boot",
        arguments: [
            ["/a/{x}", "/a/{y}"], ["/a/", "/a"], ["/{k:a|b}/c", "/{k:b|d}/c"], ["/{a}.x/c", "/yy{b}/c"], ["a"],
            ["/{a"], ["/a}"], ["/{rest...}/b"], ["/{a}/{a}"], ["/{}"], ["//a"], ["/{a}{b}"], ["/x{rest...}"],
        ])
    func mistakes(patterns: [String]) {
        #expect(throws: RouteTable.Mistake.self) { try RouteTable(patterns.map { Self.route($0) }) }
    }

    @Test("S1: rows carry method, pattern and verb for the authorization matrix")
    func rows() throws {
        let route = Route(.get, "/x", .repository(.contentRead), errors: PlainErrorRendering()) { _ in .status(200) }
        let row = try #require(try RouteTable([route]).rows.first)
        #expect(row.method == "GET")
        #expect(row.verb == .repository(.contentRead))
        #expect(row.verb.description == "content.read")
    }

    @Test("routes for accounts and administrators refuse others before their handler runs")
    func admission() async throws {
        let routes: [Route] = [
            Route(.get, "/me", .authenticated, errors: PlainErrorRendering()) { _ in .status(200) },
            Route(.get, "/admin", .admin, errors: PlainErrorRendering()) { _ in .status(200) },
        ]
        let dispatcher = RequestDispatcher(table: try RouteTable(routes), logger: CollectedLog().logger)
        #expect(try await dispatcher.respond(to: HubRequest(target: "/me")).status == 401)
        #expect(try await dispatcher.respond(to: HubRequest(target: "/admin")).status == 401)
    }

    @Test("an unexpected error says nothing but the request's id")
    func unexpected() async throws {
        struct Private: Error { let secret = "s3cret" }
        let log = CollectedLog()
        let routes = [Route(.get, "/x", .open, errors: PlainErrorRendering()) { _ in throw Private() }]
        let dispatcher = RequestDispatcher(table: try RouteTable(routes), logger: log.logger)
        let request = try HubRequest(target: "/x")
        let response = await dispatcher.respond(to: request)
        #expect(response.status == 500)
        guard case .bytes(let body) = response.body else {
            Issue.record("no body")
            return
        }
        #expect(!String(buffer: body).contains("s3cret"))
        #expect(String(buffer: body).contains(request.id.text))
        #expect(log.metadata(of: "request failed").count == 1)
    }
}
