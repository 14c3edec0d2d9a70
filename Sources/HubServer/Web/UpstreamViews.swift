import HubCore
import MirrorGateway
import Policies
import WebPages

/// Upstreams in the form in which pages show them: how they stand, never with a secret.
struct UpstreamViews: Sendable {
    let gateway: Gateway
    let t: L10n

    /// Each upstream once, with the mirrors that use it.
    func all() -> [UpstreamView] {
        var views: [UpstreamView] = []
        for mirror in gateway.policies?.current.mirrors ?? [] {
            for document in mirror.document.upstreams {
                if let index = views.firstIndex(where: { $0.name == document.name }) {
                    if !views[index].mirrors.contains(mirror.name) { views[index].mirrors.append(mirror.name) }
                } else {
                    views.append(view(document, in: mirror))
                }
            }
        }
        return views.sorted { $0.name < $1.name }
    }

    func health(of name: String, _ budget: UpstreamBudget) -> UpstreamHealth {
        let health = gateway.egress.health(of: name)
        switch health.breaker {
        case .open: return .resting(health.retryAfter?.components.seconds ?? 0)
        case .halfOpen: return .trying
        case .closed: break
        }
        if let shut = budget.remote.first(where: \.isShut) { return .limited(Int64(shut.resetsIn ?? 0)) }
        guard let latency = health.latency else { return health.lastError == nil ? .unasked : .trying }
        return .answers(
            milliseconds: Int64(latency.components.seconds) * 1_000
                + latency.components.attoseconds / 1_000_000_000_000_000)
    }

    private func view(_ document: UpstreamDocument, in mirror: ConnectedMirror) -> UpstreamView {
        let budget = gateway.budget(of: document.name, in: mirror)
        let health = gateway.egress.health(of: document.name)
        var budgets: [UpstreamView.Budget] = []
        if let left = budget.apiRequestsLeft {
            budgets.append(
                .init(t.budgetAPI, left: Int64(left), of: document.limits.apiRequestsPer5Minutes.map(Int64.init)))
        }
        if let left = budget.resolveRequestsLeft {
            budgets.append(
                .init(
                    t.budgetResolve, left: Int64(left), of: document.limits.resolveRequestsPer5Minutes.map(Int64.init)))
        }
        if let left = budget.bytesLeftToday {
            budgets.append(
                .init(t.budgetBytes, left: left, of: EgressLimits(document.limits).bytesPerDay, isBytes: true))
        }
        for remote in budget.remote {
            guard let left = remote.remaining else { continue }
            budgets.append(.init(t.budgetRemote(remote.kind), left: Int64(left), of: remote.limit.map(Int64.init)))
        }
        let authentication: UpstreamView.Authentication =
            switch document.authentication {
            case .none: .none
            case .tokenFile, .tokenEnvironment: .token
            case .basicFile: .password
            }
        return UpstreamView(
            name: document.name, type: document.type.rawValue, address: document.url.text,
            gitAddress: document.gitURL?.text, health: self.health(of: document.name, budget),
            authentication: authentication, budgets: budgets, bytesToday: budget.bytesToday,
            bytesPerSecond: budget.bandwidth, connections: document.limits.connections, mirrors: [mirror.name],
            lastError: health.lastError,
            lastErrorAt: health.lastErrorAge.map { gateway.hub.clock.now() - $0.components.seconds * 1_000 },
            definedAt: document.location.description)
    }

    /// What a test found, in words.
    func steps(_ results: [UpstreamProbe.Result]) -> [UpstreamPage.Step] {
        results.compactMap { result in
            guard let kind = UpstreamPage.Step.Kind(rawValue: result.step.rawValue) else { return nil }
            let (outcome, detail): (UpstreamPage.Step.Result, String) =
                switch result.finding {
                case .found(let host): (.passed, t.stepFound(host))
                case .answered(let status): (.passed, t.stepStatus(status))
                case .listed(let count): (.passed, t.stepListed(count))
                case .known: (.passed, t.stepKnown)
                case .anonymous: (.skipped, t.stepAnonymous)
                case .noList: (.skipped, t.stepNoList)
                case .notReached: (.skipped, t.stepNotReached)
                case .failed(let why): (.failed, why)
                }
            return UpstreamPage.Step(kind, outcome, detail, milliseconds: result.took)
        }
    }
}
