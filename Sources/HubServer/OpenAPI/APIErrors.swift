import HTTPTypes
import HubCore

/// How a surface's errors look, for the document. Each rendering that routes of the document use says it.
protocol DescribedErrorRendering: ErrorRendering {
    /// Stands in front of the names of the document's error answers.
    static var dialect: String { get }
    static var schema: JSONSchema { get }
}

extension PlainErrorRendering: DescribedErrorRendering {
    static let dialect = "Gateway"
    static let schema = JSONSchema.named(
        "GatewayError",
        .object([
            "error": .text("What went wrong, for people."),
            "code": .words(of: HubError.Code.self, "The stable code."),
            "remedy": .text("What can be done about it.").optional,
            "request_id": .text("Finds the request in the log."),
        ]))
}

extension CSGHubErrorRendering: DescribedErrorRendering {
    static let dialect = "CSGHub"
    static let schema = JSONSchema.named(
        "CSGHubError",
        .object([
            "code": JSONSchema(
                .string(format: nil, pattern: "^[A-Z]+-ERR-[0-9]+$", words: []), "The code CSGHub's clients know."),
            "msg": .text("The code, and what went wrong."),
            "trace_id": .text("Finds the request in the log."),
            "context": .map(of: .anything, "Which parameter was meant, and what it may be.").optional,
        ]))
}

/// Everything that is answered with one status in one dialect.
struct APIErrorAnswer: Sendable {
    let dialect: String
    let schema: JSONSchema
    let status: Int
    let codes: [HubError.Code]

    /// The name among the document's components.
    var name: String { "\(dialect)\(status)" }

    static let codeHeader = "X-Error-Code"

    /// - Parameter rendering: that of the route.
    /// - Throws: ``APIMistake`` for a rendering that says nothing of itself.
    static func all(of rendering: any ErrorRendering) throws -> [APIErrorAnswer] {
        guard let described = rendering as? any DescribedErrorRendering else {
            throw APIMistake("\(type(of: rendering)) does not say how its errors look")
        }
        let describedType = type(of: described)
        return Dictionary(grouping: HubError.Code.allCases, by: \.defaultStatus).map { status, codes in
            APIErrorAnswer(
                dialect: describedType.dialect, schema: describedType.schema, status: status, codes: codes)
        }.sorted { $0.status < $1.status }
    }

    func write(to json: inout JSONWriter) {
        let names = codes.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        json.object(name) { json in
            json.member("description", names)
            json.object("headers") { json in
                for header in [Self.codeHeader, APIDocument.requestIDHeader] {
                    json.object(header) { $0.member("$ref", "#/components/headers/\(header)") }
                }
                if status == 429 || status == 503 {
                    APIHeader("Retry-After", .text("Seconds to wait.")).write(to: &json)
                }
            }
            json.object("content") { json in
                json.object("application/json") { json in
                    json.key("schema")
                    schema.write(to: &json)
                }
            }
        }
    }
}

extension Route {
    /// What this route refuses for reasons that it states itself: its verb, its captures, whether it reads a body
    /// and whether it takes sessions.
    func impliedRefusals(readsBody: Bool) -> Set<HubError.Code> {
        var codes: Set<HubError.Code> = [.badRequest, .internalError, .shuttingDown, .invalidCredentials]
        switch verb {
        case .open: break
        case .authenticated: codes.insert(.authenticationRequired)
        case .hub, .admin: codes.formUnion([.authenticationRequired, .forbidden])
        case .repository:
            codes.formUnion([
                .authenticationRequired, .forbidden, .policyDenied, .repositoryNotFound, .upstreamCorrupt,
                .upstreamUnavailable, .offline,
            ])
        }
        // In a session, changes are taken from this site's own pages only.
        if takesSessions, method != .get { codes.insert(.forbidden) }
        if pattern.contains("{") { codes.insert(.notFound) }
        if readsBody { codes.formUnion([.payloadTooLarge, .unsupportedMediaType, .unprocessable]) }
        return codes
    }
}
