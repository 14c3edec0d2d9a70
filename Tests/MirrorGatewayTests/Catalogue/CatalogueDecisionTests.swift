import HubCore
import Policies
import Testing

@testable import MirrorGateway

@Suite("Catalogue decisions")
struct CatalogueDecisionTests {
    private static let refused = HubError(.upstreamRefused, "Upstream u refused it.")
    private static let silent = HubError(.upstreamUnavailable, "Upstream u does not answer.")

    private static func path(_ number: Int) -> UpstreamPath { UpstreamPath(kind: .model, path: "a/r\(number)") }

    private func take(_ outcomes: [CatalogueSlice.Outcome], attempts: Int = 0) -> CatalogueSlice {
        var slice = CatalogueSlice()
        for (number, outcome) in outcomes.enumerated() where slice.stop == nil {
            slice.take(outcome, of: Self.path(number), attempts: attempts, now: 1_000_000, upstream: "u")
        }
        return slice
    }

    @Test("a refusal among answers is about its repository; refusals alone are about us")
    func refusals() {
        let some = CatalogueSlice.Outcome.described(RemoteDescription(kind: .model, path: "a/r2"))
        var mixed = take([.failed(Self.refused), .failed(Self.refused), some, .failed(Self.refused)])
        #expect(mixed.stop == nil)
        #expect(
            mixed.finish().count { if case .restricted = $0 { true } else { false } } == 3)
        var alone = take(Array(repeating: .failed(Self.refused), count: 30))
        #expect(alone.stop?.reason.contains("refused it") == true)
        #expect(alone.finish().isEmpty, "nothing became private because a token ended")
        var few = take([.failed(Self.refused)])
        #expect(few.finish() == [.restricted(.model, path: "a/r0", reason: Self.refused.line)])
    }

    @Test("an upstream that says when to come back is left alone at once; a silent one after some tries")
    func silence() {
        let limited = HubError(.upstreamUnavailable, "Upstream u answered 429.", retryAfter: 7)
        let throttled = take([.failed(limited)])
        #expect(throttled.stop == .init(reason: limited.line, retryAfter: 7))
        #expect(throttled.observations == [.failed(.model, path: "a/r0", retryAt: 1_060_000)])
        #expect(take([.failed(Self.silent), .failed(Self.silent)]).stop == nil)
        #expect(take([.failed(Self.silent), .failed(Self.silent), .failed(Self.silent)]).stop != nil)
        let apart = take([
            .failed(Self.silent), .failed(Self.silent), .absent, .failed(Self.silent), .failed(Self.silent),
        ])
        #expect(apart.stop == nil)
        let corrupt = HubError(.upstreamCorrupt, "Upstream u answered nonsense.")
        #expect(take(Array(repeating: .failed(corrupt), count: 20)).stop == nil, "one bad row is not the upstream")
    }

    @Test("pauses grow, and the last try waits for a new mention")
    func attempts() {
        func retry(_ attempts: Int) -> RemoteObservation? {
            take([.failed(Self.silent)], attempts: attempts).observations.first
        }
        #expect(retry(0) == .failed(.model, path: "a/r0", retryAt: 1_060_000))
        #expect(retry(3) == .failed(.model, path: "a/r0", retryAt: 1_480_000))
        #expect(retry(7) == .failed(.model, path: "a/r0", retryAt: nil))
    }

    @Test("a renamed repository is recorded under its new name, and its old one is gone")
    func renamed() {
        let slice = take([.described(RemoteDescription(kind: .model, path: "b/new"))])
        #expect(slice.observations.count == 2)
        #expect(slice.observations.last == .gone(.model, path: "a/r0", reason: "It is called b/new now."))
        #expect(take([.described(RemoteDescription(kind: .model, path: "A/R0"))]).observations.count == 1)
    }

    @Test("an upstream that failed is left alone for longer each time, or for as long as it says")
    func rest() {
        #expect(CatalogueRest.pause(failures: 1, retryAfter: nil) == 30_000)
        #expect(CatalogueRest.pause(failures: 3, retryAfter: nil) == 120_000)
        #expect(CatalogueRest.pause(failures: 100, retryAfter: nil) == 3_600_000)
        #expect(CatalogueRest.pause(failures: 100, retryAfter: 5) == 5_000)
        #expect(CatalogueRest.pause(failures: 1, retryAfter: 0) == 1_000)
        #expect(CatalogueRest.pause(failures: 1, retryAfter: .max) == 3_600_000)
    }

    @Test("rules that name owners and repositories say what of a large hub is looked through")
    func named() throws {
        func content(_ rules: String, default outcome: String = "deny") throws -> NamedContent {
            let text = """
                apiVersion: weir/v1
                kind: Mirror
                metadata: {name: m}
                spec:
                  mode: proxy
                  upstreams: [{name: u, type: huggingface, url: "https://huggingface.co"}]
                  default: \(outcome)
                  rules: \(rules)
                """
            let load = PolicySnapshot.load([PolicyFile(name: "m.yaml", text: text)], digest: "")
            return try #require(load.snapshot?.mirrors.first, "\(load.errors)").namedContent
        }
        let literal = try content(
            "[{id: a, action: allow, match: {kind: [model], repo: ['Qwen/*', 'acme/demo']}}]")
        #expect(literal.owners == ["qwen"] && literal.repositories == ["acme/demo"] && literal.kinds == ["model"])
        #expect(!literal.isOpen)
        let open = try content("[{id: a, action: allow, match: {repo: ['*/*-instruct', 'Qwen/*']}}]")
        #expect(open.isOpen && open.owners == ["qwen"] && open.kinds.isEmpty)
        #expect(try content("[]", default: "allow").isOpen)
        #expect(try content("[{id: a, action: deny, match: {repo: ['x/*']}}]").owners.isEmpty)
    }
}
