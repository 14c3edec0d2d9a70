import Foundation
import Testing

@testable import HubCore

@Suite("Serving fetches")
struct UploadPackTests {
    private struct Stop: Error {}

    private func served(_ fixture: GitFixture, size: Int = 10) async throws -> (commit: CommitID, tag: ObjectID) {
        let work = try fixture.workspace()
        try work.write("a", "1")
        try work.commit("one")
        // Content that does not compress, so that the answer is large.
        var state: UInt64 = 88172645463325252
        var text = ""
        while text.utf8.count < size {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            text += String(state, radix: 36)
        }
        try work.write("b", text)
        let commit = try work.commit("two")
        try work.git("tag", "-a", "-m", "v1", "v1")
        try await fixture.store.create(1)
        _ = try await fixture.store.intakePack(
            in: 1, keepMessage: "t", limits: PackLimits(),
            chunks: Chunks(bytes: try work.pack("main\nv1"), size: 1 << 16))
        let tag = try fixture.id(["rev-parse", "v1"], in: work.directory)
        try await fixture.store.publish(
            refs: [
                Ref(name: refName("refs/tags/v1"), target: tag), Ref(name: refName("refs/heads/main"), target: commit),
            ],
            head: refName("refs/heads/main"),
            hidden: [Ref(name: refName("refs/hub/keep/1"), target: commit)], in: 1)
        return (commit, tag)
    }

    private func answer(
        _ lines: [PktLine], version: String? = "version=2", in fixture: GitFixture
    ) async throws -> [UInt8] {
        var output: [UInt8] = []
        try await fixture.store.uploadPack(
            in: 1, protocolVersion: version, advertise: false, request: Chunks(bytes: lines.flatMap(\.encoded), size: 7)
        ) { output.append(contentsOf: $0) }
        return output
    }

    private func lines(_ bytes: [UInt8]) throws -> [PktLine] {
        var parser = PktLineParser()
        parser.append(bytes)
        var found: [PktLine] = []
        while let line = try parser.next() { found.append(line) }
        return found
    }

