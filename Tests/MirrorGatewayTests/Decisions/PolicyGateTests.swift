import Foundation
import HubCore
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("Decisions on content", .enabled(if: GitServerFixture.isPossible))
struct PolicyGateTests {
    private static func card(_ license: String) -> [UInt8] { Array("---\nlicense: \(license)\n---\n".utf8) }

    @Test("a licence refuses a commit whatever line ends its card has, and a reload takes effect at once")
    func licences() async throws {
        let fixture = try await GatewayFixture(spec: "  license: {deny: [\"flag:non-commercial\"]}\n")
        try fixture.commitAbove(["README.md": Array("\r\n---\r\nlicense: cc-by-nc-4.0\r\n---\r\nText\r\n".utf8)])
        #expect(await hubError { _ = try await fixture.snapshot() }?.code == .policyDenied)
        try fixture.reload(spec: "")
        _ = try await fixture.snapshot()
        try fixture.reload(spec: "  license: {deny: [\"flag:non-commercial\"]}\n")
        #expect(await hubError { _ = try await fixture.snapshot() }?.code == .policyDenied)
    }

    @Test("a bad reload leaves the policy in force, and says what is wrong")
    func badReload() async throws {
        let fixture = try await GatewayFixture()
        let digest = fixture.policies.current.digest
        #expect(throws: PolicyLoadFailure.self) { try fixture.reload(spec: "  modus: proxy\n") }
        #expect(fixture.policies.current.digest == digest)
        #expect(fixture.policies.lastFailure?.problems.first?.contains("test.yaml:") == true)
        try fixture.reload(spec: "  mode: proxy\n")
        #expect(fixture.policies.current.digest != digest && fixture.policies.lastFailure == nil)
    }

