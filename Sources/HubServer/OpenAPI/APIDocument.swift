import HTTPTypes
import HubCore
import NIOCore

/// The OpenAPI 3.1 document of the hub's own interface and of CSGHub's, made from the routes and what is declared beside
/// them. It has no sentence of its own about any route.
///
/// - SeeAlso: https://spec.openapis.org/oas/v3.1.1
struct APIDocument: Sendable {
    static let requestIDHeader = "X-Request-Id"

    /// The interfaces that are described; the others have specifications elsewhere.
    private static let prefixes = ["/api/gateway/v1/", "/api/authz/", "/api/v1/"]

    /// An operation with its route and what OpenAPI calls its path.
    private struct Entry {
        let route: Route
        let operation: APIOperation
        let tag: String
        let path: APIPath
        var names: [String]
        /// Whether other methods have captures at this path that take more than this one's.
        var isNarrow = false
    }

    /// The document.
    let json: ByteBuffer
    /// Routes of these interfaces that nothing is said about, as `GET /api/…`.
    let undescribed: [String]
    /// Operations of routes that are not there.
    let unrouted: [String]

    /// - Parameter version: of this program.
    /// - Throws: ``APIMistake`` for declarations that contradict each other.
    init(of routes: [Route], _ groups: [APIOperationGroup], version: String) throws {
        let described = routes.filter { route in Self.prefixes.contains { route.pattern.hasPrefix($0) } }
        let placed = Dictionary(described.map { (Self.key($0.method, $0.pattern), $0) }) { first, _ in first }
        var entries: [Entry] = []
        var unrouted: [String] = []
        var seen: Set<String> = []
        for group in groups {
            for operation in group.operations {
                let key = Self.key(operation.method, group.base + operation.path)
                guard seen.insert(key).inserted else { throw APIMistake("\(key) is described twice") }
                guard let route = placed[key] else {
                    unrouted.append(key)
                    continue
                }
                let path = try APIPath(route.pattern)
                entries.append(
                    Entry(
                        route: route, operation: operation, tag: group.name, path: path,
                        names: path.variables.map(\.name)))
            }
        }
        self.unrouted = unrouted
        undescribed = described.map { Self.key($0.method, $0.pattern) }.filter { !seen.contains($0) }
        Self.unify(&entries)
        try Self.requireUniqueNames(entries)
        json = try Self.write(entries, tags: groups.map(\.name), version: version)
    }

    private static func key(_ method: HTTPRequest.Method, _ pattern: String) -> String { "\(method) \(pattern)" }

    private static func requireUniqueNames(_ entries: [Entry]) throws {
        let names = Dictionary(grouping: entries, by: \.operation.id)
        for (name, entries) in names where entries.count > 1 { throw APIMistake("two operations are called \(name)") }
    }

    /// Paths that differ in the names of their captures only are one path to OpenAPI: they get the same names, those of
    /// captures that take anything before those that take a few words.
    private static func unify(_ entries: inout [Entry]) {
        var known: [String: [APIPath.Variable]] = [:]
        for entry in entries {
            let others = known[entry.path.shape] ?? entry.path.variables
            known[entry.path.shape] = zip(others, entry.path.variables).map { other, own in
                !other.words.isEmpty && own.words.isEmpty ? own : other
            }
        }
        for index in entries.indices {
            guard let shared = known[entries[index].path.shape] else { continue }
            entries[index].names = shared.map(\.name)
            entries[index].isNarrow = zip(shared, entries[index].path.variables).contains { shared, own in
                shared.words.isEmpty && !own.words.isEmpty
            }
        }
    }

    // MARK: Writing

    private static func write(_ entries: [Entry], tags: [String], version: String) throws -> ByteBuffer {
        var schemas: [String: JSONSchema] = [:]
        var errors: [String: APIErrorAnswer] = [:]
        for entry in entries {
            try entry.operation.collect(into: &schemas)
            for answer in try refusals(of: entry) {
                errors[answer.name] = answer
                try answer.schema.collect(into: &schemas)
            }
        }
        var json = JSONWriter(capacity: 256 << 10)
        try json.object { json in
            json.member("openapi", "3.1.1")
            json.object("info") { json in
                json.member("title", "Weir")
                json.member("version", version)
                json.member(
                    "description",
                    "The hub's own interface and CSGHub's REST. Every answer has \(requestIDHeader); every refusal "
                        + "has \(APIErrorAnswer.codeHeader) with a code that does not change its meaning.")
            }
            json.array("servers") { json in json.object { $0.member("url", "/") } }
            json.array("tags") { json in
                var seen: Set<String> = []
                for tag in tags where seen.insert(tag).inserted { json.object { $0.member("name", tag) } }
            }
            try json.object("paths") { json in
                for path in paths(of: entries) {
                    try json.object(path) { json in
                        for entry in entries where entry.path.template(entry.names) == path {
                            try write(entry, to: &json)
                        }
                    }
                }
            }
            json.object("components") { json in
                json.object("securitySchemes") { APISecurity.write(to: &$0) }
                json.object("headers") { writeHeaders(to: &$0) }
                json.object("responses") { json in
                    for (_, answer) in errors.sorted(by: { $0.key < $1.key }) { answer.write(to: &json) }
                }
                json.object("schemas") { json in
                    for (name, schema) in schemas.sorted(by: { $0.key < $1.key }) {
                        json.key(name)
                        schema.write(to: &json)
                    }
                }
            }
        }
        return json.buffer
    }

