import Testing

@testable import HubCore

@Suite("Tombstones")
struct TombstoneTests {
    private static let bytes = [UInt8]("what nobody shall have".utf8)
    private static let commit = String(repeating: "c", count: 40)

    @Test(
        "what people write is read, and written back",
        arguments: [
            "author acme", "license cc-by-nc-4.0", "repository model:acme/demo",
            "revision model:acme/demo@\(String(repeating: "c", count: 40))",
            "digest \(String(repeating: "a", count: 64))", "object \(String(repeating: "b", count: 40))",
        ])
    func targets(_ text: String) throws {
        let parts = text.split(separator: " ").map(String.init)
        let target = try #require(TombstoneTarget(kind: parts[0], text: parts[1]))
        #expect(target.description == text)
        let written: [String: String] = [
            "author": "author:", "license": "license:", "digest": "sha256:", "object": "git:",
        ]
        #expect(TombstoneTarget(parsing: (written[parts[0]] ?? "") + parts[1]) == target)
    }

    @Test(
        "nothing else is a target",
        arguments: ["", "acme", "sha256:zz", "git:1", "model:x", "license:a b", "author:../x"])
    func noTargets(_ text: String) { #expect(TombstoneTarget(parsing: text) == nil) }

    @Test("a buried repository, author or licence leaves by no way, its facts stay, and lifting gives it back")
    func local() async throws {
        let fixture = try await HubFixture()
        let folder = try fixture.write(["README.md": Array("---\nlicense: mit\n---\n".utf8), "a.txt": Self.bytes])
        _ = try await fixture.hub.importer.run(
            folder: folder, as: try HubFixture.id("model:acme/demo"), isPrivate: false)
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, try HubFixture.id("model:acme/demo"))
        let service = fixture.repositories
        let snapshot = try await service.snapshot(of: repository, at: nil)
        let entry = try await service.entry(at: "a.txt", in: snapshot)
        for text in ["model:acme/demo", "model:acme/demo@\(snapshot.commit.hex)", "author:ACME", "license:MIT"] {
            let target = try #require(TombstoneTarget(parsing: text))
            let tombstone = try await fixture.hub.bury(target, reason: "bad news")
            await Self.expectBuried { _ = try await service.open(entry, in: snapshot) }
            await Self.expectBuried { try await service.authorizeFile(entry, in: snapshot) }
            await Self.expectBuried {
                _ = try await service.prepareUploadPack(of: repository, history: false)
                var request = UploadPackRequest(version: .v2, command: .fetch)
                request.wants = [snapshot.commit]
                try await service.prepare(request, of: repository)
            }
            _ = try await service.contents(of: try await service.snapshot(of: repository, at: nil))
            _ = try await fixture.hub.lift(tombstone.id, note: nil)
            _ = try await service.open(entry, in: snapshot)
        }
    }

    @Test("a small file buried by its SHA-256 or its name in git keeps its whole tree from git")
    func smallFiles() async throws {
        let fixture = try await HubFixture()
        let folder = try fixture.write(["README.md": Array("x".utf8), "a.txt": Self.bytes])
        _ = try await fixture.hub.importer.run(
            folder: folder, as: try HubFixture.id("model:acme/demo"), isPrivate: false)
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, try HubFixture.id("model:acme/demo"))
        let service = fixture.repositories
        let snapshot = try await service.snapshot(of: repository, at: nil)
        let (bad, good) = (
            try await service.entry(at: "a.txt", in: snapshot), try await service.entry(at: "README.md", in: snapshot)
        )
        for text in ["sha256:\(BlobID(hashing: Self.bytes).hex)", "git:\(bad.id.hex)"] {
            let tombstone = try await fixture.hub.bury(try #require(TombstoneTarget(parsing: text)), reason: "bad")
            await Self.expectBuried { _ = try await service.open(bad, in: snapshot) }
            _ = try await service.open(good, in: snapshot)
            var request = UploadPackRequest(version: .v2, command: .fetch)
            request.wants = [snapshot.commit]
            await Self.expectBuried { [request] in try await service.prepare(request, of: repository) }
            request.wants = [bad.id]
            if text.hasPrefix("git") {
                await Self.expectBuried { [request] in try await service.prepare(request, of: repository) }
            }
            _ = try await fixture.hub.lift(tombstone.id, note: "fine")
        }
    }

