import Foundation
import Testing

@testable import Policies

@Suite("Good policy files")
struct GoodFilesTests {
    @Test("the worked examples of the design load, and what they say is enforced")
    func examples() throws {
        #expect(!PolicyFixtures.good.isEmpty)
        for file in PolicyFixtures.good {
            let load = PolicySnapshot.load([file], digest: "")
            #expect(load.errors.map(\.description) == [])
            #expect(load.warnings.map(\.description) == [])
            // Of what they hold only the size of chunks is not enforced.
            #expect(load.notices.allSatisfy { $0.description.contains("'chunk'") })
        }
    }

    @Test("the shipped mirrors load together; only opencsg is switched on")
    func shipped() throws {
        let load = PolicySnapshot.load(PolicyFixtures.shipped, digest: "x")
        #expect(load.errors.map(\.description) == [])
        #expect(load.warnings.map(\.description) == [])
        let snapshot = try #require(load.snapshot)
        #expect(snapshot.mirrors.map(\.name) == ["opencsg"])
        #expect(snapshot.disabledMirrors.map(\.name) == ["git-lfs", "huggingface", "modelscope"])
        let upstream = try #require(snapshot.mirrors.first?.upstreams.first)
        #expect(upstream.url.text == "https://hub.opencsg.com")
        #expect(upstream.effectiveGitURL.text == "https://sync.opencsg.com")
        #expect(load.referencedFiles.isEmpty, "switched-off mirrors refer to nothing")
        #expect(!load.notices.contains { $0.message.contains("upstream type 'modelscope'") })
    }

