import HubCore
import NIOCore

/// Takes in a shard while its client is told how far it is: lines of JSON, the last of which is the result or the error
/// (`POST /v2/shards`, as hf-xet reads it).
struct XetShardIntake: Sendable {
    private enum Event: Sendable {
        case tick
        case end(Result<Bool, any Error>)
    }

    let service: XetService
    let shard: XetShard
    let repository: Repository
    /// Between two lines.
    let interval: Duration

    /// - Throws: what is nobody's fault but ours, and what `writer` throws; both end the connection.
    func run(_ writer: BodyWriter) async throws {
        let progress = XetProgress()
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    let isNew = try await service.receive(shard, for: repository, counting: progress)
                    continuation.yield(.end(.success(isNew)))
                } catch {
                    continuation.yield(.end(.failure(error)))
                }
                continuation.finish()
            }
            group.addTask {
                while true {
                    guard (try? await Task.sleep(for: interval)) != nil else { return }
                    continuation.yield(.tick)
                }
            }
            defer { group.cancelAll() }
            for await event in events { try await send(event, progress, to: writer) }
        }
    }

    private func send(_ event: Event, _ progress: XetProgress, to writer: BodyWriter) async throws {
        switch event {
        case .tick:
            try await send(to: writer) {
                $0.member("type", "validating")
                $0.member("verified", progress.verifiedBytes)
                $0.member("total", shard.contentBytes)
            }
        case .end(.success(let isNew)):
            try await send(to: writer) {
                $0.member("type", "result")
                $0.member("result", isNew ? 1 : 0)
            }
        case .end(.failure(let error)):
            guard let error = error as? HubError, error.code != .internalError else { throw error }
            try await send(to: writer) {
                $0.member("type", "error")
                $0.member("message", error.line)
                $0.member("retryable", error.status >= 500)
            }
        }
    }

    private func send(to writer: BodyWriter, _ members: (inout JSONWriter) -> Void) async throws {
        var json = JSONWriter()
        json.object(members)
        var line = json.buffer
        line.writeStaticString("\n")
        try await writer.send(line)
    }
}