    @Test("published refs are git's, peeled, with hidden ones present and HEAD set")
    func published() async throws {
        let fixture = try GitFixture()
        let (commit, tag) = try await served(fixture)
        let packed = try String(contentsOfFile: fixture.store.directory(of: 1) + "/packed-refs", encoding: .utf8)
        #expect(
            packed
                == "# pack-refs with: peeled fully-peeled sorted \n\(commit) refs/heads/main\n\(commit) refs/hub/keep/1\n"
                + "\(tag) refs/tags/v1\n^\(commit)\n")
        #expect(try fixture.text([fixture.gitDirectory(1), "symbolic-ref", "HEAD"]) == "refs/heads/main")
        #expect(try fixture.complaints(1) == "")
        try await fixture.store.publish(refs: [], head: nil, hidden: [], in: 1)
        #expect(try fixture.text([fixture.gitDirectory(1), "for-each-ref"]) == "")
        await #expect(throws: HubError.self) {
            try await fixture.store.publish(
                refs: [Ref(name: refName("refs/hub/x"), target: commit)], head: nil, hidden: [], in: 1)
        }
    }

    @Test("the advertisement offers version 2 to whom it asks, and refs to the others")
    func advertisement() async throws {
        let fixture = try GitFixture()
        let (commit, _) = try await served(fixture)
        var output: [UInt8] = []
        try await fixture.store.advertiseUploadPack(in: 1, protocolVersion: "version=2") {
            output.append(contentsOf: $0)
        }
        let capabilities = try lines(output).compactMap(\.text)
        #expect(capabilities.first == "version 2")
        #expect(capabilities.contains { $0.hasPrefix("fetch=") && $0.contains("filter") && $0.contains("shallow") })
        output = []
        try await fixture.store.advertiseUploadPack(in: 1, protocolVersion: "evil\nvalue") {
            output.append(contentsOf: $0)
        }
        let refs = try lines(output).compactMap(\.text)
        #expect(refs.contains("\(commit) refs/heads/main"))
        #expect(!refs.contains { $0.contains("refs/hub") })
    }

    @Test("S34: ls-refs lists what is published, and never what is hidden")
    func listRefs() async throws {
        let fixture = try GitFixture()
        let (commit, tag) = try await served(fixture)
        let output = try await answer(
            [.text("command=ls-refs"), .delimiter, .text("peel"), .text("symrefs"), .flush], in: fixture)
        #expect(
            try lines(output) == [
                .text("\(commit) HEAD symref-target:refs/heads/main"), .text("\(commit) refs/heads/main"),
                .text("\(tag) refs/tags/v1 peeled:\(commit)"), .flush,
            ])
    }

    @Test("S34: what a refused push brought is not stored, and what an accepted one brought is")
    func refusedPush() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        try work.write("secret", "of a push that was refused")
        let commit = try work.commit("refused")
        try await fixture.store.create(1)
        let pack = try work.pack("main")
        for isAdmitted in [false, true] {
            try await fixture.store.receive(in: 1, limits: PackLimits(), pack: Chunks(bytes: pack, size: 1 << 16)) {
                _, _ in ((), isAdmitted)
            }
            #expect(try await fixture.store.contains(commit, in: 1) == isAdmitted)
        }
    }

    @Test("a fetch gives a pack with what was wanted, whole even for a slow reader")
    func fetch() async throws {
        let fixture = try GitFixture()
        let (commit, _) = try await served(fixture, size: 3 << 20)
        var bytes: [UInt8] = []
        let request: [PktLine] = [
            .text("command=fetch"), .delimiter, .text("ofs-delta"), .text("no-progress"), .text("want \(commit)"),
            .text("done"), .flush,
        ]
        try await fixture.store.uploadPack(
            in: 1, protocolVersion: "version=2", advertise: false, request: Chunks(bytes: request.flatMap(\.encoded))
        ) { chunk in
            bytes.append(contentsOf: chunk)
            for _ in 0..<20 { await Task.yield() }
        }
        let pack = try lines(bytes).flatMap { line -> [UInt8] in
            guard case .data(let payload) = line, case .pack(let part) = SideBand(payload) else { return [] }
            return Array(part)
        }
        try await fixture.store.create(2)
        let result = try await fixture.store.intakePack(
            in: 2, keepMessage: "t", limits: PackLimits(), chunks: Chunks(bytes: pack, size: 1 << 16))
        #expect(result.objectCount == 6)
        #expect(try await fixture.store.history(from: commit, in: 2, path: nil, skip: 0, limit: 9).count == 2)
    }

    @Test("S32: filters and shallow fetches work; filters that cost a walk are refused")
    func filters() async throws {
        let fixture = try GitFixture()
        let (commit, _) = try await served(fixture)
        func fetch(_ extra: String...) async throws -> [UInt8] {
            try await answer(
                [.text("command=fetch"), .delimiter, .text("want \(commit)")] + extra.map(PktLine.text)
                    + [.text("done"), .flush], in: fixture)
        }
        let shallow = try lines(try await fetch("deepen 1"))
        #expect(shallow.prefix(2).map(\.text) == ["shallow-info", "shallow \(commit)"])
        #expect(try lines(try await fetch("filter blob:none")).contains(.text("packfile")))
        let refused = try await fetch("filter sparse:oid=\(commit)")
        #expect(String(decoding: refused, as: UTF8.self).contains("ERR"))
    }

    @Test("a want that is not stored is answered with git's own error")
    func unknownWant() async throws {
        let fixture = try GitFixture()
        _ = try await served(fixture)
        let output = try await answer(
            [.text("command=fetch"), .delimiter, .text("want \(ObjectID.blob(of: [9]))"), .text("done"), .flush],
            in: fixture)
        #expect(String(decoding: output, as: UTF8.self).contains("ERR upload-pack: not our ref"))
    }

    @Test("when the reader goes, git goes too and the error is the reader's")
    func readerGone() async throws {
        let fixture = try GitFixture()
        let (commit, _) = try await served(fixture, size: 3 << 20)
        let request: [PktLine] = [
            .text("command=fetch"), .delimiter, .text("want \(commit)"), .text("done"), .flush,
        ]
        var count = 0
        await #expect(throws: Stop.self) {
            try await fixture.store.uploadPack(
                in: 1, protocolVersion: "version=2", advertise: false,
                request: Chunks(bytes: request.flatMap(\.encoded))
            ) { _ in
                count += 1
                if count == 3 { throw Stop() }
            }
        }
        #expect(count == 3)
        #expect(try children(of: fixture) == [])
    }

    @Test("a request that fails midway kills git")
    func requestFails() async throws {
        let fixture = try GitFixture()
        _ = try await served(fixture)
        await #expect(throws: Stop.self) {
            try await fixture.store.uploadPack(
                in: 1, protocolVersion: "version=2", advertise: false,
                request: Chunks(bytes: Array("0014command=".utf8), failure: Stop())
            ) { _ in }
        }
        #expect(try children(of: fixture) == [])
    }

    @Test("version 0 is answered, and a real clone of the folder is whole")
    func protocolZero() async throws {
        let fixture = try GitFixture()
        let (commit, _) = try await served(fixture)
        let output = try await answer(
            [.text("want \(commit) side-band-64k ofs-delta"), .flush, .text("done")], version: nil, in: fixture)
        #expect(String(decoding: output.prefix(8), as: UTF8.self) == "0008NAK\n")
        try fixture.git(["clone", "-q", fixture.store.directory(of: 1), "clone"])
        #expect(try fixture.id(["rev-parse", "HEAD"], in: fixture.folder + "/clone") == commit)
    }

    @Test("S32: fetches beyond the limit wait, and beyond the queue are refused with a time to retry")
    func admission() async throws {
        let fixture = try GitFixture(transferLimit: 1, transferQueueLimit: 1)
        _ = try await served(fixture)
        let (requests, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let (started, starting) = AsyncStream<Void>.makeStream()
        let store = fixture.store
        let first = Task {
            try await store.uploadPack(
                in: 1, protocolVersion: "version=2", advertise: false,
                request: Signalling(base: requests, begun: starting)
            ) { _ in }
        }
        for await _ in started { break }
        let (queued, queueing) = AsyncStream<Void>.makeStream()
        let second = Task {
            queueing.yield()
            try await store.advertiseUploadPack(in: 1, protocolVersion: nil) { _ in }
        }
        for await _ in queued { break }
        // The second may not have reached the queue yet: whichever comes second to it is refused.
        let third = Task { try await store.advertiseUploadPack(in: 1, protocolVersion: nil) { _ in } }
        let refused: HubError? = await withTaskGroup(of: HubError?.self) { group in
            for task in [second, third] {
                group.addTask {
                    do {
                        try await task.value
                        return nil
                    } catch { return error as? HubError }
                }
            }
            let error = await group.next() ?? nil
            continuation.yield(Array("0000".utf8))
            continuation.finish()
            let other = await group.next() ?? nil
            #expect(other == nil)
            return error
        }
        _ = try await first.value
        #expect(refused?.code == .tooManyRequests)
        #expect(refused?.status == 503)
        #expect(refused?.retryAfter != nil)
    }

    /// Git processes that serve the fixture's repositories.
    private func children(of fixture: GitFixture) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
            guard entry.allSatisfy(\.isNumber),
                let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline")
            else { return false }
            return String(decoding: line, as: UTF8.self).contains(fixture.store.directory(of: 1))
        }
    }
}

/// Tells when reading begins.
private struct Signalling<Base: AsyncSequence<[UInt8], any Error> & Sendable>: AsyncSequence, Sendable {
    struct AsyncIterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        let begun: AsyncStream<Void>.Continuation

        mutating func next() async throws -> [UInt8]? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            begun.yield()
            return try await base.next(isolation: actor)
        }
    }

    let base: Base
    let begun: AsyncStream<Void>.Continuation

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator(), begun: begun) }
}
