import Crypto
import HubCore

/// What forms did, so that one that is sent twice does it once: a double click, a page sent again.
///
/// Each page has a token of its own (``FormGuard``); the same fields with the same token are the same form.
actor FormSubmissions {
    private struct Entry {
        let result: Task<String, any Error>
        let time: Int64
    }

    private var entries: [SHA256Digest: Entry] = [:]
    /// Milliseconds for which a form is remembered.
    private static let age: Int64 = 600_000
    private static let maximumEntries = 4_096

    /// Does what a form asks for, or waits for the one that does, and tells where to go then.
    func once(
        _ form: WebForm, at path: String, now: Int64, _ body: @escaping @Sendable () async throws -> String
    ) async throws -> String {
        let key = SHA256.hash(data: Array("\(path)\n\(form.encoded)".utf8))
        if let entry = entries[key], now - entry.time < Self.age { return try await entry.result.value }
        if entries.count >= Self.maximumEntries {
            entries = entries.filter { now - $0.value.time < Self.age / 10 }
        }
        let task = Task { try await body() }
        entries[key] = Entry(result: task, time: now)
        do {
            return try await task.value
        } catch {
            // What failed may be tried again.
            entries[key] = nil
            throw error
        }
    }
}
