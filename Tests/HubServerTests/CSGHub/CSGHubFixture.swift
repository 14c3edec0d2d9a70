import HTTPTypes
import HubCore
import HubServer
import MirrorGateway
import Policies
import Testing

/// A hub with CSGHub's surface on it, and git's LFS for the links it hands out.
struct CSGHubFixture {
    static let base = "/api/v1"

    let hub: TestHub
    let routes: [Route]
    let entries: SpaceEntries
    let settings: SyncClientSettings

    /// The upstreams of the policy, as a mirror file writes them.
    static let policy = """
        apiVersion: weir/v1
        kind: Mirror
        metadata: {name: test}
        spec:
          upstreams: [{name: hub, type: opencsg, url: "https://hub.example.com"}]

        """

    init(source: (any RepositorySource)? = nil, gate: (any ContentGate)? = nil, upstream: UpstreamType = .opencsg)
        async throws
    {
        hub = try await TestHub(source: source, gate: gate)
        entries = SpaceEntries(store: hub.store, key: Array(repeating: 7, count: 32))
        let signer = LFSLinkSigner(key: Array(repeating: 7, count: 32), clock: hub.clock)
        let loaded = PolicySnapshot.load([PolicyFile(name: "mirrors.d/test.yaml", text: Self.policy)], digest: "d")
        let mirrors = try #require(loaded.snapshot, "\(loaded.errors)").mirrors
        let jobs = hub.jobs
        settings = SyncClientSettings(store: hub.store, key: Array(repeating: 7, count: 32))
        let mirroring = CSGHubMirroring(
            jobs: jobs, locator: UpstreamLocator { mirrors },
            settings: settings
        ) { request in
            [
                try await jobs.enqueue(
                    JobDraft(
                        kind: "sync", subject: request.repository?.description ?? "",
                        uniqueKey: request.repository?.description, account: request.account,
                        requestedBy: request.requestedBy, mirror: request.mirror, priority: request.priority,
                        payload: .object([])))
            ]
        }
        routes =
            CSGHubSurface(
                authorizer: hub.authorizer, repositories: hub.repositories, store: hub.store,
                identities: hub.identities, entries: entries, signer: signer,
                upstreams: UpstreamCatalogue { [.init(mirror: "test", upstream: "hub", type: upstream)] },
                mirroring: mirroring, version: "1.2.3", clock: hub.clock
            ).routes
            + LFSSurface(
                authorizer: hub.authorizer, repositories: hub.repositories, identities: hub.identities, signer: signer,
                uploads: hub.uploads, locks: hub.locks
            ).routes
    }

    /// Asks for a path below `/api/v1`.
    func get(_ path: String, token: String? = nil, range: String? = nil) async throws -> TestHub.Answer {
        var headers: HTTPFields = [:]
        headers[.range] = range
        return try await hub.ask(routes, .get, Self.base + path, token: token, headers: headers)
    }

    /// `acme/Demo` with a card, a configuration and an LFS file, in two commits.
    @discardableResult
    func demo() async throws -> (first: CommitID, second: CommitID) {
        let key = try await hub.create("model:acme/Demo")
        let first = try await hub.commit(
            ["README.md": .git("# Demo\n"), "old.txt": .git("old\n"), "config.json": .git("{}")], to: key,
            message: "Begin")
        let card = """
            ---
            license: mit
            language: [en, zh]
            pipeline_tag: text-generation
            library_name: transformers
            datasets: [acme/words, far/away]
            tags: [tiny]
            ---
            # Demo

            """
        let second = try await hub.commit(
            [
                "README.md": .git(card),
                "config.json": .git("{\"architectures\":[\"LlamaForCausalLM\"],\"model_type\":\"llama\"}"),
                "onnx/model.onnx": .git("graph"), "model.bin": .lfs(Array(0..<100)), "old.txt": .gone,
            ], to: key, message: "Explain the model")
        return (first, second)
    }
}
