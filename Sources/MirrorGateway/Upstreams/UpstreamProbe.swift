import Dispatch
import HubCore
import Policies

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Tries whether an upstream can be used, step by step, as a fetch would go.
package struct UpstreamProbe: Sendable {
    /// What was tried, in this order.
    package enum Step: String, Sendable, CaseIterable {
        case name, connection, signIn, list
    }

    package enum Finding: Sendable, Hashable {
        /// An address, a proxy or the host that was found.
        case found(String)
        case answered(status: Int)
        case listed(Int)
        case anonymous
        case known
        case noList
        case failed(String)
        /// A step before this one failed.
        case notReached
    }

    package struct Result: Sendable, Hashable {
        package let step: Step
        package let finding: Finding
        /// Milliseconds that it took; nil for what was not tried.
        package let took: Int64?
    }

    private let document: UpstreamDocument
    private let upstream: any Upstream
    private let transport: any UpstreamTransport

    /// Seconds that the whole may take, about.
    private static let patience = Duration.seconds(10)
    private static let resolving = DispatchQueue(label: "weir.upstream-probe")

    init(_ document: UpstreamDocument, _ upstream: any Upstream, transport: any UpstreamTransport) {
        self.document = document
        self.upstream = upstream
        self.transport = transport
    }

    /// Goes through the steps; what fails is told and not thrown.
    package func run() async -> [Result] {
        var results = [await timed(.name) { try await resolve() }]
        for (step, work) in [(Step.connection, connect), (.list, list)] {
            if let last = results.last, case .failed = last.finding {
                results.append(Result(step: step, finding: .notReached, took: nil))
                continue
            }
            results.append(await timed(step, work))
        }
        results.insert(signIn(results[2]), at: 2)
        if case .failed = results[2].finding {
            results[3] = Result(step: .list, finding: .notReached, took: nil)
        }
        return results
    }

    private func timed(_ step: Step, _ work: () async throws -> Finding) async -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        let finding: Finding
        do {
            finding = try await work()
        } catch {
            finding = .failed((error as? HubError)?.line ?? "\(error)")
        }
        return Result(step: step, finding: finding, took: Int64(start.duration(to: clock.now).wholeMilliseconds))
    }

    private func resolve() async throws -> Finding {
        if let proxy = document.proxy { return .found(proxy.text) }
        let host = try EgressURL(parsing: document.url.text).host
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return try await withCheckedThrowingContinuation { continuation in
            // The system's resolver blocks, and has its own limit of time.
            Self.resolving.async {
                var list: UnsafeMutablePointer<addrinfo>?
                let code = getaddrinfo(bare, nil, nil, &list)
                if let list { freeaddrinfo(list) }
                if code == 0 {
                    continuation.resume(returning: .found(host))
                } else {
                    continuation.resume(
                        throwing: HubError(
                            .upstreamUnavailable,
                            "The name \(host) cannot be resolved: \(String(cString: gai_strerror(code)))."
                        ))
                }
            }
        }
    }

    /// Any answer will do: it was reached, and its certificate is one that we trust.
    private func connect() async throws -> Finding {
        var connection = UpstreamFactory.connection(document)
        connection.retries.maxAttempts = 1
        let request = EgressRequest(
            url: try EgressURL(parsing: document.url.text), maximumBody: 1 << 20, purpose: .api, retryable: false,
            deadline: Self.patience)
        let response = try await transport.send(request, via: connection)
        return .answered(status: response.status)
    }

    private func list() async throws -> Finding {
        guard let browsable = upstream as? any BrowsableUpstream, let kind = browsable.listedKinds.first else {
            return .noList
        }
        return .listed(try await browsable.repositories(kind, after: nil).repositories.count)
    }

    /// What a list says of our credentials.
    private func signIn(_ list: Result) -> Result {
        if document.authentication == .none { return Result(step: .signIn, finding: .anonymous, took: nil) }
        switch list.finding {
        case .listed: return Result(step: .signIn, finding: .known, took: list.took)
        case .failed(let why): return Result(step: .signIn, finding: .failed(why), took: list.took)
        case .noList: return Result(step: .signIn, finding: .noList, took: nil)
        default: return Result(step: .signIn, finding: .notReached, took: nil)
        }
    }
}

extension Gateway {
    /// Tries whether an upstream can be used; nil for one that no policy file has.
    package func probe(upstream name: String) -> UpstreamProbe? {
        for mirror in policies?.current.mirrors ?? [] {
            guard let document = mirror.document.upstreams.first(where: { $0.name == name }),
                let upstream = mirror.upstreams.first(where: { $0.name == name })
            else { continue }
            return UpstreamProbe(document, upstream, transport: egress)
        }
        return nil
    }
}
