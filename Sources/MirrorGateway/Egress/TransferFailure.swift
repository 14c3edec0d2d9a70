import HubCore

/// Why a transfer ended without its answer, with what that means for a retry and for the breaker.
struct TransferFailure: Error, Sendable {
    var error: HubError
    var outcome: EgressOutcome
    /// Another try may go better.
    var isTransient: Bool

    /// What it says about the upstream: our own refusals and a caller who left say nothing.
    var verdict: Breaker.Outcome {
        switch outcome {
        case .cancelled, .breakerOpen, .overBudget: .neutral
        case .refused: isOurRule ? .neutral : .failure
        default: .failure
        }
    }

    /// Refused by a rule of ours before the upstream had a say.
    var isOurRule = false

    init(_ error: HubError, _ outcome: EgressOutcome, isTransient: Bool = false, isOurRule: Bool = false) {
        self.error = error
        self.outcome = outcome
        self.isTransient = isTransient
        self.isOurRule = isOurRule
    }

    /// Who is talked to, as messages name it.
    struct Place: Sendable {
        let upstream: String
        let origin: Origin

        var text: String { "Upstream \(upstream) (\(origin))" }
    }

    static func unavailable(
        _ place: Place, _ cause: String, outcome: EgressOutcome = .unreachable, isTransient: Bool = true
    ) -> TransferFailure {
        TransferFailure(
            HubError(
                .upstreamUnavailable, "\(place.text): \(cause).",
                remedy: "Try again later; what is stored here is still served."),
            outcome, isTransient: isTransient)
    }

    static func forbiddenAddress(_ place: Place, _ address: String, _ reason: String) -> TransferFailure {
        TransferFailure(
            HubError(
                .upstreamRefused,
                "\(place.text): its address \(address) is \(reason), and connections there are not allowed.",
                remedy: "If the upstream is an internal one, set allowPrivate in its mirror file."),
            .refused, isOurRule: true)
    }

    static func corrupt(_ place: Place, _ cause: String) -> TransferFailure {
        TransferFailure(HubError(.upstreamCorrupt, "\(place.text): \(cause)."), .corrupt)
    }

    static func untrusted(_ place: Place, _ cause: String) -> TransferFailure {
        TransferFailure(
            HubError(
                .upstreamRefused, "\(place.text): its TLS certificate is not trusted: \(cause).",
                remedy: "Name the certificate authority as tls.caFile in the mirror file."),
            .refused)
    }

    static func cancelled(_ place: Place) -> TransferFailure {
        TransferFailure(
            HubError(.upstreamUnavailable, "\(place.text): the request was cancelled.", status: 499), .cancelled)
    }

    static func shuttingDown(_ place: Place) -> TransferFailure {
        TransferFailure(
            HubError(.shuttingDown, "\(place.text): not asked, because the gateway is shutting down."), .cancelled)
    }
}