    @Test("the whole schema is read into typed values")
    func wholeSchema() throws {
        let file = try #require(PolicyFixtures.good.first { $0.name.hasSuffix("whole-schema.yaml") })
        let load = PolicySnapshot.load([file], digest: "")
        let mirror = try #require(load.snapshot?.mirrors.first)
        let upstream = try #require(mirror.upstreams.first)
        #expect(mirror.name == "hf" && mirror.labels == ["env": "prod"])
        #expect(upstream.authentication == .tokenFile("/run/secrets/hf"))
        #expect(upstream.proxy?.text == "http://egress:3128")
        #expect(upstream.timeouts == .init(connect: .seconds(5), firstByte: .seconds(20), idle: .seconds(30)))
        #expect(upstream.retry.backoff == DurationRange(shortest: .seconds(1), longest: .seconds(60)))
        #expect(upstream.breaker == .init(failures: 5, window: .seconds(30), openFor: .seconds(60), halfOpen: 2))
        #expect(upstream.limits.connections == 16)
        #expect(upstream.limits.bandwidth == 80 << 20)
        #expect(upstream.limits.bytesPerDay == 5 << 40)
        #expect(upstream.limits.bandwidthWindows.first?.duration == .seconds(36_000))
        #expect(upstream.limits.bandwidthWindows.first?.cron.hours == [20])
        #expect(mirror.cache.refTTL == .seconds(600) && mirror.cache.chunk == 8 << 20)
        #expect(mirror.namespace.onConflict == .localWins)
        #expect(mirror.rules.map(\.id) == ["no-nc"])
        #expect(mirror.scan?.required == [.pickle, .safetensors, .secrets])
        #expect(mirror.provenance?.attach == [.slsa, .cycloneDX, .modelSigning])
        #expect(mirror.schedule?.cron.hours == [0, 4, 8, 12, 16, 20])
        #expect(mirror.retention?.minimumFree == .percent(10))
        #expect(mirror.quotas.map(\.subject) == ["org:nlp", "user:*"])
        #expect(mirror.recommend?.weights[.task] == 0.25)
        #expect(mirror.license?.inheritsFromBaseModel == true)
        #expect(
            load.referencedFiles.map { "\($0.purpose.rawValue) \($0.path)" } == [
                "token /run/secrets/hf", "ca /etc/ssl/corp.pem", "signing-key /run/secrets/gw.key",
            ])
    }

    @Test("what is parsed and not enforced yet is said, each with its place")
    func notices() throws {
        let load = PolicyFixtures.load(
            "  cache: {chunk: 8MiB}\n  scan: {required: [pickle]}\n  recommend: {exclude: [denied]}\n")
        #expect(
            load.notices.map(\.description) == [
                "mirrors.d/hf.yaml:7:18: notice: 'chunk' is parsed but not enforced yet"
            ])
        #expect(load.snapshot != nil)
    }

    @Test(
        "what is probably not meant is a warning and loads",
        arguments: [
            (
                "  rules: [{id: wall, action: deny}, {id: late, match: {kind: [model]}, action: allow}]\n",
                "never decides"
            ),
            ("  license: {review: [\"LicenseRef-lama3.1\"]}\n", "a reference that is not known"),
            ("  license: {review: [\"zzz*\"]}\n", "matches no licence that is known"),
        ])
    func warnings(_ spec: String, _ message: String) {
        let load = PolicyFixtures.load(spec)
        #expect(load.snapshot != nil)
        #expect(load.warnings.contains { $0.message.contains(message) }, "\(load.warnings)")
    }

    @Test("equal priorities and credentials in clear text are warnings; an empty file too")
    func upstreamWarnings() {
        let text = """
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: a}
            spec:
              upstreams:
              - {name: a, type: weir, url: "http://a.example.com", priority: 5, auth: {tokenEnv: T}}
              - {name: b, type: weir, url: "https://b.example.com/", priority: 5}
              - {name: c, type: weir, url: "http://10.0.0.5:8080", priority: 1, allowPrivate: true}
            """
        let load = PolicySnapshot.load(
            [PolicyFile(name: "a.yaml", text: text), PolicyFile(name: "b.yaml", text: "# nothing\n")], digest: "")
        #expect(load.errors.isEmpty)
        #expect(load.warnings.count == 3)
        let upstreams = load.snapshot?.mirrors.first?.upstreams ?? []
        #expect(upstreams.map(\.name) == ["c", "a", "b"], "lower priority first, then as written")
        #expect(upstreams.map(\.url.text) == ["http://10.0.0.5:8080", "http://a.example.com", "https://b.example.com"])
    }

    @Test("namespaces map forth and back")
    func namespaces() throws {
        let map = try #require(
            PolicyFixtures.load(
                "  namespace: {map: {Qwen: alibaba, \"meta-*\": \"x-{owner}\", \"*\": \"hf-{owner}\"}}\n"
            )
            .snapshot?.mirrors.first?.namespace)
        for (owner, local) in [("Qwen", "alibaba"), ("meta-llama", "x-meta-llama"), ("google", "hf-google")] {
            #expect(map.localNamespace(forOwner: owner) == local)
            #expect(map.owner(forLocalNamespace: local) == owner)
        }
        #expect(map.owner(forLocalNamespace: "hf-Qwen") == nil, "Qwen appears as alibaba")
        #expect(map.owner(forLocalNamespace: "google") == nil)
        #expect(map.owner(forLocalNamespace: "hf-") == nil)
        #expect(NamespaceMap().localNamespace(forOwner: "a") == "a")
        #expect(NamespaceMap().owner(forLocalNamespace: "a") == "a")
    }

    @Test("the editor schema and the reader know the same keys")
    func jsonSchema() throws {
        let url = PolicyFixtures.root.appending(path: "docs/policy-schema.json")
        let schema = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        func keys(_ name: String) -> [String] {
            ((definitions[name] as? [String: Any])?["properties"] as? [String: Any])?.keys.sorted() ?? []
        }
        #expect(keys("mirrorSpec") == DocumentReader.mirrorKeys.sorted())
        #expect(keys("upstream") == DocumentReader.upstreamKeys.sorted())
        #expect(keys("limits") == DocumentReader.limitKeys.sorted())
        #expect(keys("rule") == DocumentReader.ruleKeys.sorted())
        #expect(keys("match") == DocumentReader.matchKeys.sorted())
        #expect(keys("license") == DocumentReader.licenseKeys.sorted())
        #expect(keys("scan") == DocumentReader.scanKeys.sorted())
        #expect(keys("schedule") == DocumentReader.scheduleKeys.sorted())
        #expect(keys("retention") == DocumentReader.retentionKeys.sorted())
        #expect(keys("quota") == DocumentReader.quotaKeys.sorted())
        #expect(keys("approvals") == DocumentReader.approvalKeys.sorted())
    }
}
