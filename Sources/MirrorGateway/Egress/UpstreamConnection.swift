/// How one upstream may be reached: made from its policy document, handed to every request that goes there.
package struct UpstreamConnection: Sendable {
    /// Names the upstream in errors, metrics and health; breaker and connection limit are kept by it.
    package var name: String
    /// What is sent to which origin; an origin that is not listed gets nothing.
    package var credentials: [Origin: Credentials]
    /// Loopback, RFC 1918, ULA and similar addresses may be connected to; link-local and metadata services never.
    /// It holds for redirects too, so that an internal hub may keep its files on another internal host.
    package var allowPrivate: Bool
    /// PEM file of certificate authorities trusted besides the system's. Verification cannot be turned off.
    package var caFile: String?
    /// `http://`, `https://`, `socks5://` or `socks5h://` proxy. Proxies from the environment are ignored.
    ///
    /// With a proxy it is the proxy that resolves names, so that the target's address cannot be checked here unless the
    /// URL names an address or `localhost`; the proxy's own address is exempt from the rules, being configured.
    package var proxy: String?
    /// Name resolution, TCP and TLS together.
    package var connectTimeout: Duration
    /// From the request being sent to the end of the response's headers.
    package var firstByteTimeout: Duration
    /// The longest pause between two bytes of a body.
    package var idleTimeout: Duration
    /// The slowest body that is put up with; git bodies are exempt, because a server may think for minutes.
    /// By default its average is taken over the idle timeout: bytes that only drip are no better than none.
    package var minimumRate: MinimumRate
    /// Transfers that run at the same time; others wait for their turn within their deadline.
    package var maxConnections: Int
    package var limits: EgressLimits
    package var retries: RetryPolicy
    package var breaker: BreakerPolicy

    package init(
        name: String,
        credentials: [Origin: Credentials] = [:],
        allowPrivate: Bool = false,
        caFile: String? = nil,
        proxy: String? = nil,
        connectTimeout: Duration = .seconds(5),
        firstByteTimeout: Duration = .seconds(20),
        idleTimeout: Duration = .seconds(30),
        minimumRate: MinimumRate? = nil,
        maxConnections: Int = 16,
        limits: EgressLimits = EgressLimits(),
        retries: RetryPolicy = RetryPolicy(),
        breaker: BreakerPolicy = BreakerPolicy()
    ) {
        self.name = name
        self.credentials = credentials
        self.allowPrivate = allowPrivate
        self.caFile = caFile
        self.proxy = proxy
        self.connectTimeout = connectTimeout
        self.firstByteTimeout = firstByteTimeout
        self.idleTimeout = idleTimeout
        self.minimumRate = minimumRate ?? MinimumRate(window: idleTimeout)
        self.maxConnections = max(1, maxConnections)
        self.limits = limits
        self.retries = retries
        self.breaker = breaker
    }
}

/// A body slower than this, averaged over a window, is given up: one byte a second would hold a connection for ever.
package struct MinimumRate: Sendable, Hashable {
    package var bytesPerSecond: Int
    /// How long the average is taken over; the first check comes after one window.
    package var window: Duration

    package init(bytesPerSecond: Int = 1024, window: Duration = .seconds(30)) {
        self.bytesPerSecond = bytesPerSecond
        self.window = window
    }
}

/// How often and after which pauses a request is tried again.
package struct RetryPolicy: Sendable, Hashable {
    /// Tries in all, the first included; 1 means none is repeated.
    package var maxAttempts: Int
    /// The pause after the first failure; it doubles up to ``maximumBackoff``.
    package var initialBackoff: Duration
    package var maximumBackoff: Duration
    /// Whether `RateLimit` and `X-RateLimit-*` say when to come back where there is no `Retry-After`.
    package var honourRateLimitHeader: Bool

    package init(
        maxAttempts: Int = 5,
        initialBackoff: Duration = .seconds(1),
        maximumBackoff: Duration = .seconds(60),
        honourRateLimitHeader: Bool = true
    ) {
        self.maxAttempts = max(1, maxAttempts)
        self.initialBackoff = initialBackoff
        self.maximumBackoff = maximumBackoff
        self.honourRateLimitHeader = honourRateLimitHeader
    }
}

/// When an upstream is left alone, and how it comes back.
package struct BreakerPolicy: Sendable, Hashable {
    /// Failures within ``window`` that open the breaker; each success takes back one.
    package var failures: Int
    package var window: Duration
    /// How long nothing is sent once it is open.
    package var openFor: Duration
    /// Probes in a row that must succeed before it closes again; they go out one at a time.
    package var halfOpen: Int

    package init(
        failures: Int = 5, window: Duration = .seconds(30), openFor: Duration = .seconds(60), halfOpen: Int = 1
    ) {
        self.failures = max(1, failures)
        self.window = window
        self.openFor = openFor
        self.halfOpen = max(1, halfOpen)
    }
}
