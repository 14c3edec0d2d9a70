import Foundation
import HubCore

/// Names and times as requests about governance write them.
enum GovernedName {
    /// - Throws: `.badRequest`.
    static func repository(_ text: String) throws -> RepositoryID {
        guard let id = RepositoryID(parsing: text) ?? RepositoryID(kind: .model, path: text) else {
            throw HubError(
                .badRequest, "'\(text.prefix(200))' does not name a repository.", remedy: "Write model:acme/demo.")
        }
        return id
    }

    /// Milliseconds since 1970 of an ISO 8601 date.
    /// - Throws: `.badRequest`.
    static func time(_ text: String) throws -> Int64 {
        let plain = try? Date(text, strategy: .iso8601)
        let fractional = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        guard let date = plain ?? fractional, abs(date.timeIntervalSince1970) < 1e11 else {
            throw HubError(
                .badRequest, "'\(text.prefix(64))' is no date.", remedy: "Write it as in 2027-01-31T12:00:00Z.")
        }
        return Int64(date.timeIntervalSince1970 * 1_000)
    }
}
