import HubCore
import Synchronization

/// Remembers for one request who asks, for the handler and for the access log.
final class CallerCache: Sendable {
    private let authenticate: Authenticator
    private let found = Mutex<Principal?>(nil)

    init(_ authenticate: @escaping Authenticator) {
        self.authenticate = authenticate
    }

    /// Whom the handler asked for, if it did.
    var known: Principal? { found.withLock { $0 } }

    /// Who asks is known already.
    func note(_ principal: Principal) { found.withLock { $0 = principal } }

    func principal(of request: HubRequest) async throws -> Principal {
        if let known { return known }
        let principal = try await authenticate(request)
        found.withLock { $0 = principal }
        return principal
    }
}
