import HTTPTypes
import HubCore
import HubServer

/// A hub with the reading surface on it.
struct HuggingFaceFixture {
    let hub: TestHub
    let routes: [Route]

    init(source: (any RepositorySource)? = nil, gate: (any ContentGate)? = nil) async throws {
        hub = try await TestHub(source: source, gate: gate)
        routes =
            HuggingFaceSurface(
                authorizer: hub.authorizer, repositories: hub.repositories, store: hub.store,
                entries: SpaceEntries(store: hub.store, key: Array(repeating: 7, count: 32)), clock: hub.clock
            ).routes.mounted(at: ["", "/hf", "/csg", "/ms"])
    }

    func get(_ target: String, token: String? = nil, range: String? = nil) async throws -> TestHub.Answer {
        var headers: HTTPFields = [:]
        headers[.range] = range
        return try await hub.ask(routes, .get, target, token: token, headers: headers)
    }

    func head(_ target: String, token: String? = nil) async throws -> TestHub.Answer {
        try await hub.ask(routes, .head, target, token: token)
    }

    func post(_ target: String, _ body: String, type: String) async throws -> TestHub.Answer {
        try await hub.ask(routes, .post, target, headers: [.contentType: type], body: body)
    }

    /// `acme/demo` with a card, a configuration and an LFS file, in one commit.
    @discardableResult
    func demo() async throws -> CommitID {
        let key = try await hub.create("model:acme/Demo")
        return try await hub.commit(
            [
                "README.md": .git("---\nlicense: mit\nlanguage: en\ntags: [tiny]\n---\n# Demo\n"),
                "config.json": .git("{\"architectures\":[\"LlamaForCausalLM\"],\"model_type\":\"llama\"}"),
                "onnx/model.onnx": .git("graph"),
                "model.bin": .lfs(Array(0..<100)),
            ], to: key)
    }
}

/// A gate that refuses by rule.
struct RefusingGate: ContentGate {
    let error: HubError
    /// The path that is refused; nil refuses everything.
    var path: String?

    func check(_ request: ContentRequest, contents: @Sendable () async throws -> CommitContents) async throws {
        guard let path else { throw error }
        if case .file(path, _) = request.scope { throw error }
    }
}

/// An upstream that is silent since an hour, or knows nobody.
struct SilentSource: RepositorySource {
    var absenceRemark: String? { nil }

    var adoption: HubError?

    func adopt(_ id: RepositoryID, for principal: Principal) async throws -> Bool {
        if let adoption { throw adoption }
        return false
    }

    func refresh(_ repository: Repository, for revision: Revision?) async throws -> Freshness {
        .stale(since: TestHub.now - 3_600_000, reason: "hub \"A\" is silent")
    }

    func acquire(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws {
        if history { throw HubError(.upstreamUnavailable, "The upstream is silent.") }
    }

    func fetch(_ pointer: LFSPointer, path: String, at commit: CommitID, of repository: Repository) async throws
        -> BlobReader
    {
        throw HubError(.upstreamUnavailable, "The upstream is silent.", retryAfter: 7)
    }

    func grants(_ pointers: [LFSPointer], of repository: Repository) async throws -> Set<BlobID> { [] }
}