    @Test("buried bytes are not taken in, whichever way they come")
    func uploads() async throws {
        let fixture = try await HubFixture()
        try await fixture.create("model:acme/demo")
        let ada = try await fixture.principal("ada", scope: .admin, isAdministrator: true)
        let writer = try await fixture.authorizer.openAsOperator(.contentWrite, try HubFixture.id("model:acme/demo"))
        let pointer = LFSPointer(oid: BlobID(hashing: Self.bytes), size: Int64(Self.bytes.count))
        _ = try await fixture.hub.tombstones.bury(.digest(pointer.oid), reason: "malware", by: ada)
        let needs = try await fixture.hub.uploads.needs([pointer], of: writer)
        guard case .refused(let error)? = needs[pointer] else {
            Issue.record("\(needs)")
            return
        }
        #expect(error.code == .buried && error.message.contains("malware"))
        await Self.expectBuried {
            try await fixture.hub.uploads.receive(
                pointer, of: writer,
                from: AsyncThrowingStream { [bytes = Self.bytes] in
                    $0.yield(bytes)
                    $0.finish()
                })
        }
        // What is in the store already, by another way, is not linked either.
        _ = try await fixture.hub.blobs.store(
            pointer.oid, size: pointer.size,
            from: AsyncThrowingStream<[UInt8], any Error> { [bytes = Self.bytes] in
                $0.yield(bytes)
                $0.finish()
            })
        await Self.expectBuried {
            try await fixture.hub.store.noteUpload(of: pointer, to: writer, endingReservation: nil)
        }
        await Self.expectBuried {
            _ = try await fixture.repositories.stage(Self.bytes, at: try #require(GitPath("a.txt")), in: writer)
        }
        #expect(try await fixture.hub.tombstones.isBuried(digest: pointer.oid))
    }

    @Test("names that peers bury are about what is mirrored; their digests about all; what they lift is lifted")
    func peers() async throws {
        let fixture = try await HubFixture()
        let store = fixture.hub.tombstones
        func entry(_ sequence: Int64, _ text: String, lifted: Bool = false, origin: String) throws
            -> TombstoneStore.PeerEntry
        {
            TombstoneStore.PeerEntry(
                sequence: sequence, origin: origin, target: try #require(TombstoneTarget(parsing: text)), gitID: nil,
                reason: "told", isLifted: lifted)
        }
        let (one, two) = (String(repeating: "1", count: 32), String(repeating: "2", count: 32))
        let digest = BlobID(hashing: Self.bytes)
        let counts = try await store.follow(
            [try entry(1, "author:acme", origin: one), try entry(2, digest.hex, origin: two)], from: "m", "peer",
            upTo: 2)
        #expect(counts.buried == 2)
        #expect(try await store.followed("m", "peer") == 2)
        let id = try HubFixture.id("model:acme/demo")
        let mirrored = Repository.Origin.mirror(.init(mirror: "m", upstream: "peer", path: "acme/demo"))
        let index = TombstoneIndex(try await store.standing().tombstones)
        #expect(index.tombstone(of: id, origin: .local) == nil)
        #expect(index.tombstone(of: id, origin: mirrored)?.peer == "m/peer")
        #expect(index.tombstone(of: digest) != nil)
        // A name that was mapped is found by the upstream's own.
        #expect(index.tombstone(of: try HubFixture.id("model:mapped/demo"), origin: mirrored) != nil)
        // Another peer that heard of the same adds no second one, and cannot lift it.
        let heard = try entry(9, "author:acme", lifted: true, origin: one)
        let others = try await store.follow([heard], from: "m", "other", upTo: 9)
        #expect(others.buried == 0 && others.lifted == 0)
        let told = try await store.follow([heard], from: "m", "peer", upTo: 9)
        #expect(told.lifted == 1)
        let left = try await store.standing().tombstones.count
        #expect(left == 1)
    }

    @Test("a tombstone set by another process holds within two seconds")
    func otherProcess() async throws {
        let fixture = try await HubFixture()
        let id = try HubFixture.id("model:acme/demo")
        try await fixture.hub.store.requireUnburied(id, origin: .local)
        let other = try await Hub(path: fixture.folder.appending("data"), clock: fixture.hub.clock)
        _ = try await other.bury(.repository(id), reason: "bad")
        fixture.pass(seconds: 2)
        await Self.expectBuried { try await fixture.hub.store.requireUnburied(id, origin: .local) }
        await other.close()
    }

    static func expectBuried(_ body: () async throws -> Void, _ location: SourceLocation = #_sourceLocation) async {
        do {
            try await body()
            Issue.record("It was not refused.", sourceLocation: location)
        } catch let error as HubError {
            #expect(error.code == .buried, sourceLocation: location)
        } catch {
            Issue.record(error, sourceLocation: location)
        }
    }
}
