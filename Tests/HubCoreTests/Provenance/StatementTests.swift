import Foundation
import Testing

@testable import HubCore

@Suite("Statements and envelopes")
struct StatementTests {
    private static let digest = String(repeating: "a", count: 64)
    private static let other = String(repeating: "b", count: 64)
    private static let commit = ObjectID.blob(of: [1])

    private static func file(_ path: String, _ sha256: String = digest) -> FileDigest {
        FileDigest(path: path, size: 1, sha256: sha256, object: .zero, isLarge: false)
    }

    private static func statement(
        _ names: [String], predicateType: String = "x:y", predicate: JSONValue = .object([])
    ) -> InTotoStatement {
        InTotoStatement(
            subjects: names.map { .init(name: $0, sha256: digest) }, predicateType: predicateType, predicate: predicate)
    }

    @Test("what is signed is the type and the bytes, each with its length")
    func encoding() {
        let text = "http://example.com/HelloWorld"
        let encoded = DSSEEnvelope.preAuthenticationEncoding(type: text, payload: Array("hello world".utf8))
        #expect(String(decoding: encoded, as: UTF8.self) == "DSSEv1 29 \(text) 11 hello world")
    }

    @Test("an envelope is verified by the key that signed it and by no other", arguments: SigningAlgorithm.allCases)
    func signing(_ algorithm: SigningAlgorithm) throws {
        let key = SigningKey(algorithm)
        let statement = Self.statement(["models/a/b/c"])
        let stored = try NewStatement(signing: statement, with: key)
        let read = try DSSEEnvelope(json: stored.envelope)
        #expect(try InTotoStatement(json: read.payload) == statement)
        #expect(read.signer(among: [SigningKey(algorithm).publicKey, key.publicKey]) == key.publicKey)
        #expect(read.signer(among: [SigningKey(.ed25519).publicKey, SigningKey(.p256).publicKey]) == nil)
        let changed = DSSEEnvelope(
            payloadType: read.payloadType, payload: read.payload + [0x20], signatures: read.signatures)
        #expect(changed.signer(among: [key.publicKey]) == nil)
        // The same envelope in another layout is the same statement.
        let loose = Array(
            String(decoding: stored.envelope, as: UTF8.self).replacing(",\"payloadType\"", with: " ,\n \"payloadType\"")
                .utf8)
        #expect(loose != stored.envelope)
        #expect(try NewStatement(envelope: loose, source: .bundle).sha256 == stored.sha256)
        #expect(try SigningKey(pem: key.pem).publicKey == key.publicKey)
        #expect(try VerifyingKey.all(pem: key.publicKey.pem + SigningKey(.p256).publicKey.pem).count == 2)
    }

    @Test(
        "hostile envelopes are refused",
        arguments: [
            "", "{}", "[]", "null", "{\"payload\":\"!\",\"payloadType\":\"a\",\"signatures\":[]}",
            "{\"payload\":\"e30=\",\"payloadType\":\"a\",\"signatures\":[{\"sig\":\"%\"}]}",
            "{\"payload\":\"e30=\",\"payload\":\"e30=\",\"payloadType\":\"a\",\"signatures\":[]}",
            "{\"payload\":\"e30=\",\"p\\u0061yload\":\"e30=\",\"payloadType\":\"a\",\"signatures\":[]}",
            String(repeating: "[", count: 100_000), "{\"payload\":", "{\"a\\", "\"",
        ])
    func hostileEnvelopes(_ text: String) {
        #expect(throws: HubError.self) { try DSSEEnvelope(json: Array(text.utf8)) }
        #expect(throws: HubError.self) { try SignedDocument(json: Array(text.utf8)) }
        #expect(throws: HubError.self) { try ModelSigningBundle(json: Array(text.utf8)) }
    }