    private static func paths(of entries: [Entry]) -> [String] {
        var seen: Set<String> = []
        return entries.map { $0.path.template($0.names) }.filter { seen.insert($0).inserted }
    }

    private static func write(_ entry: Entry, to json: inout JSONWriter) throws {
        try write(entry, isHead: false, to: &json)
        if entry.route.head { try write(entry, isHead: true, to: &json) }
    }

    private static func write(_ entry: Entry, isHead: Bool, to json: inout JSONWriter) throws {
        let (route, operation) = (entry.route, entry.operation)
        let refusals = try refusals(of: entry)
        json.object(isHead ? "head" : route.method.rawValue.lowercased()) { json in
            json.member("operationId", isHead ? "\(operation.id)Head" : operation.id)
            json.member("summary", isHead ? "\(operation.summary) The headers alone." : operation.summary)
            json.member("tags", [entry.tag])
            APISecurity.write(route, to: &json)
            json.array("parameters") { json in
                for (variable, name) in zip(entry.path.variables, entry.names) {
                    write(variable, as: name, of: operation, to: &json)
                }
                for parameter in operation.parameters { parameter.write(to: &json) }
            }
            operation.body?.write(to: &json)
            json.object("responses") { json in
                for answer in operation.answers { write(answer, of: route, isHead: isHead, to: &json) }
                for refusal in refusals {
                    if isHead {
                        json.object(String(refusal.status)) { $0.member("description", "The same without a body.") }
                    } else {
                        json.object(String(refusal.status)) { json in
                            json.member("$ref", "#/components/responses/\(refusal.name)")
                        }
                    }
                }
            }
        }
    }

    /// By status, without those an answer stands for.
    private static func refusals(of entry: Entry) throws -> [APIErrorAnswer] {
        let codes = entry.route.impliedRefusals(readsBody: entry.operation.body != nil)
            .union(entry.operation.refusals).union(entry.isNarrow ? [.methodNotAllowed] : [])
        let statuses = Set(codes.map(\.defaultStatus)).subtracting(entry.operation.answers.map(\.status))
        return try APIErrorAnswer.all(of: entry.route.errors).filter { statuses.contains($0.status) }
    }

    private static func write(
        _ variable: APIPath.Variable, as name: String, of operation: APIOperation, to json: inout JSONWriter
    ) {
        let capture = operation.captures[variable.name] ?? APICapture.known[variable.name]
        let schema = variable.words.isEmpty ? capture?.schema ?? .text : .words(variable.words, capture?.schema.meaning)
        json.object { json in
            json.member("name", name)
            json.member("in", "path")
            json.member("required", true)
            if let meaning = schema.meaning { json.member("description", meaning) }
            json.key("schema")
            schema.write(to: &json)
        }
    }

    private static func write(_ answer: APIAnswer, of route: Route, isHead: Bool, to json: inout JSONWriter) {
        json.object(String(answer.status)) { json in
            json.member("description", answer.meaning)
            json.object("headers") { json in
                json.object(requestIDHeader) { $0.member("$ref", "#/components/headers/\(requestIDHeader)") }
                for header in answer.headers { header.write(to: &json) }
                if case .repository(let verb) = route.verb, verb.isRead {
                    for name in ["X-Repo-Commit", "X-Weir-Stale"] {
                        json.object(name) { $0.member("$ref", "#/components/headers/\(name)") }
                    }
                }
            }
            guard !answer.content.isEmpty, !isHead else { return }
            json.object("content") { json in
                for (type, schema) in answer.content {
                    json.object(type) { json in
                        guard let schema else { return }
                        json.key("schema")
                        schema.write(to: &json)
                    }
                }
            }
        }
    }

    private static func writeHeaders(to json: inout JSONWriter) {
        let headers = [
            APIHeader(requestIDHeader, .text("Finds the request in the log."), isRequired: true),
            APIHeader(
                APIErrorAnswer.codeHeader, .words(of: HubError.Code.self, "The stable code of the refusal."),
                isRequired: true),
            APIHeader("X-Repo-Commit", .commitID.meaning("The commit the answer was read from.")),
            APIHeader("X-Weir-Stale", .text("How old the answer is in seconds, and why, when an upstream is silent.")),
        ]
        for header in headers { header.write(to: &json) }
    }
}

extension APIOperation {
    fileprivate func collect(into schemas: inout [String: JSONSchema]) throws {
        for parameter in parameters { try parameter.schema.collect(into: &schemas) }
        for capture in captures.values { try capture.schema.collect(into: &schemas) }
        try body?.schema.collect(into: &schemas)
        for answer in answers {
            for header in answer.headers { try header.schema.collect(into: &schemas) }
            for (_, schema) in answer.content { try schema?.collect(into: &schemas) }
        }
    }
}
