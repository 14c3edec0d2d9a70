import SQL
import Testing

@testable import HubCore

@Suite("The transparency log")
struct TransparencyLogTests {
    private let fixture: HubFixture
    private var log: TransparencyLog { fixture.hub.transparency }

    init() async throws { fixture = try await HubFixture() }

    private func append(_ count: Int) async throws {
        let now = fixture.hub.clock.now()
        try await fixture.hub.database.write { connection in
            for number in 0..<count {
                try TransparencyLog.append(
                    TransparencyLeaf(.statement, subject: "model:acme/m\(number)", detail: .null), at: now,
                    in: connection)
            }
        }
    }

    @Test("every leaf is proved to be in every tree, and every tree to begin with every smaller one")
    func proofs() async throws {
        try await append(37)
        for size in Int64(1)...37 {
            for index in 0..<size {
                let proof = try await log.inclusion(of: index, size: size)
                #expect(
                    MerkleProof.includes(proof.leaf, at: index, in: proof.root, of: size, path: proof.path))
                // Nothing else is proved by it.
                #expect(
                    !MerkleProof.includes(proof.leaf, at: index ^ 1, in: proof.root, of: size, path: proof.path)
                        || size == 1)
                #expect(
                    !MerkleProof.includes(
                        proof.leaf, at: index, in: proof.root, of: size, path: proof.path + [proof.leaf]))
            }
            for from in 0...size {
                let proof = try await log.consistency(from: from, to: size)
                #expect(
                    MerkleProof.isConsistent(
                        proof.first, of: from, with: proof.second, of: size, path: proof.path))
                guard from > 0, from < size else { continue }
                #expect(
                    !MerkleProof.isConsistent(
                        proof.second, of: from, with: proof.second, of: size, path: proof.path))
                #expect(
                    !MerkleProof.isConsistent(
                        proof.first, of: from, with: proof.first, of: size, path: proof.path))
            }
        }
    }

    @Test("what fails with its transaction leaves no gap")
    func noGaps() async throws {
        try await append(3)
        struct Refusal: Error {}
        await #expect(throws: Refusal.self) {
            try await fixture.hub.database.write { connection in
                try TransparencyLog.append(
                    TransparencyLeaf(.statement, subject: "", detail: .null), at: 1, in: connection)
                throw Refusal()
            }
        }
        try await append(2)
        #expect(try await log.entries(from: 0, to: .max).map(\.index) == [0, 1, 2, 3, 4])
        #expect(try await TransparencyAudit(log).run().problems.isEmpty)
    }

    @Test("two processes append to one log at once")
    func twoProcesses() async throws {
        let other = try await Hub(path: fixture.hub.directory.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for hub in [fixture.hub, other] {
                for _ in 0..<20 {
                    group.addTask {
                        try await hub.database.write { connection in
                            try TransparencyLog.append(
                                TransparencyLeaf(.statement, subject: "", detail: .null), at: 1, in: connection)
                        }
                        _ = try await hub.transparency.checkpoint()
                    }
                }
            }
            try await group.waitForAll()
        }
        let report = try await TransparencyAudit(log).run()
        #expect(report.size == 40)
        #expect(report.problems.isEmpty, "\(report.problems)")
        #expect(report.checkpoints > 0)
        await other.close()
    }

    @Test("a hub that had no log tells in its first entries what was there")
    func beginning() async throws {
        let user = try await fixture.principal("ada")
        _ = user
        for number in 0..<3 { try await fixture.create("model:ada/m\(number)") }
        let old = try await log.origin()
        try await fixture.hub.database.write { connection in
            for table in ["leaves", "checkpoints", "origin"] {
                try connection.execute("DELETE FROM transparency_\(table)")
            }
        }
        try await TransparencyLog.prepare(fixture.hub.database, clock: fixture.hub.clock)
        #expect(try await log.origin() != old)
        try await fixture.create("model:ada/later")
        let report = try await TransparencyAudit(log).run()
        #expect(report.problems.isEmpty, "\(report.problems)")
        #expect(report.size == 2)
    }

    @Test("checkpoints are signed notes that verifiers take, and rotated keys stay known")
    func checkpoints() async throws {
        try await append(5)
        let first = try await log.checkpoint()
        #expect(try await log.checkpoint() == first, "nothing changed")
        let note = try TransparencyCheckpoint(note: first.note)
        #expect(note.size == 5)
        #expect(note.note == first.note)
        let keys = try await log.verifierKeys()
        let (name, key) = try TransparencyCheckpoint.key(verifier: try #require(keys.first))
        #expect(name == note.origin)
        #expect(note.signer(among: [key]) == key)
        try fixture.hub.signingKeys.rotate(.ed25519)
        try await append(5)
        let second = try TransparencyCheckpoint(note: try await log.checkpoint().note)
        #expect(second.signer(among: [key]) == nil)
        #expect(try await TransparencyAudit(log).run().problems.isEmpty)
        // A note under another name, or with other words, is not signed by it.
        for text in [
            first.note.replacing("\n5\n", with: "\n4\n"), first.note.replacing("weir-log/", with: "weir-log/0"),
        ] {
            #expect(try TransparencyCheckpoint(note: text).signer(among: [key]) == nil)
        }
    }

    @Test("what is no checkpoint is refused")
    func refusedNotes() async throws {
        let good = try await log.checkpoint().note
        for text in [
            "", "a", "a\n1\n", good.replacing("\n\n", with: "\n"), "\n" + good, good.replacing("\n0\n", with: "\n-1\n"),
            good.replacing("\n0\n", with: "\n00\n"), good.replacing("\u{2014} ", with: "- "),
            String(repeating: "a", count: 100_000), "a\n1\nb\n\n\u{2014} a b\n",
        ] {
            #expect(throws: HubError.self) { try TransparencyCheckpoint(note: text) }
        }
        for text in ["", "a+b+c", "a+00000000+AAAA", "a"] {
            #expect(throws: HubError.self) { try TransparencyCheckpoint.key(verifier: text) }
        }
    }

    @Test("a digest over files is that of what sha256sum prints")
    func contents() {
        let digest = ContentsDigest.of([(path: "b", sha256: "22"), (path: "a\nc", sha256: "11")])
        #expect(digest == BlobID(hashing: Array("\\11  a\\nc\n22  b\n".utf8)).hex)
    }
}