    @Test("an envelope with more signatures than anybody makes, or of any size, is refused")
    func giants() {
        let signature = "{\"sig\":\"e30=\"}"
        let many = Array(repeating: signature, count: 17).joined(separator: ",")
        let text = "{\"payload\":\"e30=\",\"payloadType\":\"a\",\"signatures\":[\(many)]}"
        #expect(throws: HubError.self) { try DSSEEnvelope(json: Array(text.utf8)) }
        #expect(throws: HubError.self) {
            try DSSEEnvelope(json: [UInt8](repeating: 0x20, count: DSSEEnvelope.maximumSize + 1))
        }
    }

    @Test(
        "what is no statement is refused",
        arguments: [
            "{}", "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[],\"predicateType\":\"a\"}",
            "{\"_type\":\"x\",\"subject\":[{\"digest\":{\"sha256\":\"\(digest)\"}}],\"predicateType\":\"a\"}",
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{}}],\"predicateType\":\"a\"}",
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\"AA\"}}],\"predicateType\":\"a\"}",
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\"\(digest)\"}}],\"subject\":[],\"predicateType\":\"a\"}",
        ])
    func hostileStatements(_ text: String) {
        #expect(throws: HubError.self) { try InTotoStatement(json: Array(text.utf8)) }
    }

    @Test("members that nobody knows are passed over, and names within names may be the same")
    func unknownMembers() throws {
        let text =
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"new\":{\"a\":[{\"a\":1},{\"a\":\"}\\\"\"}]},"
            + "\"subject\":[{\"name\":\"models/a/b/c\",\"digest\":{\"sha256\":\"\(Self.digest)\",\"x\":\"1\"},"
            + "\"annotations\":{}}],\"predicateType\":\"urn:x\"}"
        let statement = try InTotoStatement(json: Array(text.utf8))
        #expect(statement.subjects.first?.name == "models/a/b/c" && statement.predicate == .null)
    }

    @Test("S75: a statement counts only for the repository, the commit and all the files that it names")
    func match() {
        let files = [Self.file("a"), Self.file("d/b")]
        func match(_ names: [String], _ type: String = "x:y", _ predicate: JSONValue = .null) -> StatementMatch {
            StatementMatch(
                Self.statement(names, predicateType: type, predicate: predicate), names: ["models/o/n"],
                commit: Self.commit, files: files)
        }
        let whole = ["models/o/n/a", "models/o/n/d/b"]
        #expect(match(whole) == .exact)
        #expect(match(["models/O/N/a", "models/O/N/d/b"]) == .exact)
        #expect(match(["models/o/m/a", "models/o/m/d/b"]) == .otherName("models/o/m"))
        #expect(match(["datasets/o/n/a", "datasets/o/n/d/b"]) == .otherName("datasets/o/n"))
        let wrong: [[String]] = [
            ["models/o/n/a"], whole + ["models/o/n/c"], ["models/o/n/a", "models/o/m/d/b"],
            ["models/o/n/a", "models/o/n/a"], ["a", "d/b"], ["models/o/n/"], [""],
        ]
        for names in wrong {
            guard case .mismatch = match(names) else {
                Issue.record("\(names)")
                continue
            }
        }
        func isMismatch(_ match: StatementMatch) -> Bool { if case .mismatch = match { true } else { false } }
        let here: JSONValue = .members([("commit", .string(Self.commit.hex))])
        #expect(match(whole, StatementTypes.commit, here) == .exact)
        #expect(isMismatch(match(whole, StatementTypes.commit)))
        #expect(isMismatch(match(whole, StatementTypes.commit, .members([("commit", .string("0"))]))))
        let changed = StatementMatch(
            Self.statement(whole), names: ["models/o/n"], commit: Self.commit,
            files: [Self.file("a"), Self.file("d/b", Self.other)])
        #expect(isMismatch(changed))
    }

    @Test("a model signature covers all files but git's own, in the order of their parts")
    func modelSigning() throws {
        let key = SigningKey(.p256)
        let files = [
            Self.file("a-b"), Self.file("a/b"), Self.file(".gitattributes"), Self.file("B", Self.other),
        ]
        let json = try ModelSigningBundle.sign(files, name: "n", with: key)
        let bundle = try ModelSigningBundle(json: json)
        #expect(bundle.envelope.signer(among: [key.publicKey]) == key.publicKey)
        #expect(bundle.resources == ["a-b": Self.digest, "a/b": Self.digest, "B": Self.other])
        let text = String(decoding: bundle.envelope.payload, as: UTF8.self)
        let places = ["\"name\":\"B\"", "\"name\":\"a/b\"", "\"name\":\"a-b\""].map { text.range(of: $0)?.lowerBound }
        #expect(places.allSatisfy { $0 != nil } && places.compactMap(\.self) == places.compactMap(\.self).sorted())
        #expect(bundle.problem(with: files, own: nil) == nil)
        #expect(bundle.problem(with: files + [Self.file("model.sig")], own: "model.sig") == nil)
        #expect(bundle.problem(with: files + [Self.file("evil.py")], own: nil) != nil)
        #expect(bundle.problem(with: Array(files.dropFirst()), own: nil) != nil)
        #expect(bundle.problem(with: [Self.file("a-b", Self.other)] + files.dropFirst(), own: nil) != nil)
    }

    @Test("statements are kept once, in order, and never rewritten")
    func store() async throws {
        let fixture = try await HubFixture()
        let key = try await fixture.create("model:o/n")
        let first = try NewStatement(signing: Self.statement(["models/o/n/a"]), with: SigningKey(.ed25519))
        let second = try NewStatement(envelope: first.envelope, source: .upstream("u"))
        let store = fixture.hub.provenance
        #expect(try await store.add([first], of: key, commit: Self.commit, digests: [Self.file("a")]) == 1)
        #expect(try await store.add([second, first], of: key, commit: Self.commit) == 0)
        let stored = try await store.statements(of: key, commit: Self.commit)
        #expect(stored.map(\.source) == [.own] && stored.map(\.envelope) == [first.envelope])
        #expect(try await store.holders(of: Self.digest).map(\.path) == ["a"])
        await fixture.hub.close()
    }

    @Test("who signs and since when is known after the key was replaced")
    func register() async throws {
        let fixture = try await HubFixture()
        let (old, new) = (SigningKey(.ed25519).publicKey, SigningKey(.ed25519).publicKey)
        try await fixture.hub.knownKeys.note(old, owner: "hub")
        fixture.pass(seconds: 60)
        try await fixture.hub.knownKeys.note(new, owner: "hub")
        try await fixture.hub.knownKeys.note(SigningKey(.p256).publicKey, owner: "hub")
        let keys = try await fixture.hub.knownKeys.all()
        #expect(keys.count == 3)
        #expect(keys.first { $0.key == old }?.supersededAt == keys.first { $0.key == new }?.firstUsedAt)
        #expect(keys.first { $0.key == new }?.supersededAt == nil)
        await fixture.hub.close()
    }
}
