import Foundation
import HTTPTypes
import HubCore
import NIOCore

extension HubResponse {
    /// A Codable value as JSON: keys sorted, slashes as they are, dates as `2024-01-31T12:00:00.000Z`.
    package static func json(_ value: some Encodable, status: Int = 200) throws -> HubResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(JSONDate.text(date))
        }
        return json(ByteBuffer(bytes: try encoder.encode(value)), status: status)
    }

    /// What a ``JSONWriter`` wrote.
    package static func json(_ writer: JSONWriter, status: Int = 200) -> HubResponse {
        json(writer.buffer, status: status)
    }

    /// JSON written by a closure, which is how long lists are made.
    package static func json(status: Int = 200, _ write: (inout JSONWriter) throws -> Void) rethrows -> HubResponse {
        var writer = JSONWriter()
        try write(&writer)
        return json(writer, status: status)
    }

    private static func json(_ buffer: ByteBuffer, status: Int) -> HubResponse {
        HubResponse(
            status: status, headers: [.contentType: "application/json; charset=utf-8"], body: .bytes(buffer))
    }
}
