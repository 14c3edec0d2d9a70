import Foundation
import Testing

@testable import HubCore

@Suite("Uploads by Xet")
struct XetServiceTests {
    /// A hub with a storage, and a repository opened for writing.
    private struct World {
        let fixture: HubFixture
        let root: String
        let service: XetService
        let ada: Repository

        init() async throws {
            fixture = try await HubFixture()
            root = fixture.hub.directory.xet
            service = try Self.service(fixture, root)
            try await fixture.create("model:ada/one", .private)
            ada = try await Self.open("model:ada/one", as: "ada", in: fixture)
        }

        static func service(_ fixture: HubFixture, _ root: String) throws -> XetService {
            XetService(
                xorbs: try XorbStore(root: root, threads: 2), store: fixture.hub.store, blobs: fixture.hub.blobs)
        }

        static func open(_ id: String, as name: String, in fixture: HubFixture) async throws -> Repository {
            try await fixture.authorizer.open(
                try await fixture.principal(name), .contentWrite, try HubFixture.id(id))
        }

        func repository(_ id: String, as name: String, _ visibility: Repository.Visibility = .private) async throws
            -> Repository
        {
            try await fixture.create(id, visibility)
            return try await Self.open(id, as: name, in: fixture)
        }

        @discardableResult
        func upload(_ xorb: [UInt8], as name: XetHash? = nil, to repository: Repository? = nil) async throws -> Bool {
            let name = try name ?? XetShardWriter.index(of: xorb).hash
            return try await service.receiveXorb(name, from: XetServiceTests.body(xorb), for: repository ?? ada)
        }

        @discardableResult
        func intake(_ shard: [UInt8], to repository: Repository? = nil) async throws -> Bool {
            let repository = repository ?? ada
            let read = try await service.readShard(from: XetServiceTests.body(shard), for: repository)
            return try await service.receive(read, for: repository)
        }

        func isLinked(_ blob: BlobID, to repository: Repository? = nil) async throws -> Bool {
            try await fixture.hub.store.links(to: [blob], of: (repository ?? ada).key)[blob] != nil
        }

        func bytes(of blob: BlobID) async throws -> [UInt8]? {
            guard let reader = try await fixture.hub.blobs.open(blob) else { return nil }
            return try reader.file.read(at: 0, count: Int(reader.size))
        }

        func files(in folder: String) -> [String] {
            (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
        }

        func path(of xorb: XetHash) -> String {
            "\(root)/xorbs/\(xorb.text.prefix(2))/\(xorb.text.dropFirst(2).prefix(2))/\(xorb.text)"
        }
    }

