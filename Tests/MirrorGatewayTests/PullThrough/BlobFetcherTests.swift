import Foundation
import HubCore
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("Large files of a mirror", .enabled(if: GitServerFixture.isPossible))
struct BlobFetcherTests {
    private static let content = GatewayFixture.bytes(300_000)

    /// A mirror whose `model.bin` is an LFS file with these bytes.
    private func fixture(_ bytes: [UInt8] = content, hosts: [String] = ["above"]) async throws -> GatewayFixture {
        let fixture = try await GatewayFixture(hosts: hosts)
        let pointer = fixture.upstream.offer(bytes)
        try fixture.commitAbove(["model.bin": pointer.encoded])
        _ = try await fixture.snapshot()
        return fixture
    }

    private func isStored(_ fixture: GatewayFixture, _ bytes: [UInt8] = content) async throws -> Bool {
        try await fixture.hub.blobs.size(of: BlobID(hashing: bytes)) == Int64(bytes.count)
    }

    @Test("fifty readers of one file are one download, and all get all of it")
    func single() async throws {
        let fixture = try await fixture()
        let latch = Latch()
        fixture.upstream.script { call in
            if call.question == .blob { await latch.pass() }
            return nil
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask { try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content }
            }
            await Latch.until { latch.arrived == 1 }
            await Latch.settle()
            latch.open()
            for try await isEqual in group { #expect(isEqual) }
        }
        #expect(fixture.upstream.count(.blob) == 1)
        #expect(try await isStored(fixture))
        fixture.upstream.forgetCalls()
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        #expect(fixture.upstream.calls.isEmpty)
    }

