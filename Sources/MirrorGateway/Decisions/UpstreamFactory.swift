import HubCore
import Policies

/// Makes an upstream that can be asked from what a policy file says of it.
enum UpstreamFactory {
    /// - Returns: nil for types that are validated and not enforced yet.
    /// - Throws: `HubError` when a secret cannot be read.
    static func make(_ document: UpstreamDocument, transport: any UpstreamTransport, environment: [String: String])
        throws
        -> (any Upstream)?
    {
        guard let type = type(of: document.type) else { return nil }
        let configuration = UpstreamConfiguration(
            name: document.name, type: type, baseURL: try EgressURL(parsing: document.url.text),
            gitURL: try document.gitURL.map { try EgressURL(parsing: $0.text) },
            credentials: try credentials(document, environment: environment), connection: connection(document))
        return try Upstreams.make(configuration, transport: transport)
    }

    /// How it is reached, without credentials.
    static func connection(_ document: UpstreamDocument) -> UpstreamConnection {
        UpstreamConnection(
            name: document.name, allowPrivate: document.allowPrivate, caFile: document.caFile,
            proxy: document.proxy?.text, connectTimeout: document.timeouts.connect,
            firstByteTimeout: document.timeouts.firstByte, idleTimeout: document.timeouts.idle,
            maxConnections: document.limits.connections, limits: EgressLimits(document.limits),
            retries: RetryPolicy(
                maxAttempts: document.retry.maximum + 1, initialBackoff: document.retry.backoff.shortest,
                maximumBackoff: document.retry.backoff.longest,
                honourRateLimitHeader: document.retry.honourRateLimitHeader),
            breaker: BreakerPolicy(
                failures: document.breaker.failures, window: document.breaker.window, openFor: document.breaker.openFor,
                halfOpen: document.breaker.halfOpen))
    }

    private static func type(of kind: UpstreamDocument.Kind) -> UpstreamType? {
        switch kind {
        case .opencsg: .opencsg
        case .csghub: .csghub
        case .huggingface: .huggingface
        case .gitLFS: .gitLFS
        case .weir: .weir
        case .modelscope: .modelscope
        case .bundle: nil
        }
    }

    private static func credentials(_ document: UpstreamDocument, environment: [String: String]) throws -> Credentials {
        switch document.authentication {
        case .none:
            return .none
        case .tokenFile(let path):
            return .bearer(try SecretFile.read(path))
        case .tokenEnvironment(let name):
            guard let value = environment[name], !value.isEmpty else {
                throw HubError(
                    .badRequest,
                    "The environment variable '\(name)', which holds the token of the upstream '\(document.name)', is not set.",
                    remedy: "Set it, or use tokenFile.")
            }
            return .bearer(Secret(value))
        case .basicFile(let path):
            let text = try SecretFile.read(path).reveal()
            guard let colon = text.firstIndex(of: ":") else {
                throw HubError(.badRequest, "The file '\(path)' does not hold 'user:password'.")
            }
            return .basic(user: String(text[..<colon]), password: Secret(String(text[text.index(after: colon)...])))
        }
    }
}
