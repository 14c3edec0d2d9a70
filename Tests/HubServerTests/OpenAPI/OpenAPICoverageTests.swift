import Foundation
import HTTPTypes
import HubCore
import Logging
import MirrorGateway
import NIOCore
import Testing

@testable import HubServer

/// The OpenAPI document against the hub's own list of routes.
@Suite("OpenAPI document")
struct OpenAPICoverageTests {
    @Test("every route of the described interfaces has an operation, and every operation a route")
    func complete() async throws {
        let world = try await HubRoutes()
        let document = try APIDocument(of: world.routes, Surfaces.operations, version: "0")
        #expect(document.undescribed == [], "routes without an operation: add one beside them")
        #expect(document.unrouted == [], "operations without a route")
    }

    @Test("what is served is that document: the captures, callers and refusals of its routes are the routes' own")
    func served() async throws {
        let world = try await HubRoutes()
        let response = try await world.ask(OpenAPIRoute.path)
        #expect(response.status == 200)
        #expect(response.headers[.contentType] == "application/json; charset=utf-8")
        #expect(response.headers[.cacheControl] == "public, no-cache")
        let document = try JSONDecoder().decode(Document.self, from: Data(response.bytes))
        #expect(document.openapi == "3.1.1")
        #expect(document.info.version == "7.8.9")
        let item = try #require(document.paths["/api/v1/{kinds}/{namespace}/{name}/commit/{id}"])
        let read = try #require(item["get"])
        #expect(read.parameters.map(\.name) == ["kinds", "namespace", "name", "id"])
        #expect(
            read.parameters[0].schema.enum
                == ["codes", "datasets", "mcps", "models", "prompts", "skills", "spaces"])
        #expect(read.security.contains([:]), "what is public needs no account")
        #expect(read.responses["404"]?.ref == "#/components/responses/CSGHub404")
        // Another route, whose capture has another name, is the same path here.
        let write = try #require(item["post"])
        #expect(write.parameters.map(\.name) == ["kinds", "namespace", "name", "id"])
        #expect(!write.security.contains([:]))
        let users = try #require(document.paths["/api/gateway/v1/users"]?["post"])
        #expect(
            users.responses.keys.sorted() == ["201", "400", "401", "403", "409", "413", "415", "422", "500", "503"])
        // Other methods take any number where this one takes the word of a kind.
        let liked = try #require(document.paths["/api/v1/user/{username}/likes/{repository}"]?["get"])
        #expect(liked.responses["405"] != nil && users.responses["405"] == nil)
        #expect(document.paths["/api/v1/{kinds}/{namespace}/{name}/resolve/{path}"]?["head"] != nil)
        #expect(document.paths[OpenAPIRoute.path]?["get"] != nil, "it describes itself")
    }

    @Test("routes for browsers take a session and may refuse another site's page; those of other programs do not")
    func sessions() async throws {
        let response = try await HubRoutes().ask(OpenAPIRoute.path)
        let document = try JSONDecoder().decode(Document.self, from: Data(response.bytes))
        let cookie = try #require(document.components.securitySchemes["session"])
        #expect(cookie.type == "apiKey" && cookie.in == "cookie" && cookie.name == "__Host-weir-session")
        let tokens = try #require(document.paths["/api/gateway/v1/tokens"])
        #expect(tokens["get"]?.security.contains(["session": []]) == true)
        let password = try #require(document.paths["/api/gateway/v1/password"]?["put"])
        #expect(password.security.contains(["session": []]) && !password.security.contains([:]))
        #expect(password.responses["403"]?.ref == "#/components/responses/Gateway403")
        let version = try #require(document.paths["/api/gateway/v1/version"]?["get"])
        #expect(version.security.contains([:]) && version.responses["403"] == nil)
        let commit = try #require(document.paths["/api/v1/{kinds}/{namespace}/{name}/commit/{id}"])
        #expect(commit.values.allSatisfy { !$0.security.contains(["session": []]) })
    }

    @Test("a client that has the document is told so, and one that has another gets the new one")
    func caching() async throws {
        let world = try await HubRoutes()
        let tag = try #require(try await world.ask(OpenAPIRoute.path).headers[.eTag])
        let known = try await world.ask(OpenAPIRoute.path, headers: [.ifNoneMatch: tag])
        #expect(known.status == 304 && known.bytes.isEmpty)
        #expect(try await world.ask(OpenAPIRoute.path, headers: [.ifNoneMatch: "\"other\""]).status == 200)
    }

    @Test(
        "what no route takes is refused in the dialect of the interface it was sent to",
        arguments: [
            ("/api/v1/nothing/here", 404, "trace_id"), ("/api/v1/models/acme/%zz", 400, "trace_id"),
            ("/api/gateway/v1/nothing", 404, "request_id"), ("/nothing/at/all/of/it", 404, "request_id"),
        ])
    func dialects(path: String, status: Int, member: String) async throws {
        let world = try await HubRoutes()
        let request = HubRequest(
            unreadable: RequestID(), method: .get, target: path + "?x=%zz", headers: [:], remoteAddress: nil)
        #expect(request.rawPath == path)
        let answer = await world.dispatcher.respond(to: request)
        #expect(answer.status == status)
        #expect(answer.headers["X-Error-Code"] == (status == 404 ? "not-found" : "bad-request"))
        guard case .bytes(let buffer) = answer.body else { return #expect(Bool(false), "no body") }
        #expect(String(buffer: buffer).contains("\"\(member)\":"))
    }

    @Test("a capture of one word is another path than that of other words, as OpenAPI's templates have none")
    func oneWord() throws {
        let prompts = try APIPath("/api/v1/{kinds:prompts_info}/{name}")
        #expect(prompts.template(["name"]) == "/api/v1/prompts_info/{name}")
        #expect(prompts.shape != (try APIPath("/api/v1/{kinds:models|prompts}/{name}").shape))
    }

    @Test("operations are described once, have names of their own, and say how their errors look")
    func mistakes() throws {
        let route = Route(.get, "/api/v1/x/{id}", .open, errors: CSGHubErrorRendering()) { _ in .status(200) }
        let operation = APIOperation.get("/x/{id}", "x", "X.", returns: .empty())
        let group = APIOperationGroup("X", at: "/api/v1", [operation])
        #expect(throws: Never.self) { try APIDocument(of: [route], [group], version: "0") }
        #expect(throws: APIMistake.self) { try APIDocument(of: [route], [group, group], version: "0") }
        let other = Route(.get, "/api/v1/y", .open, errors: CSGHubErrorRendering()) { _ in .status(200) }
        let namesake = APIOperationGroup("Y", at: "", [.get("/api/v1/y", "x", "Y.", returns: .empty())])
        #expect(throws: APIMistake.self) { try APIDocument(of: [route, other], [group, namesake], version: "0") }
        let mute = Route(.get, "/api/v1/x/{id}", .open, errors: LFSErrorRendering()) { _ in .status(200) }
        #expect(throws: APIMistake.self) { try APIDocument(of: [mute], [group], version: "0") }
    }

    @Test("a schema with a name stands among the components once, and two of one name are a mistake")
    func schemas() throws {
        var names: [String: JSONSchema] = [:]
        let inner = JSONSchema.named("Inner", .object(["a": .text]))
        try JSONSchema.named("Outer", .object(["b": .array(of: inner.orNull), "c": inner])).collect(into: &names)
        #expect(names.keys.sorted() == ["Inner", "Outer"])
        #expect(throws: APIMistake.self) { try JSONSchema.named("Inner", .text).collect(into: &names) }
    }

    @Test("schemas are written as JSON Schema has them")
    func writing() {
        func text(_ schema: JSONSchema) -> String {
            var json = JSONWriter()
            schema.write(to: &json)
            return String(buffer: json.buffer)
        }
        #expect(
            text(.object(["a": .count, "b": .text.optional], "Both."))
                == """
                {"type":"object","required":["a"],"properties":{"a":{"type":"integer","format":"int64","minimum":0},\
                "b":{"type":"string"}},"description":"Both."}
                """)
        #expect(
            text(.words(["x", "y"], "Which.").orNull)
                == #"{"anyOf":[{"type":"string","enum":["x","y"]},{"type":"null"}],"description":"Which."}"#)
        #expect(
            text(.oneOf(.constant(false), .integer(1...2)))
                == #"{"anyOf":[{"const":false},{"type":"integer","format":"int64","minimum":1,"maximum":2}]}"#)
    }
}