    @Test("S17: a tree that passed for one user or branch has not passed for another")
    func perUser() async throws {
        let fixture = try await GatewayFixture(
            spec: """
                  rules:
                  - {id: no-text, match: {files: ["*.txt"]}, when: 'user == "bob"', action: deny}
                  - {id: no-dev, match: {revision: [dev], files: ["file1.txt"]}, action: deny}

                """)
        let ada = try await fixture.principal("ada")
        let bob = try await fixture.principal("bob")
        try fixture.git.git("-C", "origin.git", "branch", "dev", "main")
        let mine = try await fixture.open(as: ada)
        _ = try await fixture.repositories.prepareUploadPack(of: mine, history: false)
        let his = try await fixture.open(as: bob)
        #expect(
            await hubError { _ = try await fixture.repositories.prepareUploadPack(of: his, history: false) }?.code
                == .policyDenied)
        // The same commit under the name of a branch whose files are refused.
        let dev = try await fixture.repositories.snapshot(of: mine, at: .name("dev"))
        let entry = try await fixture.repositories.entry(at: "file1.txt", in: dev)
        #expect(await hubError { _ = try await fixture.repositories.open(entry, in: dev) }?.code == .policyDenied)
        let request = ContentRequest(
            repository: mine, revision: .name("dev"), commit: dev.commit, scope: .tree)
        let contents = try await fixture.repositories.contents(of: dev)
        #expect(await hubError { try await fixture.gate.check(request, contents: { contents }) }?.code == .policyDenied)
    }

    @Test("git does not carry a branch or an old commit that is refused, though the default branch passes")
    func otherCommits() async throws {
        let fixture = try await GatewayFixture(spec: "  license: {deny: [\"flag:non-commercial\"]}\n")
        let bad = try fixture.commitAbove(["README.md": Self.card("cc-by-nc-4.0")], on: "research")
        let good = try fixture.commitAbove(["README.md": Self.card("mit")])
        let repository = try await fixture.open()
        _ = try await fixture.repositories.prepareUploadPack(of: repository, history: false)
        var request = UploadPackRequest(version: .v2, command: .fetch)
        request.depth = 1
        request.wants = [good]
        try await fixture.repositories.prepare(request, of: repository)
        request.wants = [good, bad]
        #expect(
            await hubError { try await fixture.repositories.prepare(request, of: repository) }?.code == .policyDenied)
    }

    @Test("bytes that a refused commit had first are served where the default branch has them too")
    func linksOfSeveralCommits() async throws {
        let fixture = try await GatewayFixture(spec: "  license: {deny: [\"flag:non-commercial\"]}\n")
        let bytes = GatewayFixture.bytes(2_000)
        let pointer = fixture.upstream.offer(bytes)
        let bad = try fixture.commitAbove(["README.md": Self.card("cc-by-nc-4.0"), "model.bin": pointer.encoded])
        #expect(await hubError { _ = try await fixture.snapshot(bad.hex) }?.code == .policyDenied)
        let repository = try await fixture.open()
        let link = try #require(try await fixture.repositories.lfsLinks(to: [pointer], of: repository)[pointer.oid])
        #expect(
            await hubError { try await fixture.repositories.authorize(link, of: repository) }?.code == .policyDenied)
        try fixture.commitAbove(["README.md": Self.card("mit")])
        fixture.pass(seconds: 601)
        _ = try await fixture.snapshot()
        let kept = try #require(try await fixture.repositories.lfsLinks(to: [pointer], of: repository)[pointer.oid])
        #expect(kept.commit == bad)
        #expect(try await GatewayFixture.read(fixture.repositories.open(kept, of: repository)) == bytes)
    }

    @Test("a browsed mirror shows what there is and serves nothing of it")
    func browse() async throws {
        let fixture = try await GatewayFixture(spec: "  mode: browse\n")
        let snapshot = try await fixture.snapshot()
        let entry = try await fixture.repositories.entry(at: "file1.txt", in: snapshot)
        #expect(await hubError { _ = try await fixture.repositories.open(entry, in: snapshot) }?.code == .policyDenied)
        let repository = try await fixture.open()
        #expect(
            await hubError { _ = try await fixture.repositories.prepareUploadPack(of: repository, history: false) }?
                .code
                == .policyDenied)
    }

    @Test("a commit's facts are read once, and the decision anew for each policy")
    func facts() async throws {
        let fixture = try await GatewayFixture()
        let snapshot = try await fixture.snapshot()
        let gate = PolicyGate(policies: fixture.policies, metrics: MetricRegistry())
        let reads = Mutex(0)
        let request = ContentRequest(
            repository: snapshot.repository, revision: snapshot.revision, commit: snapshot.commit, scope: .metadata)
        let contents = try await fixture.repositories.contents(of: snapshot)
        let read: @Sendable () async throws -> CommitContents = {
            reads.withLock { $0 += 1 }
            return contents
        }
        for _ in 0..<3 { try await gate.check(request, contents: read) }
        #expect(reads.withLock { $0 } == 1)
        try fixture.reload(spec: "  rules:\n  - {id: none, match: {repo: [\"acme/*\"]}, action: deny}\n")
        #expect(await hubError { try await gate.check(request, contents: read) }?.code == .policyDenied)
        #expect(reads.withLock { $0 } == 1)
    }

    @Test("content whose mirror is gone from the files is refused")
    func orphan() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        let file = "\(fixture.root)/mirrors.d/test.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8).replacing("{name: test}", with: "{name: other}")
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try fixture.policies.reload()
        #expect(await hubError { _ = try await fixture.snapshot() }?.code == .policyDenied)
    }

    @Test("a secret may be a link, as orchestrators mount it; it may not be for everybody")
    func secrets() async throws {
        let fixture = try await GatewayFixture()
        let secret = "\(fixture.root)/secret"
        try "token\n".write(toFile: secret, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: "\(fixture.root)/mounted", withDestinationPath: secret)
        func load() throws {
            try """
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: second}
            spec:
              upstreams:
              - {name: hub, type: git-lfs, url: "http://second.test", auth: {tokenFile: "\(fixture.root)/mounted"}}
            """.write(toFile: "\(fixture.root)/mirrors.d/second.yaml", atomically: true, encoding: .utf8)
            try fixture.policies.reload()
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: secret)
        #expect(throws: PolicyLoadFailure.self) { try load() }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
        try load()
    }
}
