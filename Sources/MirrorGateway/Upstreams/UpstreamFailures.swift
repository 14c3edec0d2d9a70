import HubCore

/// Puts what one upstream answered into the hub's words: which upstream, which question, what it said.
struct UpstreamFailures: Sendable {
    let upstream: String
    let isSignedIn: Bool
    let secrets: [Secret]
    let clock: WallClock

    /// The error a status stands for.
    /// - Parameters:
    ///   - question: what was asked for, as in `the refs of model acme/demo`.
    ///   - absence: what a 404 means here.
    func error(
        _ answer: UpstreamAnswer, asking question: String, absence: HubError.Code = .repositoryNotFound
    ) -> HubError {
        let said = saying(answer)
        switch answer.status {
        case 401, 403:
            return refusal(answer, question: question, said: said)
        case 404, 410:
            return HubError(absence, "Upstream \(upstream) does not have \(question)\(said).")
        case 408, 429, 500...599:
            return HubError(
                .upstreamUnavailable, "Upstream \(upstream) answered \(answer.status) to \(question)\(said).",
                remedy: "Try again later.", retryAfter: retryAfter(answer))
        case 300...399:
            return HubError(
                .upstreamRefused, "Upstream \(upstream) redirects \(question) to a place that is not followed.",
                remedy: "Check the upstream's URL in its mirror file.")
        case 200...299:
            return unreadable(answer, question: question)
        default:
            return HubError(.upstreamRefused, "Upstream \(upstream) answered \(answer.status) to \(question)\(said).")
        }
    }

    /// The error for an answer with a good status and a body that is not what was asked for.
    func unreadable(_ answer: UpstreamAnswer, question: String, expected: String = "what was asked for") -> HubError {
        if answer.isWebPage {
            return HubError(
                .upstreamCorrupt,
                "Upstream \(upstream) answered a web page instead of \(question) (\(answer.status) at \(answer.finalURL)).",
                remedy: "Look for a login page or a proxy before it, and check its URL in its mirror file.")
        }
        let kind = answer.mediaType.isEmpty ? "" : " (\(quoted(answer.mediaType)))"
        return HubError(
            .upstreamCorrupt, "Upstream \(upstream) answered \(question) with something other than \(expected)\(kind).")
    }

    /// The error for an answer whose content contradicts itself or its protocol.
    func corrupt(_ question: String, _ what: String) -> HubError {
        HubError(.upstreamCorrupt, "Upstream \(upstream) answered \(question) with \(what).")
    }

    /// A text of the upstream's, fit for a message: one line, short, without secrets and without queries of URLs.
    func quoted(_ text: String) -> String {
        var clean = text
        for secret in secrets where !secret.reveal().isEmpty {
            clean = clean.split(separator: secret.reveal(), omittingEmptySubsequences: false).joined(separator: "***")
        }
        let words = clean.prefix(2000).split { $0.isWhitespace || $0.isNewline }.map(Self.withoutQuery)
        let line = words.joined(separator: " ").unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        let short = String(String.UnicodeScalarView(line)).prefix(300)
        return short.hasSuffix(".") ? String(short.dropLast()) : String(short)
    }

    private func refusal(_ answer: UpstreamAnswer, question: String, said: String) -> HubError {
        if answer.headers["x-error-code"] == "GatedRepo" {
            return HubError(
                .upstreamRefused,
                "Upstream \(upstream) gives out \(question) only after its terms were accepted\(said).",
                remedy: "Accept the terms there with the account whose token this mirror uses.")
        }
        if isSignedIn {
            return HubError(
                .upstreamRefused,
                "Upstream \(upstream) refused \(question) with the credentials of its mirror file (\(answer.status))\(said).",
                remedy: "Check the token's validity and rights there.")
        }
        return HubError(
            .upstreamRefused, "Upstream \(upstream) refused \(question) without credentials (\(answer.status))\(said).",
            remedy: "Give this upstream credentials in its mirror file.")
    }

    private func saying(_ answer: UpstreamAnswer) -> String {
        guard let explanation = answer.explanation else { return "" }
        let text = quoted(explanation)
        return text.isEmpty ? "" : ": \u{201C}\(text)\u{201D}"
    }

    private func retryAfter(_ answer: UpstreamAnswer) -> Int? {
        let now = Int(clock.now() / 1000)
        let wait = answer.headers["retry-after"].flatMap { RetryAfter.parse($0, now: now) }
        return wait.map { Int($0.components.seconds) }
    }

    private static func withoutQuery(_ word: Substring) -> String {
        guard word.contains("://"), let mark = word.firstIndex(of: "?") else { return String(word) }
        return word[..<mark] + "?\u{2026}"
    }
}
