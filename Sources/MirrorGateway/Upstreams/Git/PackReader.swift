import HubCore

/// Drives a ``FetchResponseParser`` over a body, one chunk at a time, for one reader.
actor PackReader {
    private var iterator: EgressBody.AsyncIterator
    private var parser: FetchResponseParser
    private var pending: [UInt8] = []
    /// Puts a failure of the stream into the hub's words.
    private let describe: @Sendable (GitStreamFailure) -> HubError

    init(
        body: EgressBody, parser: FetchResponseParser, describe: @escaping @Sendable (GitStreamFailure) -> HubError
    ) {
        iterator = body.makeAsyncIterator()
        self.parser = parser
        self.describe = describe
    }

    /// Reads up to the pack.
    func boundaries() async throws -> (shallow: [ObjectID], unshallow: [ObjectID]) {
        while !parser.hasBoundaries { pending += try await step() }
        return (parser.shallow, parser.unshallow)
    }

    /// The next bytes of the pack; nil once the upstream said that it is whole.
    func next() async throws -> [UInt8]? {
        while pending.isEmpty {
            if parser.phase == .complete { return nil }
            pending = try await step()
        }
        defer { pending = [] }
        return pending
    }

    /// Takes one chunk of the body.
    private func step() async throws -> [UInt8] {
        var reading = iterator
        let chunk = try await reading.next(isolation: self)
        iterator = reading
        do {
            guard let chunk else {
                try parser.finish()
                return []
            }
            return try parser.append(chunk)
        } catch {
            throw describe(error)
        }
    }
}
