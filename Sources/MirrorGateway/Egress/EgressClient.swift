package import HubCore

/// The one way out: every request to another host goes through here, git and LFS included.
///
/// It checks scheme and address at every hop, binds credentials to their origin, retries what may be retried, leaves
/// failing upstreams alone, and counts. A final status of any kind is an answer; only no answer is an error.
package final class EgressClient: Sendable {
    private let engine: TransferEngine
    private let budgets: UpstreamBudgets
    private let time: EgressTime
    private let metrics: any EgressMetering
    private let ledger: UpstreamLedger
    private let agent: String
    private let hosts: [String: [String]]

    /// - Parameter agent: the `User-Agent` of requests whose caller names none.
    package convenience init(
        time: EgressTime = .live, metrics: any EgressMetering = NoEgressMetering(), agent: String = "weir/0.1"
    ) {
        self.init(time: time, metrics: metrics, agent: agent, hosts: [:])
    }

    /// - Parameter hosts: names that are answered with these addresses, as a resolver that lies would; for tests.
    init(time: EgressTime, metrics: any EgressMetering, agent: String, hosts: [String: [String]]) {
        self.time = time
        self.metrics = metrics
        self.agent = agent
        self.hosts = hosts
        ledger = UpstreamLedger(metrics: metrics)
        engine = TransferEngine(unixSeconds: time.unixSeconds)
        budgets = UpstreamBudgets(time: time)
    }

    /// Sends a request and returns when the headers of the final hop are here.
    ///
    /// - Throws: `upstream-unavailable` when no answer came (name, connection, time, open breaker; with `retryAfter`
    ///   where it is known; status 499 when the task was cancelled), `upstream-refused` when certificate, address or a
    ///   redirect is not acceptable, `upstream-corrupt` when the answer breaks the protocol or its limits,
    ///   `bad-request` for headers that cannot be sent, `shutting-down` after ``close()``.
    package func send(
        _ request: EgressRequest, via connection: UpstreamConnection
    ) async throws(HubError) -> EgressResponse {
        guard HeaderRules.isToken(request.method) else {
            throw HubError(.badRequest, "A request to upstream \(connection.name) has a method that is not allowed.")
        }
        var request = request
        request.headers = try HeaderRules.checked(request.headers)
        let schedule = RetrySchedule(policy: connection.retries)
        let started = time.now()
        var attempt = 1
        while true {
            let ticket = try admit(request, connection)
            let promise = try await afford(request, connection, ticket, started: started)
            let trial = Trial(
                request: request, connection: connection, ticket: ticket, promise: promise, started: started)
            let pause: Duration
            let outcome = await self.attempt(trial)
            promise.answered()
            switch outcome {
            case .failure(let failure):
                settle(trial, failure)
                guard request.retryable, failure.isTransient,
                    let wait = schedule.pause(
                        after: attempt, asked: nil, remaining: remaining(trial), random: time.random())
                else { throw failure.error }
                pause = wait
            case .success(let arrival):
                let headers = arrival.head.headers
                let now = time.unixSeconds()
                note(arrival, of: trial, now: now)
                settle(trial, arrival)
                guard request.retryable, RetrySchedule.isTransient(arrival.head.status),
                    let wait = schedule.pause(
                        after: attempt, asked: schedule.wait(askedBy: headers, now: now), remaining: remaining(trial),
                        random: time.random())
                else { return response(arrival) }
                arrival.exchange.discard()
                pause = wait
            }
            do { try await time.sleep(pause) } catch {
                throw TransferFailure.cancelled(place(request.url, connection)).error
            }
            attempt += 1
        }
    }

    /// What is known of an upstream; a closed breaker for one that was never asked.
    package func health(of name: String) -> EgressHealth {
        ledger.health(of: name, now: time.now())
    }

    /// Ends every transfer; requests after this throw `shutting-down`.
    package func close() async {
        await engine.close()
    }

    // MARK: One try

    private struct Trial: Sendable {
        let request: EgressRequest
        let connection: UpstreamConnection
        let ticket: Breaker.Ticket
        let promise: UpstreamBudgets.Promise
        let started: Duration
    }

    private struct Arrival: Sendable {
        let head: TransferExchange.Head
        let exchange: TransferExchange
        let url: EgressURL
        let hops: [EgressHop]
    }

    private func attempt(_ trial: Trial) async -> Result<Arrival, TransferFailure> {
        let request = trial.request
        let name = trial.connection.name
        var hop = RedirectRules.Hop(
            method: request.method, url: request.url, headers: request.headers, body: request.body)
        var hops: [EgressHop] = []
        while true {
            let exchange: TransferExchange
            let head: TransferExchange.Head
            do throws(TransferFailure) {
                exchange = engine.start(try plan(hop, trial))
                head = try await exchange.head().get()
            } catch {
                return .failure(error)
            }
            guard request.followRedirects > 0, RedirectRules.isRedirect(head.status),
                let location = head.headers.first("location")
            else { return .success(Arrival(head: head, exchange: exchange, url: hop.url, hops: hops)) }
            exchange.discard()
            hops.append(EgressHop(url: hop.url, status: head.status, headers: head.headers))
            do throws(HubError) {
                if hops.count > request.followRedirects {
                    throw RedirectRules.tooMany(hop, limit: request.followRedirects, upstream: name)
                }
                hop = try RedirectRules.next(
                    after: hop, status: head.status, location: location, visited: hops.map(\.url), upstream: name)
            } catch {
                return .failure(TransferFailure(error, .refused))
            }
        }
    }

    private func plan(_ hop: RedirectRules.Hop, _ trial: Trial) throws(TransferFailure) -> TransferPlan {
        let connection = trial.connection
        try checkHost(hop.url, connection)
        let headers: [(String, String)]
        do {
            headers = try HeaderRules.outgoing(
                hop.headers, to: hop.url.origin, credentials: connection.credentials, agent: agent)
        } catch {
            throw TransferFailure(error, .refused, isOurRule: true)
        }
        let purpose = trial.request.purpose
        return TransferPlan(
            method: hop.method, url: hop.url, headers: headers, body: hop.body, purpose: purpose,
            urgency: trial.request.urgency,
            maximumBody: trial.request.maximumBody, connection: connection,
            addresses: hosts[hop.url.host] ?? [], headTimeout: remaining(trial),
            meter: { [metrics, promise = trial.promise] in
                promise.receive($0)
                metrics.received(bytes: $0, upstream: connection.name, purpose: purpose)
            })
    }

    /// Names and literal addresses that are known to be forbidden without asking a resolver. With a proxy this is all
    /// that can be checked; without one each connected address is checked as well.
    private func checkHost(_ url: EgressURL, _ connection: UpstreamConnection) throws(TransferFailure) {
        if let address = IPAddress(url.host) {
            if let reason = AddressRules.refusal(of: address, allowPrivate: connection.allowPrivate) {
                throw .forbiddenAddress(place(url, connection), url.host, reason)
            }
        } else if !connection.allowPrivate, url.host == "localhost" || url.host.hasSuffix(".localhost") {
            throw .forbiddenAddress(place(url, connection), url.host, "this machine")
        }
    }

    // MARK: Accounts

    /// Waits for the upstream's budgets to have room, within the request's deadline.
    /// - Throws: why not, when that takes too long.
    private func afford(
        _ request: EgressRequest, _ connection: UpstreamConnection, _ ticket: Breaker.Ticket, started: Duration
    ) async throws(HubError) -> UpstreamBudgets.Promise {
        func giveUp(_ outcome: EgressOutcome) {
            ledger.record(.neutral, connection.name, ticket, error: nil, now: time.now())
            metrics.finished(upstream: connection.name, outcome: outcome.rawValue, purpose: request.purpose)
        }
        while true {
            switch budgets.admit(
                connection, request.purpose, for: request.urgency, expecting: request.expectedBytes)
            {
            case .pass(let promise): return promise
            case .wait(let pause, let error):
                guard pause < request.deadline - (time.now() - started) else {
                    giveUp(.overBudget)
                    throw error
                }
                do { try await time.sleep(pause) } catch {
                    giveUp(.cancelled)
                    throw TransferFailure.cancelled(place(request.url, connection)).error
                }
            }
        }
    }

    /// What may still be asked of an upstream.
    package func budget(of name: String, within limits: EgressLimits) -> UpstreamBudget {
        budgets.budget(of: name, limits)
    }

    /// Takes in what an upstream's answers said about its budget for us. What others say, to whom it sent us on, is
    /// about their own.
    private func note(_ arrival: Arrival, of trial: Trial, now: Int) {
        let origin = trial.request.url.origin
        var answers = arrival.hops.filter { $0.url.origin == origin }.map { ($0.status, $0.headers) }
        if arrival.url.origin == origin { answers.append((arrival.head.status, arrival.head.headers)) }
        for (status, headers) in answers {
            let limit = RateLimit(headers: headers, now: now)
            if let limit { ledger.note(limit, of: trial.connection.name) }
            let isShut = status == 429 || status == 503
            let pause = headers.first("retry-after").flatMap { RetryAfter.parse($0, now: now) }
            trial.promise.note(limit, pause: isShut ? pause : nil)
        }
    }

    /// Takes in what came from upstreams today before this process began.
    package func restore(_ bytes: [String: Int64], on day: Int64) { budgets.restore(bytes, on: day) }

    /// Bytes that came since this was last called, by upstream and day (since 1970, UTC).
    package func takeUnsavedBytes() -> [(name: String, day: Int64, bytes: Int64)] { budgets.takeUnsaved() }

    private func admit(_ request: EgressRequest, _ connection: UpstreamConnection) throws(HubError) -> Breaker.Ticket {
        do { return try ledger.admit(connection, now: time.now()) } catch {
            metrics.finished(
                upstream: connection.name, outcome: EgressOutcome.breakerOpen.rawValue, purpose: request.purpose)
            throw error
        }
    }

    private func settle(_ trial: Trial, _ failure: TransferFailure) {
        let name = trial.connection.name
        ledger.record(failure.verdict, name, trial.ticket, error: failure.error.message, now: time.now())
        metrics.finished(upstream: name, outcome: failure.outcome.rawValue, purpose: trial.request.purpose)
    }

    /// A failing status counts at once; anything else counts when its body has come whole.
    private func settle(_ trial: Trial, _ arrival: Arrival) {
        let name = trial.connection.name
        let status = arrival.head.status
        let outcome = EgressOutcome(status: status)
        let isFailure = outcome == .serverError && status != 501
        let place = place(arrival.url, trial.connection)
        if isFailure {
            let error = "\(place.text) answered \(status)."
            ledger.record(.failure, name, trial.ticket, error: error, now: time.now())
        } else if outcome != .throttled {
            ledger.answered(name, trial.ticket, now: time.now(), after: time.now() - trial.started)
        }
        arrival.exchange.observeEnd { [ledger, metrics, time] ending in
            if !isFailure {
                let verdict = ending?.verdict ?? (outcome == .throttled ? .neutral : .success)
                ledger.record(verdict, name, trial.ticket, error: ending?.error.message, now: time.now())
            }
            metrics.finished(
                upstream: name, outcome: (ending?.outcome ?? outcome).rawValue, purpose: trial.request.purpose)
        }
    }

    private func response(_ arrival: Arrival) -> EgressResponse {
        EgressResponse(
            status: arrival.head.status, headers: arrival.head.headers, finalURL: arrival.url, hops: arrival.hops,
            body: EgressBody(arrival.exchange))
    }

    private func remaining(_ trial: Trial) -> Duration {
        trial.request.deadline - (time.now() - trial.started)
    }

    private func place(_ url: EgressURL, _ connection: UpstreamConnection) -> TransferFailure.Place {
        TransferFailure.Place(upstream: connection.name, origin: url.origin)
    }
}