/// The routes of a hub with nothing in it.
private final class HubRoutes: Sendable {
    let routes: [Route]
    private let folder: URL
    let dispatcher: RequestDispatcher

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-openapi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("mirrors"), withIntermediateDirectories: true)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let gateway = try Gateway(
            hub: try await Hub(path: folder.path + "/data"), mirrors: folder.path + "/mirrors", isOffline: true,
            environment: [:], logger: logger)
        routes = try Surfaces.routes(gateway: gateway, version: "7.8.9", assets: .bare)
        dispatcher = RequestDispatcher(
            table: try RouteTable(routes), errors: Surfaces.errors(.bare), logger: logger)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func ask(_ path: String, headers: HTTPFields = [:]) async throws -> (
        status: Int, headers: HTTPFields, bytes: [UInt8]
    ) {
        let response = await dispatcher.respond(
            to: try HubRequest(id: RequestID(), method: .get, target: path, headers: headers))
        guard case .bytes(let buffer) = response.body else { return (response.status, response.headers, []) }
        return (response.status, response.headers, Array(buffer.readableBytesView))
    }
}

/// What the tests look at in a document.
private struct Document: Decodable {
    struct Info: Decodable { let version: String }
    struct Operation: Decodable {
        struct Parameter: Decodable {
            struct Schema: Decodable { var `enum`: [String]? }
            let name: String
            let schema: Schema
        }
        struct Response: Decodable {
            enum CodingKeys: String, CodingKey { case ref = "$ref" }
            var ref: String?
        }
        let parameters: [Parameter]
        let security: [[String: [String]]]
        let responses: [String: Response]
    }
    struct Components: Decodable {
        struct Scheme: Decodable {
            let type: String
            var `in`: String?
            var name: String?
        }
        let securitySchemes: [String: Scheme]
    }
    let openapi: String
    let info: Info
    let components: Components
    let paths: [String: [String: Operation]]
}
