import Foundation
import HTTPTypes
import HubCore
import Logging
import NIOCore
import Synchronization
import Testing

@testable import HubServer

@Suite("Xet's storage")
struct XetSurfaceTests {
    /// A xorb of two chunks, and the shard of a file that is all of it.
    private static let chunks = [[UInt8](repeating: 1, count: 9_000), [UInt8](repeating: 2, count: 300)]
    private static let content = chunks.flatMap(\.self)
    private static let xorb = chunks.flatMap { chunk in
        let length = [UInt8(chunk.count & 255), UInt8(chunk.count >> 8), 0]
        return [0] + length + [0] + length + chunk
    }

    private struct World {
        let hub: TestHub
        let folder: String
        let surface: XetSurface
        let service: XetService
        let signer: XetGrantSigner
        let owner: String
        let key: Int64
        /// Milliseconds that the signer's clock is ahead.
        let delay = Delay()

        final class Delay: Sendable {
            let milliseconds = Mutex<Int64>(0)
        }

        init() async throws {
            hub = try await TestHub()
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-xet-\(UUID().uuidString)").path
            service = XetService(
                xorbs: try XorbStore(root: folder, threads: 2), store: hub.store, blobs: hub.blobs)
            let delay = delay
            let clock = WallClock { TestHub.now + delay.milliseconds.withLock { $0 } }
            signer = XetGrantSigner(key: [UInt8](repeating: 7, count: 32), clock: clock)
            surface = XetSurface(
                service: service, signer: signer, identities: hub.identities, authorizer: hub.authorizer,
                repositories: hub.repositories, store: hub.store, clock: hub.clock)
            owner = try await hub.token(for: "ada")
            key = try await hub.create("model:ada/demo", visibility: .private)
        }

        func token(_ operation: String, _ caller: String? = nil) async throws -> (status: Int, text: String) {
            let answer = try await hub.ask(
                surface.tokenRoutes, .get, "/api/models/ada/demo/xet-\(operation)-token/main",
                token: caller ?? owner)
            return (answer.status, answer.headers["X-Xet-Access-Token"] ?? answer.text)
        }

        /// Asks the storage, below its generation's address.
        func ask(
            _ method: HTTPRequest.Method, _ path: String, token: String?, range: String? = nil, body: [UInt8] = []
        ) async throws -> (status: Int, bytes: [UInt8], headers: HTTPFields) {
            var headers: HTTPFields = [:]
            if let token { headers[.authorization] = "Bearer \(token)" }
            headers[.range] = range
            let request = try HubRequest(
                method: method, target: path.hasPrefix("/_cas/") ? path : "/_cas/\(service.generation)\(path)",
                headers: headers, body: RequestBody(ByteBuffer(bytes: body)), baseURL: "http://hub.test")
            let table = try RouteTable(surface.storageRoutes)
            let response = await RequestDispatcher(table: table, logger: Logger(label: "test")).respond(to: request)
            let whole = Mutex<[UInt8]>([])
            switch response.body {
            case .none: break
            case .bytes(let buffer): whole.withLock { $0 = Array(buffer.readableBytesView) }
            case .file: throw HubError(.internalError, "A file was not expected.")
            case .stream(_, let produce):
                try await produce(
                    BodyWriter { piece in whole.withLock { $0 += Array(piece.readableBytesView) } })
            }
            return (response.status, whole.withLock { $0 }, response.headers)
        }

        func upload() async throws -> XetHash {
            let token = try await token("write").text
            let name = try XetSurfaceTests.name()
            let sent = try await ask(.post, "/v1/xorbs/default/\(name)", token: token, body: XetSurfaceTests.xorb)
            #expect(sent.status == 200 && String(decoding: sent.bytes, as: UTF8.self) == #"{"was_inserted":true}"#)
            let shard = try await ask(.post, "/v1/shards", token: token, body: try XetSurfaceTests.shard())
            #expect(shard.status == 200 && String(decoding: shard.bytes, as: UTF8.self) == #"{"result":1}"#)
            return try XetSurfaceTests.fileHash()
        }
    }