    private static func body(_ bytes: [UInt8], pieces: Int = 700) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { stream in
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                stream.yield(Array(bytes[start..<min(start + pieces, bytes.count)]))
            }
            stream.finish()
        }
    }

    private static let chunks = (1...5).map { number in (0..<9_000).map { UInt8(truncatingIfNeeded: $0 * number) } }

    @Test("what a client sends becomes blobs of the repository, with its own bytes, ready to be committed")
    func recorded() async throws {
        let world = try await World()
        #expect(try await world.upload(try XetFixtures.bytes("mixed.xorb")))
        #expect(try await world.intake(try XetFixtures.bytes("mixed.shard")))
        let text = try XetFixtures.bytes("text.bin")
        #expect(try await world.bytes(of: BlobID(hashing: text)) == text)
        #expect(try await world.isLinked(BlobID(hashing: text)))

        try await world.upload(try XetFixtures.bytes("floats.xorb"))
        try await world.intake(try XetFixtures.bytes("floats.shard"))
        let floats = try XetFixtures.bytes("floats.bin")
        #expect(try await world.bytes(of: BlobID(hashing: floats)) == floats)

        let draft = CommitDraft(
            ref: try #require(RefName.branch("main")),
            operations: [
                .writeLarge(
                    path: try #require(GitPath("text.bin")), oid: BlobID(hashing: text), size: Int64(text.count))
            ], summary: "Add")
        let outcome = try await world.fixture.repositories.commit(draft, to: world.ada)
        #expect(!outcome.isUnchanged)
    }

    @Test("the same shard again is recognized, also by another repository of its author, without the xorb")
    func again() async throws {
        let world = try await World()
        let shard = try XetFixtures.bytes("mixed.shard")
        try await world.upload(try XetFixtures.bytes("mixed.xorb"))
        #expect(try await world.upload(try XetFixtures.bytes("mixed.xorb")) == false)
        #expect(try await world.intake(shard))
        #expect(try await world.intake(shard) == false)
        let other = try await world.repository("dataset:ada/two", as: "ada")
        #expect(try await world.intake(shard, to: other))
        #expect(try await world.isLinked(BlobID(hashing: try XetFixtures.bytes("text.bin")), to: other))
        #expect(world.files(in: "incoming").isEmpty)
    }

    @Test("a xorb with another name, a cut one and one that is none are refused, and leave nothing")
    func wrongXorb() async throws {
        let world = try await World()
        let xorb = try XetFixtures.bytes("mixed.xorb")
        let wrong = try XetShardWriter.index(of: try XetFixtures.bytes("floats.xorb")).hash
        let right = try XetShardWriter.index(of: xorb).hash
        #expect(await hubError { try await world.upload(xorb, as: wrong) }?.code == .unprocessable)
        #expect(await hubError { try await world.upload(xorb.dropLast(), as: right) }?.code == .badRequest)
        #expect(await hubError { try await world.upload(Array("no xorb at all".utf8), as: right) }?.status == 400)
        #expect(await hubError { try await world.upload([], as: right) }?.status == 400)
        #expect(world.files(in: "incoming").isEmpty)
        #expect(!FileManager.default.fileExists(atPath: world.path(of: right)))
        #expect(!FileManager.default.fileExists(atPath: world.path(of: wrong)))
    }

    @Test("a footer that an older client appends is not kept")
    func footer() async throws {
        let world = try await World()
        let xorb = XetFixtures.xorb(Self.chunks)
        let index = try XetShardWriter.index(of: xorb)
        try await world.upload(xorb + XetFixtures.footer(of: index), as: index.hash)
        let stored = try #require(try await world.service.xorbs.open(index.hash))
        #expect(stored.index == index)
        #expect(stored.file.size == Int64(xorb.count + 5 * 40 + 16))
    }

    @Test("a shard that names a xorb nobody sent is refused, and the storage stays what it was")
    func missingXorb() async throws {
        let world = try await World()
        let generation = world.service.generation
        let error = await hubError { try await world.intake(try XetFixtures.bytes("mixed.shard")) }
        #expect(error?.code == .badRequest)
        #expect(error?.message.contains("not stored here") == true)
        #expect(world.service.generation == generation)
    }

    @Test("a xorb's name alone opens nothing: without its verification hash a shard is refused")
    func unproved() async throws {
        let world = try await World()
        let xorb = XetFixtures.xorb(Self.chunks)
        let index = try XetShardWriter.index(of: xorb)
        let secret = BlobID(hashing: Self.chunks.flatMap(\.self))
        try await world.upload(xorb)
        let foreign = try await world.repository("model:mallory/m", as: "mallory")
        for repository in [foreign, world.ada] {
            let shard = XetShardWriter.shard(of: [
                XetShardWriter.file(of: index, isProved: false, sha256: secret)
            ])
            let error = await hubError { try await world.intake(shard, to: repository) }
            #expect(error?.code == .unprocessable)
            #expect(try await !world.isLinked(secret, to: repository))
        }
        // Who knows the chunks has the content: a client's memory of another run.
        let proved = XetShardWriter.shard(of: [XetShardWriter.file(of: index, sha256: secret)])
        #expect(try await world.intake(proved, to: foreign))
        #expect(try await world.bytes(of: secret) == Self.chunks.flatMap(\.self))
    }

    @Test("the name of a xorb of one chunk proves nothing: only who may see an upload of it can use it")
    func singleChunk() async throws {
        let world = try await World()
        let xorb = XetFixtures.xorb([Self.chunks[0]])
        let index = try XetShardWriter.index(of: xorb)
        let secret = BlobID(hashing: Self.chunks[0])
        try await world.upload(xorb)
        let shard = XetShardWriter.shard(of: [XetShardWriter.file(of: index, sha256: secret)])
        let foreign = try await world.repository("model:mallory/m", as: "mallory", .public)
        let error = await hubError { try await world.intake(shard, to: foreign) }
        #expect(error?.code == .badRequest)
        #expect(try await !world.isLinked(secret, to: foreign))
        // Its own author may, from another repository; and who sends it himself.
        let second = try await world.repository("model:ada/two", as: "ada")
        #expect(try await world.intake(shard, to: second))
        #expect(try await world.upload(xorb, to: foreign))
        #expect(try await world.intake(shard, to: foreign))
    }

    @Test("who sent a xorb of one chunk may use it after the repository it was sent to is gone, and nobody else may")
    func singleChunkOutlivesItsRepository() async throws {
        let world = try await World()
        let xorb = XetFixtures.xorb([Self.chunks[0]])
        let index = try XetShardWriter.index(of: xorb)
        let shard = XetShardWriter.shard(of: [
            XetShardWriter.file(of: index, sha256: BlobID(hashing: Self.chunks[0]))
        ])
        try await world.upload(xorb)
        try await world.fixture.repositories.delete(
            try await world.fixture.authorizer.open(
                try await world.fixture.principal("ada"), .delete, try HubFixture.id("model:ada/one")))
        // Clients remember what they sent, and send the shard alone.
        let second = try await world.repository("model:ada/two", as: "ada")
        #expect(try await world.intake(shard, to: second))
        let foreign = try await world.repository("model:mallory/m", as: "mallory", .public)
        #expect(await hubError { try await world.intake(shard, to: foreign) }?.code == .badRequest)
    }

    @Test("a shard that lies about the SHA-256 of its file is refused, at first and when the file is known")
    func wrongDigest() async throws {
        let world = try await World()
        let xorb = XetFixtures.xorb(Self.chunks)
        let index = try XetShardWriter.index(of: xorb)
        let lie = BlobID(hashing: [1, 2, 3])
        try await world.upload(xorb)
        let lying = XetShardWriter.shard(of: [XetShardWriter.file(of: index, sha256: lie)])
        #expect(await hubError { try await world.intake(lying) }?.code == .unprocessable)
        // Without one, the hub finds out.
        #expect(try await world.intake(XetShardWriter.shard(of: [XetShardWriter.file(of: index, sha256: nil)])))
        #expect(try await world.isLinked(BlobID(hashing: Self.chunks.flatMap(\.self))))
        #expect(await hubError { try await world.intake(lying) }?.code == .unprocessable)
        #expect(try await !world.isLinked(lie))
    }

    @Test("a lost or damaged xorb begins a new generation, which outlives a restart")
    func lost() async throws {
        let world = try await World()
        let xorb = XetFixtures.xorb(Self.chunks)
        let index = try XetShardWriter.index(of: xorb)
        let shard = XetShardWriter.shard(of: [XetShardWriter.file(of: index, sha256: nil)])
        var generations = [world.service.generation]
        try await world.upload(xorb)
        try FileManager.default.removeItem(atPath: world.path(of: index.hash))
        #expect(await hubError { try await world.intake(shard) }?.code == .badRequest)
        generations.append(world.service.generation)
        #expect(await hubError { try await world.intake(shard) }?.code == .badRequest)
        #expect(world.service.generation == generations[1], "what was forgotten is lost once")

        try await world.upload(xorb)
        let file = try #require(FileHandle(forUpdatingAtPath: try Self.writable(world.path(of: index.hash))))
        try file.seek(toOffset: 5_000)
        try file.write(contentsOf: Data([0, 1, 2, 3, 4, 5, 6, 7]))
        try file.close()
        #expect(await hubError { try await world.intake(shard) }?.code == .storageCorrupt)
        generations.append(world.service.generation)
        #expect(Set(generations).count == 3)
        #expect(try World.service(world.fixture, world.root).generation == generations[2])

        try await world.upload(xorb)
        #expect(try await world.intake(shard))
    }

    private static func writable(_ path: String) throws -> String {
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    @Test("an upload that was cut by a restart leaves nothing behind, and what was stored is there")
    func restart() async throws {
        let world = try await World()
        let xorb = try XetFixtures.bytes("mixed.xorb")
        try await world.upload(xorb)
        try Data([1, 2, 3]).write(to: URL(filePath: "\(world.root)/incoming/left-behind"))
        let reopened = try World.service(world.fixture, world.root)
        #expect(world.files(in: "incoming").isEmpty)
        let read = try await reopened.readShard(
            from: Self.body(try XetFixtures.bytes("mixed.shard")), for: world.ada)
        #expect(try await reopened.receive(read, for: world.ada))
    }

    @Test("two that send the same at once both succeed")
    func atOnce() async throws {
        let world = try await World()
        let (xorb, shard) = (try XetFixtures.bytes("mixed.xorb"), try XetFixtures.bytes("mixed.shard"))
        let inserted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 { group.addTask { try await world.upload(xorb) } }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(inserted == 1)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 { group.addTask { try await world.intake(shard) } }
            try await group.waitForAll()
        }
        #expect(try await world.isLinked(BlobID(hashing: try XetFixtures.bytes("text.bin"))))
        #expect(world.files(in: "incoming").isEmpty)
    }

    @Test("a reader, and a repository that follows an upstream, cannot be uploaded to")
    func notForWriting() async throws {
        let world = try await World()
        let reader = try await world.fixture.authorizer.open(
            world.ada.principal, .contentRead, try HubFixture.id("model:ada/one"))
        let error = await hubError { try await world.upload(try XetFixtures.bytes("mixed.xorb"), to: reader) }
        #expect(error?.code == .internalError)
    }

    @Test("a file that came by Xet has the name its client gave it, another its digest, and a mirror's only the digest")
    func names() async throws {
        let world = try await World()
        let (xorb, shard) = (try XetFixtures.bytes("floats.xorb"), try XetFixtures.bytes("floats.shard"))
        try await world.upload(xorb)
        try await world.intake(shard)
        let (known, other) = (BlobID(hashing: try XetFixtures.bytes("floats.bin")), BlobID(hashing: [1, 2, 3]))
        let names = try await world.service.names(of: [known, other], in: world.ada)
        #expect(names[known] != XetSlices.fileName(of: known) && names[other]?.text == other.hex)
        #expect(try await world.service.blob(named: try #require(names[known])) == known)
        #expect(try await world.service.blob(named: try #require(names[other])) == other)
        #expect(try await world.service.blob(named: try #require(XetHash(known.hex))) == known)
    }
}
