import Foundation
import Testing

@testable import HubCore

@Suite("Uploads into a repository")
struct UploadServiceTests {
    private let fixture: HubFixture
    private let repository: Repository
    private var uploads: UploadService { fixture.hub.uploads }

    init() async throws {
        fixture = try await HubFixture()
        let owner = try await fixture.principal("acme")
        try await fixture.create("model:acme/demo")
        try await fixture.create("model:acme/other")
        repository = try await fixture.authorizer.open(owner, .contentWrite, HubFixture.id("model:acme/demo"))
    }

    private func other() async throws -> Repository {
        try await fixture.authorizer.open(repository.principal, .contentWrite, HubFixture.id("model:acme/other"))
    }

    private func body(_ pieces: [UInt8]..., failing error: HubError? = nil) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { stream in
            for piece in pieces { stream.yield(piece) }
            stream.finish(throwing: error)
        }
    }

    private func pointer(_ bytes: [UInt8]) -> LFSPointer {
        LFSPointer(oid: BlobID(hashing: bytes), size: Int64(bytes.count))
    }

    private func isMissing(_ pointer: LFSPointer, in repository: Repository) async throws -> Bool {
        guard case .bytes = try await uploads.needs([pointer], of: repository)[pointer] else { return false }
        return true
    }

    private var staged: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: fixture.hub.directory.blobs + "/uploads") }
    }

    @Test("S13, S25: an object is asked for until all of it came here, though another repository has it")
    func noShortcut() async throws {
        let bytes = Array("weights".utf8)
        let pointer = pointer(bytes)
        try await uploads.receive(pointer, of: try await other(), from: body(bytes))
        #expect(try await isMissing(pointer, in: repository))
        #expect(await hubError { try await uploads.verify(pointer, of: repository) }?.code == .blobNotFound)
        // Wrong bytes under the right name prove nothing.
        let lie = await hubError {
            try await uploads.receive(pointer, of: repository, from: body(Array("weighty".utf8)))
        }
        #expect(lie?.code == .unprocessable)
        #expect(try await isMissing(pointer, in: repository))
        try await uploads.receive(pointer, of: repository, from: body(bytes))
        try await uploads.verify(pointer, of: repository)
        #expect(try await !isMissing(pointer, in: repository))
        let entry = try #require(try await AuditLog(database: fixture.hub.database).records(limit: 1).first)
        #expect(entry.action == "lfs.upload" && entry.detail.contains(pointer.oid.hex) && entry.actor == "acme")
    }

    @Test("a blob that was lost is asked for again, and one with another size is refused")
    func lostAndMistaken() async throws {
        let bytes = Array("weights".utf8)
        let pointer = pointer(bytes)
        try await uploads.receive(pointer, of: repository, from: body(bytes))
        let mistaken = LFSPointer(oid: pointer.oid, size: 8)
        #expect(await hubError { try await uploads.verify(mistaken, of: repository) }?.code == .unprocessable)
        #expect(try await isMissing(mistaken, in: repository))
        try await fixture.hub.blobs.remove(pointer.oid)
        #expect(try await isMissing(pointer, in: repository))
    }

    @Test("S13: an object that came here can be committed, and one that only another repository has cannot")
    func committed() async throws {
        let (mine, theirs) = (Array("mine".utf8), Array("theirs".utf8))
        try await fixture.create("model:own/secret", .private)
        let own = try await fixture.authorizer.open(
            try await fixture.principal("own"), .contentWrite, HubFixture.id("model:own/secret"))
        try await uploads.receive(pointer(theirs), of: own, from: body(theirs))
        try await uploads.receive(pointer(mine), of: repository, from: body(mine))
        func commit(_ bytes: [UInt8]) async throws {
            let path = try #require(GitPath("model.bin"))
            let main = try #require(RefName.branch("main"))
            _ = try await fixture.repositories.commit(
                CommitDraft(
                    ref: main, operations: [.writeLarge(path: path, oid: BlobID(hashing: bytes), size: nil)],
                    summary: "Add"), to: repository)
        }
        #expect(await hubError { try await commit(theirs) }?.code == .badRequest)
        try await commit(mine)
        #expect(try await fixture.tree("model:acme/demo").compactMap(\.lfs) == [pointer(mine)])
        // The commit gives the object its place, and it is still there.
        #expect(try await !isMissing(pointer(mine), in: repository))
    }

    @Test("what cannot fit on the disk is refused before it is sent")
    func tooLarge() async throws {
        let huge = LFSPointer(oid: BlobID(hashing: [1]), size: .max)
        guard case .refused(let error) = try await uploads.needs([huge], of: repository)[huge] else {
            Issue.record("it was invited")
            return
        }
        #expect(error.code == .storageFull && error.status == 507)
        #expect(await hubError { try await uploads.receive(huge, of: repository, from: body()) }?.code == .storageFull)
        let layout = try #require(PartLayout(size: .max, partSize: .max - 1))
        let part = await hubError {
            try await uploads.receive(part: 2, of: huge, cut: layout, of: repository, from: body([1]))
        }
        #expect(part?.code == .storageFull)
        #expect(try staged == [])
    }

    @Test("an empty object is there as soon as it is named")
    func empty() async throws {
        let empty = pointer([])
        #expect(try await !isMissing(empty, in: repository))
        try await uploads.verify(empty, of: repository)
        let wrong = LFSPointer(oid: BlobID(hashing: [1]), size: 0)
        #expect(try await isMissing(wrong, in: repository))
    }

    @Test("an upload that broke goes on where it broke, and ends verified")
    func resume() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let pointer = pointer(bytes)
        let cut = HubError(.badRequest, "cut")
        let broken = await hubError {
            _ = try await uploads.append(
                to: pointer, at: 0, of: repository, from: body(Array(bytes[..<1_500_000]), failing: cut))
        }
        #expect(broken == cut)
        #expect(try await uploads.offset(of: pointer, in: repository) == 1_500_000)
        // Others neither see nor continue it.
        #expect(try await uploads.offset(of: pointer, in: try await other()) == 0)
        for wrong in [0, 1_499_999, 1_500_001, 2_999_999, 3_000_000, -1] as [Int64] {
            let error = await hubError {
                _ = try await uploads.append(to: pointer, at: wrong, of: repository, from: body([1]))
            }
            #expect(error?.code == .conflict, "at \(wrong)")
        }
        #expect(
            try await uploads.append(
                to: pointer, at: 1_500_000, of: repository, from: body(Array(bytes[1_500_000..<2_000_000])))
                == 2_000_000)
        #expect(try await isMissing(pointer, in: repository))
        let end = try await uploads.append(
            to: pointer, at: 2_000_000, of: repository, from: body(Array(bytes[2_000_000...])))
        #expect(end == 3_000_000)
        #expect(try await uploads.offset(of: pointer, in: repository) == 3_000_000)
        try await uploads.verify(pointer, of: repository)
        #expect(try staged == [])
    }

    @Test("a resumed upload with wrong bytes is thrown away whole, and can begin again")
    func resumedLie() async throws {
        let bytes = Array("0123456789".utf8)
        let pointer = pointer(bytes)
        _ = try await uploads.append(to: pointer, at: 0, of: repository, from: body(Array("01234".utf8)))
        let lie = await hubError {
            _ = try await uploads.append(to: pointer, at: 5, of: repository, from: body(Array("56780".utf8)))
        }
        #expect(lie?.code == .unprocessable)
        #expect(try await uploads.offset(of: pointer, in: repository) == 0)
        let tooMany = await hubError {
            _ = try await uploads.append(to: pointer, at: 0, of: repository, from: body(bytes, [1]))
        }
        #expect(tooMany?.code == .unprocessable)
        // All bytes came with one too many: the last is wanted once more.
        #expect(try await uploads.offset(of: pointer, in: repository) == 9)
        #expect(try await uploads.append(to: pointer, at: 9, of: repository, from: body([bytes[9]])) == 10)
        try await uploads.verify(pointer, of: repository)
    }

    @Test("parts come in any order and again, and make the object once all are there")
    func parts() async throws {
        let bytes = (0..<25).map { UInt8($0) }
        let pointer = pointer(bytes)
        let layout = try #require(PartLayout(size: 25, partSize: 10))
        func send(_ number: Int, _ part: [UInt8]) async throws {
            try await uploads.receive(part: number, of: pointer, cut: layout, of: repository, from: body(part))
        }
        func complete(_ numbers: [Int] = [1, 2, 3]) async throws {
            try await uploads.complete(pointer, cut: layout, parts: numbers, of: repository)
        }
        #expect(await hubError { try await complete() }?.code == .unprocessable)
        try await send(3, Array(bytes[20...]))
        try await send(1, Array(repeating: 9, count: 10))
        for (number, part) in [(1, [UInt8](repeating: 1, count: 9)), (1, Array(bytes[..<11])), (4, [1]), (0, [1])] {
            #expect(await hubError { try await send(number, part) }?.code == .unprocessable, "part \(number)")
        }
        try await send(2, Array(bytes[10..<20]))
        try await send(1, Array(bytes[..<10]))
        for numbers in [[1, 2], [1, 2, 2], [1, 2, 3, 3], [], [0, 1, 2]] {
            #expect(await hubError { try await complete(numbers) }?.code == .unprocessable, "\(numbers)")
        }
        try await complete([3, 1, 2])
        try await complete()
        try await uploads.verify(pointer, of: repository)
        #expect(try staged == [])
    }

    @Test("parts that are not the object make nothing, and are thrown away")
    func wrongParts() async throws {
        let pointer = pointer(Array("0123456789".utf8))
        let layout = try #require(PartLayout(size: 10, partSize: 5))
        for (number, part) in [(1, "01234"), (2, "99999")] {
            _ = try await uploads.receive(
                part: number, of: pointer, cut: layout, of: repository, from: body(Array(part.utf8)))
        }
        let error = await hubError {
            try await uploads.complete(pointer, cut: layout, parts: [1, 2], of: repository)
        }
        #expect(error?.code == .unprocessable)
        #expect(try await isMissing(pointer, in: repository))
        #expect(try await fixture.hub.blobs.size(of: pointer.oid) == nil)
        #expect(try staged == [])
    }

    @Test("an upload that nobody goes on with is reaped, and one that is being written is not")
    func reaping() async throws {
        let pointer = pointer(Array("0123456789".utf8))
        _ = try await uploads.append(to: pointer, at: 0, of: repository, from: body(Array("01234".utf8)))
        #expect(try await fixture.hub.blobs.reapIncoming(olderThan: .seconds(60)) == 0)
        let writer = try #require(
            try BlobFile.openOrCreate(
                at: fixture.hub.blobs.directory.uploadPath(UploadSession(pointer, into: repository))))
        #expect(try await fixture.hub.blobs.reapIncoming(olderThan: .seconds(-60)) == 0)
        withExtendedLifetime(writer) {}
        let busy = await hubError {
            _ = try await uploads.append(to: pointer, at: 5, of: repository, from: body([1]))
        }
        _ = consume writer
        #expect(busy?.status == 503)
        #expect(try await fixture.hub.blobs.reapIncoming(olderThan: .seconds(-60)) == 1)
        #expect(try await uploads.offset(of: pointer, in: repository) == 0)
    }

    @Test("S19: nothing goes into a mirror, into a repository that was opened to read, or into one that was removed")
    func wrongRepositories() async throws {
        let bytes = Array("weights".utf8)
        let pointer = pointer(bytes)
        let reading = try await fixture.authorizer.open(repository.principal, .contentRead, repository.id)
        for attempt in [
            { _ = try await uploads.needs([pointer], of: reading) },
            { try await uploads.receive(pointer, of: reading, from: body(bytes)) },
            { _ = try await uploads.append(to: pointer, at: 0, of: reading, from: body(bytes)) },
        ] {
            #expect(await hubError(attempt)?.code == .internalError)
        }
        let name = try HubFixture.id("model:above/mirrored")
        _ = try await fixture.hub.store.registerMirror(
            name, of: Repository.Mirror(mirror: "test", upstream: "above", path: "above/mirrored"), visibility: .public,
            defaultBranch: "main")
        // Whoever holds the data directory is let in for anything: the store refuses all the same.
        let mirror = try await fixture.authorizer.openAsOperator(.contentWrite, name)
        let uploaded = await hubError { try await uploads.receive(pointer, of: mirror, from: body(bytes)) }
        #expect(uploaded?.code == .internalError)
        #expect(throws: HubError.self) { try fixture.repositories.requireWrite(mirror) }
        try await fixture.repositories.delete(fixture.authorizer.openAsOperator(.delete, repository.id))
        let gone = await hubError { try await uploads.receive(pointer, of: repository, from: body(bytes)) }
        #expect(gone?.code == .repositoryNotFound)
    }
}
