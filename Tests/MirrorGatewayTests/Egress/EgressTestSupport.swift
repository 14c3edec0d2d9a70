import HubCore
import Synchronization

@testable import MirrorGateway

/// A connection that may reach the loopback servers of these tests, impatient enough for them.
func local(
    _ name: String = "test", credentials: [Origin: Credentials] = [:], retries: RetryPolicy = RetryPolicy(),
    configure: (inout UpstreamConnection) -> Void = { _ in }
) -> UpstreamConnection {
    var connection = UpstreamConnection(name: name, credentials: credentials, allowPrivate: true, retries: retries)
    configure(&connection)
    return connection
}

func get(
    _ url: String, purpose: EgressRequest.Purpose = .blob, configure: (inout EgressRequest) -> Void = { _ in }
) throws -> EgressRequest {
    var request = EgressRequest(url: try EgressURL(parsing: url), purpose: purpose)
    configure(&request)
    return request
}

/// The error an operation throws; nil when it throws none.
func failure(_ operation: () async throws -> Void) async -> HubError? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? HubError
    }
}

/// Time that passes only when someone sleeps, and without waiting.
final class ManualTime: Sendable {
    private let state = Mutex<(now: Duration, slept: [Duration])>((.zero, []))

    var slept: [Duration] { state.withLock { $0.slept } }

    func advance(by duration: Duration) {
        state.withLock { $0.now += duration }
    }

    var egress: EgressTime {
        EgressTime(
            now: { self.state.withLock { $0.now } },
            unixSeconds: { 1_700_000_000 + Int(self.state.withLock { $0.now.components.seconds }) },
            sleep: { pause in
                self.state.withLock {
                    $0.now += pause
                    $0.slept.append(pause)
                }
            },
            random: { 1 })
    }
}

/// Remembers what was counted.
final class RecordingMetering: EgressMetering {
    struct Counts: Sendable {
        var bytes = 0
        var outcomes: [String] = []
        var breaker: [Bool] = []
    }

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func received(bytes: Int, upstream: String, purpose: EgressRequest.Purpose) {
        state.withLock { $0.bytes += bytes }
    }

    func finished(upstream: String, outcome: String, purpose: EgressRequest.Purpose) {
        state.withLock { $0.outcomes.append(outcome) }
    }

    func breaker(upstream: String, open: Bool) {
        state.withLock { $0.breaker.append(open) }
    }
}
