import HTTPTypes
import HubCore
import NIOCore

/// The fields of a form as browsers send them.
/// - SeeAlso: WHATWG URL §5, "application/x-www-form-urlencoded".
struct WebForm: Sendable {
    private let fields: QueryParameters

    /// - Throws: `.badRequest`, `.payloadTooLarge`.
    init(_ request: HubRequest, upTo limit: Int) async throws {
        let type = request.headers[.contentType]?.prefix { $0 != ";" } ?? ""
        guard type.isEmpty || type.lowercased() == "application/x-www-form-urlencoded" else {
            throw HubError(.badRequest, "A form is sent as application/x-www-form-urlencoded, not as \(type).")
        }
        let bytes = try await request.body.collect(upTo: limit)
        fields = try QueryParameters(parsing: String(buffer: bytes))
    }

    /// The first value of a field; nil for one that was left empty, too.
    func first(_ name: String) -> String? { fields.first(name).flatMap { $0.isEmpty ? nil : $0 } }
    func all(_ name: String) -> [String] { fields.all(name) }
    /// The first value of each field.
    var texts: [String: String] {
        Dictionary(fields.pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    /// Everything in it, by which one form is told from another.
    var encoded: String { fields.encoded }
    /// The value as it was typed, which may be empty.
    func text(_ name: String) -> String { fields.first(name) ?? "" }
    func isTicked(_ name: String) -> Bool { fields.first(name) != nil }

    /// - Throws: `.badRequest` when it was left empty.
    func require(_ name: String) throws -> String {
        guard let value = first(name) else { throw HubError(.badRequest, "The field '\(name)' is empty.") }
        return value
    }
}