    private static func index() throws -> XorbIndex {
        var reader = XorbReader()
        reader.append(xorb)
        return try reader.finish()
    }

    private static func name() throws -> XetHash { try index().hash }

    private static func fileHash() throws -> XetHash {
        var tree = XetMerkleTree()
        for chunk in try index().chunks { tree.append(chunk.hash, bytes: chunk.contentBytes) }
        return tree.fileHash
    }

    private static func shard() throws -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        let magic: [UInt8] = [
            0x55, 0x69, 0x67, 0x45, 0x6a, 0x7b, 0x81, 0x57, 0x83, 0xa5, 0xbd, 0xd9, 0x5c, 0xcd, 0xd1, 0x4a, 0xa9,
        ]
        let end = [UInt8](repeating: 0xFF, count: 32) + zeros(16)
        var bytes = Array("HFRepoMetaData\0".utf8) + magic + word(2) + zeros(12)
        bytes += try fileHash().bytes + word(3 << 30) + word(1) + zeros(8)
        bytes += try name().bytes + word(0) + word(UInt32(content.count)) + word(0) + word(2)
        bytes += XetHash(termOf: try index().chunks.map(\.hash)).bytes + zeros(16)
        let digest = try #require(XetHash(BlobID(hashing: content).hex))
        return bytes + digest.bytes + zeros(16) + end + end
    }

    @Test("a token comes in the body and in headers, for who may write, and for readers one to read")
    func tokens() async throws {
        let world = try await World()
        let answer = try await world.hub.ask(
            world.surface.tokenRoutes, .get, "/api/models/ada/demo/xet-write-token/refs%2Fpr%2F1", token: world.owner)
        #expect(answer.status == 200)
        #expect(answer.json["casUrl"] == .string("http://hub.test/_cas/\(world.service.generation)"))
        #expect(answer.json["exp"]?.integer == TestHub.now / 1_000 + XetGrantSigner.lifetime)
        #expect(answer.headers["X-Xet-Cas-Url"].map(JSONValue.string) == answer.json["casUrl"])
        #expect(answer.headers["X-Xet-Access-Token"].map(JSONValue.string) == answer.json["accessToken"])
        #expect(answer.headers["X-Xet-Token-Expiration"] == String(TestHub.now / 1_000 + XetGrantSigner.lifetime))

        let reader = try await world.hub.token(for: "ada", scope: .read)
        #expect(try await world.token("read", reader).status == 200)
        #expect(try await world.token("write", reader).status == 403)
        let other = try await world.hub.token(for: "bob")
        #expect(try await world.token("read", other).status == 404)
        #expect(try await world.token("write", other).status == 404)
    }

    /// What clients fetch for the content: a single chunk, stored as it is.
    private static let served = XorbChunkHeader.uncompressed(content.count) + content

    @Test("a file is uploaded, and read back through links for these bytes only", arguments: ["v1", "v2"])
    func upAndDown(version: String) async throws {
        let world = try await World()
        let hash = try await world.upload()
        #expect(try await world.hub.blobs.size(of: BlobID(hashing: Self.content)) == Int64(Self.content.count))

        let token = try await world.token("read").text
        let path = "/\(version)/reconstructions/\(hash)"
        let found = try await world.ask(.get, path, token: token, range: "bytes=3-99999")
        #expect(found.status == 200)
        let json = try #require(JSONText.decode(String(decoding: found.bytes, as: UTF8.self)))
        #expect(json["offset_into_first_range"]?.integer == 3)
        let term = try #require(json["terms"]?.elements.first)
        #expect(term["unpacked_length"]?.integer == Int64(Self.content.count))
        guard case .string(let name)? = term["hash"] else {
            Issue.record("There is no xorb.")
            return
        }
        let fetch = try #require(json[version == "v1" ? "fetch_info" : "xorbs"]?[name]?.elements.first)
        let bytes = version == "v1" ? fetch["url_range"] : fetch["ranges"]?.elements.first?["bytes"]
        #expect(bytes?["start"]?.integer == 0 && bytes?["end"]?.integer == Int64(Self.served.count - 1))
        guard case .string(let url)? = fetch["url"] else {
            Issue.record("There is no link.")
            return
        }
        let link = String(url.dropFirst("http://hub.test".count))
        for range in ["bytes=0-\(Self.served.count - 1)", nil] {
            let slice = try await world.ask(.get, link, token: nil, range: range)
            #expect(slice.status == 206 && slice.bytes == Self.served)
            #expect(slice.headers[.contentRange] == "bytes 0-\(Self.served.count - 1)/\(Self.served.count)")
        }
        #expect(try await world.ask(.get, link, token: nil, range: "bytes=10-19").status == 416)
        #expect(try await world.ask(.get, path, token: token, range: "bytes=99999-").status == 416)
        // The same file by the name that everybody knows.
        let digest = BlobID(hashing: Self.content).hex
        #expect(try await world.ask(.get, "/\(version)/reconstructions/\(digest)", token: token).status == 200)
        // A download goes on when the storage was replaced since it began.
        let generation = "/_cas/\(world.service.generation)"
        let older = link.replacing(generation, with: "/_cas/0000000000000000")
        #expect(older != link)
        #expect(try await world.ask(.get, older, token: nil).bytes == Self.served)
        #expect(try await world.ask(.get, "/_cas/0000000000000000\(path)", token: token).status == 200)
        // Links name their xorb, and expire.
        let other = link.replacing("/default/\(name)", with: "/default/\(hash)")
        #expect(try await world.ask(.get, other, token: nil).status == 404)
        world.delay.milliseconds.withLock { $0 = XetGrantSigner.lifetime * 1_000 }
        #expect(try await world.ask(.get, link, token: nil).status == 403)
        #expect(try await world.ask(.get, path, token: token).status == 401)
    }

    @Test("S13: a file is rebuilt for readers of a repository that has it, and of no other")
    func foreignFiles() async throws {
        let world = try await World()
        let hash = try await world.upload()
        let stranger = try await world.hub.token(for: "bob")
        try await world.hub.create("model:bob/demo")
        let answer = try await world.hub.ask(
            world.surface.tokenRoutes, .get, "/api/models/bob/demo/xet-read-token/main", token: stranger)
        let token = try #require(answer.headers["X-Xet-Access-Token"])
        for name in [hash.text, BlobID(hashing: Self.content).hex, String(repeating: "ab", count: 32)] {
            for version in ["v1", "v2"] {
                let path = "/\(version)/reconstructions/\(name)"
                #expect(try await world.ask(.get, path, token: token).status == 404)
            }
        }
    }

    @Test("no grant, one for another purpose, one that was changed and one that expired are 401")
    func badGrants() async throws {
        let world = try await World()
        let hash = try await world.upload()
        let (read, write) = (try await world.token("read").text, try await world.token("write").text)
        let name = try Self.name()
        let changed = write.replacing("ada/demo", with: "ada/other")
        let flipped = read.replacing(".r.", with: ".w.")
        for token in [nil, "", "x", world.owner, read, changed, flipped, write + "x", String(write.dropLast())] {
            let answer = try await world.ask(.post, "/v1/xorbs/default/\(name)", token: token, body: Self.xorb)
            #expect(answer.status == 401, "\(token ?? "none")")
            #expect(try await world.ask(.post, "/v1/shards", token: token, body: try Self.shard()).status == 401)
            #expect(try await world.ask(.post, "/v2/shards", token: token, body: try Self.shard()).status == 401)
        }
        for token in [nil, "x", flipped] {
            #expect(try await world.ask(.get, "/v1/reconstructions/\(hash)", token: token).status == 401)
        }
        // A bearer's token opens no xorb: only a link does.
        #expect(try await world.ask(.get, "/v1/xorbs/default/\(name)", token: write).status == 403)
        #expect(try await world.ask(.get, "/v1/xorbs/default/\(name)?grant=\(write)", token: nil).status == 403)

        world.delay.milliseconds.withLock { $0 = XetGrantSigner.lifetime * 1_000 }
        #expect(try await world.ask(.post, "/v1/shards", token: write, body: try Self.shard()).status == 401)
    }

    @Test("S5: a grant counts as long as its caller and its repository do")
    func callerIsAskedAgain() async throws {
        let world = try await World()
        let write = try await world.token("write").text
        let owner = try #require(try await world.hub.identities.principal(token: world.owner))
        let id = try #require(RepositoryID(parsing: "model:ada/demo"))
        let repository = try await world.hub.authorizer.open(owner, .delete, id)
        try await world.hub.repositories.delete(repository)
        try await world.hub.create("model:ada/demo")
        #expect(try await world.ask(.post, "/v1/shards", token: write, body: try Self.shard()).status == 401)

        // A token that nobody has any more.
        let ghost = XetGrant(
            operation: .write, repository: id, repositoryKey: 1, tokenID: 12_345, expiry: TestHub.now / 1_000 + 60)
        let token = world.signer.token(for: ghost)
        #expect(world.signer.grant(in: token) == ghost)
        #expect(try await world.ask(.post, "/v1/shards", token: token, body: try Self.shard()).status == 401)
    }

    @Test("wrong bytes are 400, an unknown storage 404, and what is not offered 404")
    func refusals() async throws {
        let world = try await World()
        let token = try await world.token("write").text
        let name = try Self.name()
        let other = String(repeating: "ab", count: 32)
        #expect(try await world.ask(.post, "/v1/xorbs/default/\(other)", token: token, body: Self.xorb).status == 400)
        #expect(try await world.ask(.post, "/v1/xorbs/default/nonsense", token: token, body: Self.xorb).status == 400)
        #expect(try await world.ask(.post, "/v1/shards", token: token, body: try Self.shard()).status == 400)
        let later = try await world.ask(.post, "/v2/shards", token: token, body: try Self.shard())
        #expect(later.status == 400)
        let gone = "/_cas/0000000000000000/v1/xorbs/default/\(name)"
        #expect(try await world.ask(.post, gone, token: token, body: Self.xorb).status == 404)
        #expect(try await world.ask(.get, "/v1/chunks/default/\(other)", token: token).status == 404)
        #expect(try await world.ask(.post, "/v1/xorb-grants/default/\(other)", token: token).status == 404)
        #expect(try await world.ask(.post, "/v1/telemetry", token: token).status == 200)
    }

    @Test("version 2 of a shard's answer ends with its result, or with its error")
    func lines() async throws {
        let world = try await World()
        let token = try await world.token("write").text
        _ = try await world.ask(.post, "/v1/xorbs/default/\(try Self.name())", token: token, body: Self.xorb)
        let answer = try await world.ask(.post, "/v2/shards", token: token, body: try Self.shard())
        #expect(answer.status == 200 && answer.headers[.contentType] == "application/x-ndjson")
        #expect(String(decoding: answer.bytes, as: UTF8.self).hasSuffix("{\"type\":\"result\",\"result\":1}\n"))
        var lying = try Self.shard()
        // The first byte of the SHA-256.
        lying[48 + 3 * 48] ^= 1
        let refused = try await world.ask(.post, "/v2/shards", token: token, body: lying)
        let text = String(decoding: refused.bytes, as: UTF8.self)
        #expect(text.contains("\"type\":\"error\"") && text.contains("\"retryable\":false"))
    }

    @Test("a large file above the threshold is offered by Xet, however it came, and named for copying below it")
    func offered() async throws {
        let world = try await World()
        let hash = try await world.upload()
        let pointer = LFSPointer(oid: BlobID(hashing: Self.content), size: Int64(Self.content.count))
        let lfs = [UInt8](repeating: 3, count: 9_999)
        let commit = try await world.hub.commit(
            [
                "big.bin": .pointer(pointer), "other.bin": .lfs(lfs),
                "small.txt": .git(String(repeating: "x", count: 9_999)),
            ],
            to: world.key)
        func ask(
            _ method: HTTPRequest.Method, _ path: String, above threshold: Int64, body: String = ""
        ) async throws -> TestHub.Answer {
            let surface = HuggingFaceSurface(
                authorizer: world.hub.authorizer, repositories: world.hub.repositories, store: world.hub.store,
                entries: SpaceEntries(store: world.hub.store, key: Array(repeating: 7, count: 32)),
                xet: XetAdvertisement(service: world.service, threshold: threshold), clock: world.hub.clock)
            return try await world.hub.ask(surface.routes, method, path, token: world.owner, body: body)
        }
        let names = ["big.bin": hash.text, "other.bin": BlobID(hashing: lfs).hex, "small.txt": nil]
        for threshold: Int64 in [9_000, 9_500, 10_000] {
            let tree = try await ask(.get, "/api/models/ada/demo/tree/main", above: threshold)
            let copies = try await ask(
                .post, "/api/models/ada/demo/paths-info/main", above: threshold,
                body: "paths=big.bin&paths=other.bin&paths=small.txt")
            for (file, name) in names {
                let isOffered = name != nil && threshold < (file == "big.bin" ? 9_300 : 9_999)
                let head = try await ask(.head, "/ada/demo/resolve/main/\(file)", above: threshold)
                #expect(head.status == 200 && head.headers["X-Xet-Hash"] == (isOffered ? name : nil))
                let route = "http://hub.test/api/models/ada/demo/xet-read-token/\(commit.hex)"
                #expect(head.headers["X-Xet-Refresh-Route"] == (isOffered ? route : nil))
                #expect(head.headers["Link"] == (isOffered ? "<\(route)>; rel=\"xet-auth\"" : nil))
                func told(_ answer: TestHub.Answer) -> JSONValue? {
                    answer.json.elements.first { $0["path"] == .string(file) }?["xetHash"]
                }
                #expect(told(tree) == (isOffered ? name.map(JSONValue.string) : nil))
                #expect(told(copies) == name.map(JSONValue.string))
            }
        }
    }

    @Test("large files are given to another repository of the caller's, and what is not the source's is named")
    func duplicates() async throws {
        let world = try await World()
        let lfs = [UInt8](repeating: 3, count: 9_999)
        let oid = BlobID(hashing: lfs)
        try await world.hub.commit(["other.bin": .lfs(lfs)], to: world.key)
        let target = try await world.hub.create("dataset:ada/copy")
        try await world.hub.create("model:bob/demo", visibility: .private)
        let surface = HuggingFaceSurface(
            authorizer: world.hub.authorizer, repositories: world.hub.repositories, store: world.hub.store,
            entries: SpaceEntries(store: world.hub.store, key: Array(repeating: 7, count: 32)), xet: nil,
            clock: world.hub.clock)
        let unknown = String(repeating: "ab", count: 32)
        func ask(_ type: String, _ name: String, _ files: [String]) async throws -> TestHub.Answer {
            let list = files.map { #"{"xetHash":"\#($0)","sha256":"\#($0)","filename":"x"}"# }.joined(separator: ",")
            return try await world.hub.ask(
                surface.routes, .post, "/api/models/ada/demo/lfs-files/duplicate", token: world.owner,
                body: #"{"target":{"type":"\#(type)","name":"\#(name)"},"files":[\#(list)]}"#)
        }
        let done = try await ask("dataset", "ada/copy", [oid.hex])
        #expect(done.status == 200 && done.text == #"{"success":true,"failed":[]}"#)
        #expect(try await world.hub.store.links(to: [oid], of: target)[oid]?.pointer.size == 9_999)
        #expect(try await ask("dataset", "ada/copy", [oid.hex]).json["success"]?.flag == true)
        let failed = try await ask("dataset", "ada/copy", [unknown, "nonsense", oid.hex])
        #expect(failed.status == 200 && failed.json["success"]?.flag == false)
        #expect(failed.json["failed"]?.elements.map { $0["sha256"] } == [.string(unknown), .string("nonsense")])
        #expect(try await ask("model", "bob/demo", [oid.hex]).status == 404)
        #expect(try await ask("model", "ada/missing", [oid.hex]).status == 404)
        #expect(try await ask("bucket", "ada/copy", [oid.hex]).status == 400)
    }
}