    @Test("a cut is continued where it happened")
    func resume() async throws {
        let fixture = try await fixture()
        let cuts = Mutex([100_000, 200_000])
        fixture.upstream.script { call in
            guard call.question == .blob, let end = cuts.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
                return nil
            }
            return ScriptedUpstream.file(Self.content, to: call.request, upTo: end)
        }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        #expect(
            fixture.upstream.calls.filter { $0.question == .blob }.map(\.range)
                == [nil, "bytes=100000-", "bytes=200000-"])
    }

    @Test("an upstream that drips a few bytes before each cut is given up")
    func drips() async throws {
        let fixture = try await fixture()
        let sent = Mutex(0)
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            let end = sent.withLock { sent in
                sent += 30
                return sent
            }
            return ScriptedUpstream.file(Self.content, to: call.request, upTo: end)
        }
        await #expect(throws: HubError.self) { _ = try await GatewayFixture.read(fixture.blob("model.bin")) }
        #expect(fixture.upstream.count(.blob) <= 6)
        #expect(try await !isStored(fixture))
    }

    @Test("an upstream without ranges sends everything again, and nothing is written twice")
    func withoutRanges() async throws {
        let fixture = try await fixture()
        let isFirst = Mutex(true)
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            var request = call.request
            request.headers.removeAll { $0.0 == "Range" }
            let end = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst ? 100_000 : nil
            }
            return ScriptedUpstream.file(Self.content, to: request, upTo: end)
        }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
    }

    @Test("readers stay when one source takes over from another in the middle")
    func takeover() async throws {
        let fixture = try await fixture(hosts: ["above", "second"])
        let latch = Latch()
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            if call.host == "above.test", call.range == nil {
                return ScriptedUpstream.file(Self.content, to: call.request, upTo: 150_000)
            }
            if call.host == "above.test" { throw HubError(.upstreamUnavailable, "Connection refused.") }
            await latch.pass()
            return nil
        }
        let early = try await fixture.blob("model.bin")
        #expect(early.following != nil)
        await Latch.until { latch.arrived == 1 }
        let late = try await fixture.blob("model.bin")
        latch.open()
        #expect(try await GatewayFixture.read(early) == Self.content)
        #expect(try await GatewayFixture.read(late) == Self.content)
        #expect(
            fixture.upstream.calls.filter { $0.question == .blob && $0.host == "second.test" }.map(\.range) == [
                "bytes=150000-"
            ])
    }

    @Test("S20: wrong bytes end their readers, go into quarantine, and the next source is asked for all of them")
    func wrongDigest() async throws {
        let fixture = try await fixture(hosts: ["above", "second"])
        var flipped = Self.content
        flipped[1_000] ^= 1
        let wrong = flipped
        let first = Latch()
        let second = Latch()
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            if call.host == "above.test" {
                await first.pass()
                return ScriptedUpstream.file(wrong, to: call.request)
            }
            await second.pass()
            return nil
        }
        let early = Task { try await fixture.blob("model.bin") }
        await Latch.until { first.arrived == 1 }
        first.open()
        await Latch.until { second.arrived == 1 }
        // Whoever comes between the sources waits for the next one.
        let late = Task { try await fixture.blob("model.bin") }
        await Latch.settle()
        second.open()
        #expect(try await GatewayFixture.read(late.value) == Self.content)
        // Who began with the wrong bytes never gets the last of them.
        if case .success(let reader) = await early.result, let read = try? await GatewayFixture.read(reader) {
            #expect(read == Self.content)
        }
        #expect(fixture.upstream.calls.filter { $0.question == .blob }.map(\.range) == [nil, nil])
        let quarantine = try FileManager.default.contentsOfDirectory(
            atPath: fixture.hub.directory.blobs + "/quarantine")
        #expect(quarantine.count == 1)
        #expect(try await isStored(fixture))
    }

    @Test("a lie of the only source is told as such, and nothing of it is stored")
    func lie() async throws {
        let fixture = try await fixture()
        let wrong = GatewayFixture.bytes(Self.content.count, seed: 2)
        fixture.upstream.script { call in
            call.question == .blob ? ScriptedUpstream.file(wrong, to: call.request) : nil
        }
        let error = await hubError { _ = try await GatewayFixture.read(fixture.blob("model.bin")) }
        #expect(error?.code == .upstreamCorrupt)
        #expect(try await isStored(fixture) == false)
        #expect(fixture.upstream.count(.blob) == 1)
    }

    @Test("the wrong beginning of one source does not condemn the good rest of another")
    func mixedSources() async throws {
        let fixture = try await fixture(hosts: ["above", "second"])
        let wrong = GatewayFixture.bytes(Self.content.count, seed: 2)
        fixture.upstream.script { call in
            guard call.question == .blob, call.host == "above.test" else { return nil }
            if call.range != nil { throw HubError(.upstreamUnavailable, "Connection refused.") }
            return ScriptedUpstream.file(wrong, to: call.request, upTo: 100_000)
        }
        _ = await hubError { _ = try await GatewayFixture.read(fixture.blob("model.bin")) }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        #expect(
            fixture.upstream.calls.filter { $0.question == .blob && $0.host == "second.test" }.map(\.range)
                == ["bytes=100000-", nil])
    }

    @Test("what an earlier start left is continued; if it does not fit, everything is asked for again")
    func leftovers() async throws {
        for (left, ranges) in [
            (Self.content, ["bytes=50000-"]), (GatewayFixture.bytes(60_000, seed: 3), ["bytes=50000-", nil]),
        ] {
            let fixture = try await fixture()
            let partial = try await fixture.hub.blobs.partial(
                BlobID(hashing: Self.content), size: Int64(Self.content.count))
            try await partial.append(Array(left.prefix(50_000)))
            await partial.fail(HubError(.shuttingDown, "Stop."), keepBytes: true)
            _ = await hubError { _ = try await GatewayFixture.read(fixture.blob("model.bin")) }
            #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
            #expect(fixture.upstream.calls.filter { $0.question == .blob }.map(\.range) == ranges)
        }
    }

    @Test("an empty file asks for nothing")
    func empty() async throws {
        let fixture = try await fixture()
        let pointer = LFSPointer(oid: BlobID(hashing: []), size: 0)
        let repository = try await fixture.open()
        let head = try await fixture.snapshot().commit
        fixture.upstream.offer([])
        let reader = try await fixture.source.fetch(pointer, path: "empty", at: head, of: repository)
        #expect(reader.size == 0)
        #expect(fixture.upstream.count(.blob) == 0)
    }

    @Test("a web page is no file; a file may be a web page")
    func webPages() async throws {
        let page = Array("<!doctype html><title>\(String(repeating: "x", count: 500))</title>".utf8)
        let fixture = try await fixture(page)
        let login = Sample.loginPage
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            return ScriptedUpstream.response(200, call.request, type: "text/html; charset=utf-8", body: [login])
        }
        let error = await hubError { _ = try await fixture.blob("model.bin") }
        #expect(error?.code == .upstreamCorrupt && error?.message.contains("web page") == true)
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            return ScriptedUpstream.response(
                200, call.request, type: "text/html", headers: [("Content-Length", "\(page.count)")], body: [page])
        }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == page)
    }

    @Test("a client who leaves before the first byte is let go; the download goes on")
    func leaving() async throws {
        let fixture = try await fixture()
        let latch = Latch()
        fixture.upstream.script { call in
            if call.question == .blob { await latch.pass() }
            return nil
        }
        let client = Task { try await fixture.blob("model.bin") }
        await Latch.until { latch.arrived == 1 }
        client.cancel()
        await #expect(throws: CancellationError.self) { _ = try await client.value }
        latch.open()
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        #expect(fixture.upstream.count(.blob) == 1)
    }

    @Test("shutting down ends downloads, tells readers why, and keeps the bytes for the next start")
    func shutdown() async throws {
        let fixture = try await fixture()
        let latch = Latch()
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            if call.range == nil { return ScriptedUpstream.file(Self.content, to: call.request, upTo: 100_000) }
            await latch.pass()
            try Task.checkCancellation()
            return nil
        }
        let reader = try await fixture.blob("model.bin")
        await Latch.until { latch.arrived == 1 }
        async let stopping: Void = fixture.source.shutDown()
        await Latch.settle()
        latch.open()
        await stopping
        let error = await hubError { _ = try await GatewayFixture.read(reader) }
        #expect(error?.code == .shuttingDown)
        fixture.upstream.forgetCalls()
        let service = fixture.restarted()
        let snapshot = try await service.snapshot(of: fixture.open(), at: nil)
        let entry = try await service.entry(at: "model.bin", in: snapshot)
        guard case .blob(let next) = try await service.open(entry, in: snapshot).content else { return }
        #expect(try await GatewayFixture.read(next) == Self.content)
        #expect(fixture.upstream.calls.filter { $0.question == .blob }.map(\.range) == ["bytes=100000-"])
    }

    @Test("a pointer that lies about the size fails by itself, and not those who ask with the right one")
    func twoSizes() async throws {
        let fixture = try await fixture()
        let lie = LFSPointer(oid: BlobID(hashing: Self.content), size: 10)
        let repository = try await fixture.open()
        let head = try await fixture.snapshot().commit
        let latch = Latch()
        fixture.upstream.script { call in
            if call.question == .batch { await latch.pass() }
            return nil
        }
        let liar = Task { try await fixture.source.fetch(lie, path: "x", at: head, of: repository) }
        await Latch.until { latch.arrived == 1 }
        let honest = Task { try await GatewayFixture.read(fixture.blob("model.bin")) }
        await Latch.settle()
        latch.open()
        #expect(await hubError { _ = try await liar.value } != nil)
        #expect(try await honest.value == Self.content)
    }

    @Test("what an upstream answers instead of a file keeps its meaning, and the next try succeeds")
    func failures() async throws {
        let fixture = try await fixture()
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            return ScriptedUpstream.response(503, call.request)
        }
        #expect(await hubError { _ = try await fixture.blob("model.bin") }?.code == .upstreamUnavailable)
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            return ScriptedUpstream.response(404, call.request)
        }
        #expect(await hubError { _ = try await fixture.blob("model.bin") }?.code == .blobNotFound)
        fixture.upstream.script { _ in nil }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
    }

    // MARK: Whose bytes they are

    @Test("S17: a pointer to a blob that others brought here is honoured only when its own upstream gives the blob out")
    func foreignBlob() async throws {
        let fixture = try await GatewayFixture()
        let secret = GatewayFixture.bytes(5_000, seed: 9)
        let owner = try await fixture.principal("owner")
        let key = try await fixture.hub.store.createLocal(
            try Sample.id("model:owner/secret"), visibility: .private, defaultBranch: "main")
        try await fixture.hub.git.create(key)
        let file = fixture.git.folder.appendingPathComponent("secret.bin")
        try Data(secret).write(to: file)
        let stored = try await fixture.hub.blobs.store(fileAt: file.path, expecting: nil)
        let pointer = LFSPointer(oid: stored.id, size: stored.size)
        try await fixture.hub.store.noteArrival(of: pointer, in: key)
        try fixture.commitAbove(["stolen.bin": pointer.encoded])

        for _ in 0..<2 {
            #expect(await hubError { _ = try await fixture.blob("stolen.bin") }?.code == .blobNotFound)
        }
        #expect(fixture.upstream.count(.batch) == 1)
        let repository = try await fixture.open()
        let link = try #require(try await fixture.repositories.lfsLinks(to: [pointer], of: repository)[pointer.oid])
        #expect(await hubError { _ = try await fixture.repositories.open(link, of: repository) }?.code == .blobNotFound)
        // Its owner may read it anyway.
        #expect(try await GatewayFixture.read(fixture.blob("stolen.bin", as: owner)) == secret)

        fixture.upstream.offer(secret)
        fixture.pass(seconds: 61)
        fixture.upstream.forgetCalls()
        for _ in 0..<2 { #expect(try await GatewayFixture.read(fixture.blob("stolen.bin")) == secret) }
        #expect(fixture.upstream.count(.batch) == 1)
        #expect(fixture.upstream.count(.blob) == 0)
    }

    @Test("S17: nor while its download for a private repository is under way")
    func foreignDownload() async throws {
        let fixture = try await fixture()
        let ada = try await privateTwin(in: fixture)
        let latch = Latch()
        fixture.upstream.script { call in
            if let refusal = Self.refusal(of: call) { return refusal }
            if call.question == .blob { await latch.pass() }
            return nil
        }
        let mine = Task { try await GatewayFixture.read(fixture.blob("model.bin", of: "model:acme/private", as: ada)) }
        await Latch.until { latch.arrived == 1 }
        #expect(await hubError { _ = try await fixture.blob("model.bin") }?.code == .blobNotFound)
        latch.open()
        #expect(try await mine.value == Self.content)
    }

    @Test("S17: an upstream that refuses one repository does not refuse it to another that waited for the download")
    func foreignFailure() async throws {
        let fixture = try await fixture()
        let ada = try await privateTwin(in: fixture)
        let latch = Latch()
        fixture.upstream.script { call in
            if Self.refusal(of: call) != nil { await latch.pass() }
            return Self.refusal(of: call)
        }
        let refused = Task { try await GatewayFixture.read(fixture.blob("model.bin")) }
        await Latch.until { latch.arrived == 1 }
        let mine = Task { try await GatewayFixture.read(fixture.blob("model.bin", of: "model:acme/private", as: ada)) }
        // It waits for the other's download now, and whatever that ends with is told to it.
        await Latch.until {
            fixture.metrics.value("hub_cache_requests_total", labels: ["result": "coalesced"]) == 1
        }
        latch.open()
        #expect(await hubError { _ = try await refused.value }?.code == .blobNotFound)
        #expect(try await mine.value == Self.content)
    }

    /// Registers a second mirror of the same content, for members only.
    private func privateTwin(in fixture: GatewayFixture) async throws -> Principal {
        fixture.upstream.exists("acme/private")
        _ = try await fixture.hub.store.registerMirror(
            try Sample.id("model:acme/private"),
            of: Repository.Mirror(mirror: "test", upstream: "above", path: "acme/private"), visibility: .internal,
            defaultBranch: "main")
        return try await fixture.principal("ada")
    }

    /// What the upstream answers that denies `acme/demo` its large file, and only that one.
    private static func refusal(of call: ScriptedUpstream.Call) -> EgressResponse? {
        guard call.question == .batch, call.request.url.path.contains("demo") else { return nil }
        let oid = BlobID(hashing: content).hex
        return ScriptedUpstream.response(
            200, call.request, type: "application/vnd.git-lfs+json",
            body: [Array(#"{"objects":[{"oid":"\#(oid)","error":{"code":404,"message":"no"}}]}"#.utf8)])
    }

    @Test("what a batch claims of an object's size is not believed over the tree")
    func claimedSizes() async throws {
        let fixture = try await GatewayFixture()
        let bytes = GatewayFixture.bytes(4_000, seed: 4)
        let pointer = fixture.upstream.offer(bytes)
        let repository = try await fixture.open()
        let claims = [LFSPointer(oid: pointer.oid, size: 0), LFSPointer(oid: pointer.oid, size: 17)]
        for claim in claims {
            #expect(try await fixture.repositories.lfsLinks(to: [claim], of: repository).isEmpty)
        }
        let links = try await fixture.repositories.lfsLinks(to: [pointer], of: repository)
        #expect(links[pointer.oid]?.pointer == pointer)
        fixture.upstream.forgetCalls()
        _ = try await fixture.repositories.lfsLinks(to: [pointer], of: repository)
        #expect(fixture.upstream.calls.isEmpty)
    }

    @Test("one unknown object of a batch does not keep the known ones back when the upstream is silent")
    func batchWhileSilent() async throws {
        let fixture = try await fixture()
        let known = LFSPointer(oid: BlobID(hashing: Self.content), size: Int64(Self.content.count))
        fixture.upstream.fallSilent()
        let links = try await fixture.repositories.lfsLinks(to: [known, Sample.pointer()], of: fixture.open())
        #expect(Array(links.keys) == [known.oid])
    }
}
