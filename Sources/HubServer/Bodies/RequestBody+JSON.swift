import Foundation
import HubCore
import NIOCore

extension RequestBody {
    /// The body as a Codable value.
    ///
    /// - Parameter limit: in bytes.
    /// - Throws: `badRequest` naming the place where the JSON is not what it should be, `payloadTooLarge`.
    package func json<Value: Decodable>(_ type: Value.Type, upTo limit: Int = 4 << 20) async throws -> Value {
        let buffer = try await collect(upTo: limit)
        do {
            return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
        } catch DecodingError.keyNotFound(let key, let context) {
            throw HubError(.badRequest, "The JSON body has no \(Self.place(context.codingPath + [key])).")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw HubError(.badRequest, "The JSON body has a wrong type at \(Self.place(context.codingPath)).")
        } catch let error as DecodingError {
            guard case .dataCorrupted(let context) = error, !context.codingPath.isEmpty else {
                throw HubError(.badRequest, "The request body is not valid JSON.")
            }
            throw HubError(.badRequest, "The JSON body has a wrong value at \(Self.place(context.codingPath)).")
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.isEmpty
            ? "its top"
            : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
}
