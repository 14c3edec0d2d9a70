import HubCore
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("Ways to a blob")
struct UpstreamBlobTests {
    private let token = Credentials.bearer(Secret("s3cret-token"))
    private let oid = String(repeating: "ab", count: 32)

    private final class Time: Sendable {
        let milliseconds = Mutex<Int64>(1_700_000_000_000)
        var clock: WallClock { WallClock { self.milliseconds.withLock { $0 } } }
        func pass(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
    }

    private static func batch(_ sent: AnswerTable.Sent, _ objects: String) -> EgressResponse {
        sent.reply(200, "application/vnd.git-lfs+json", Array(#"{"transfer":"basic","objects":[\#(objects)]}"#.utf8))
    }

    private func ways(
        _ upstream: any Upstream, _ id: String = "model:acme/big", path: String = "a/model.bin"
    ) async throws -> [BlobRequest] {
        try await upstream.blobRequests(
            for: try Sample.pointer(), of: UpstreamPath(try Sample.id(id)), commit: try Sample.object("1"), path: path)
    }

    @Test("nothing is sent until a way is taken; the link's credentials are its own")
    func lazy() async throws {
        let oid = oid
        let table = AnswerTable { sent in
            Self.batch(
                sent,
                #"{"oid":"\#(oid)","size":5,"actions":{"download":{"href":"https://hf.example/x","header":{"X-Amz":"1"}}}}"#
            )
        }
        let upstream = try Sample.upstream(.huggingface, "https://hf.example", credentials: token, transport: table)
        let ways = try await ways(upstream)
        #expect(table.sent.isEmpty)
        #expect(ways.map(\.way) == ["lfs", "resolve"])
        let request = try await ways[0].make()
        #expect(request.url.absoluteString == "https://hf.example/x" && request.purpose == .blob)
        #expect(request.headers.map(\.0) == ["X-Amz"])
        #expect(ways[0].connection.credentials.isEmpty)
        #expect(table.sent.map(\.line) == ["POST https://hf.example/acme/big.git/info/lfs/objects/batch"])
        #expect(table.sent[0].credentials == .basic(user: "weir", password: Secret("s3cret-token")))
        #expect(table.sent[0].header("Accept") == "application/vnd.git-lfs+json")
        #expect(table.sent[0].header("User-Agent")?.hasPrefix("git-lfs/3.5.1 (") == true)

        let second = try await ways[1].make()
        #expect(
            second.url.absoluteString
                == "https://hf.example/acme/big/resolve/1111111111111111111111111111111111111111/a/model.bin")
        #expect(ways[1].connection.credentials.values.contains(token))
        #expect(table.sent.count == 1)
    }

    @Test("a link is used until it nears its end, and renewed when asked")
    func renewal() async throws {
        let oid = oid
        let time = Time()
        let count = Mutex(0)
        let table = AnswerTable { sent in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return Self.batch(
                sent,
                #"{"oid":"\#(oid)","actions":{"download":{"href":"https://s3.example/\#(number)","expires_in":100}}}"#)
        }
        let upstream = try Sample.upstream(.gitLFS, "https://git.example", transport: table, clock: time.clock)
        let way = try #require(try await ways(upstream).first)
        #expect(try await way.make().url.path == "/1")
        time.pass(seconds: 60)
        #expect(try await way.make().url.path == "/1")
        time.pass(seconds: 15)
        #expect(try await way.make().url.path == "/2")
        #expect(try await way.make(renewing: true).url.path == "/3")
    }

    @Test("links that are prepared together cost one question, and each is taken once and while it holds")
    func prepared() async throws {
        let time = Time()
        let digits = ["ab", "cd"]
        let table = AnswerTable { sent in
            let objects = digits.map { digits in
                let oid = String(repeating: digits, count: 32)
                return
                    #"{"oid":"\#(oid)","size":5,"actions":{"download":{"href":"https://s3.example/\#(digits)","expires_in":100}}}"#
            }
            return Self.batch(sent, objects.joined(separator: ","))
        }
        let upstream = try Sample.upstream(.gitLFS, "https://git.example", transport: table, clock: time.clock)
        let pointers = try digits.map { try Sample.pointer($0) } + [try Sample.pointer("ef")]
        try await upstream.prepare(pointers, of: UpstreamPath(try Sample.id("model:acme/big")))
        #expect(table.sent.count == 1)
        let first = try #require(try await ways(upstream).first)
        #expect(try await first.make().url.path == "/ab")
        #expect(table.sent.count == 1)
        let again = try #require(try await ways(upstream).first)
        #expect(try await again.make().url.path == "/ab")
        #expect(table.sent.count == 2)
        time.pass(seconds: 90)
        let other = try await upstream.blobRequests(
            for: pointers[1], of: UpstreamPath(try Sample.id("model:acme/big")), commit: try Sample.object("1"),
            path: "b")
        _ = try await other.first?.make()
        #expect(table.sent.count == 3)
    }

    @Test("OpenCSG is asked for LFS as a stranger first, and as ourselves when that is refused")
    func anonymousFirst() async throws {
        let oid = oid
        let table = AnswerTable { sent in
            sent.credentials == .none
                ? sent.json(#"{"msg":"login"}"#, status: 401)
                : Self.batch(sent, #"{"oid":"\#(oid)","actions":{"download":{"href":"https://s3.example/x"}}}"#)
        }
        let upstream = try Sample.upstream(.opencsg, "https://hub.example", credentials: token, transport: table)
        let ways = try await ways(upstream)
        #expect(try await ways[0].make().url.path == "/x")
        #expect(table.sent.map(\.credentials) == [.none, token])
        #expect(table.sent.map { $0.request.url.host } == ["sync.example", "sync.example"])
        #expect(try await ways[1].make().url.path.hasPrefix("/csg/acme/big/resolve/") == true)

        let open = AnswerTable { sent in
            Self.batch(sent, #"{"oid":"\#(oid)","actions":{"download":{"href":"https://s3.example/x"}}}"#)
        }
        let second = try Sample.upstream(.opencsg, "https://hub.example", credentials: token, transport: open)
        _ = try await second.granted([try Sample.pointer()], of: UpstreamPath(try Sample.id("model:acme/big")))
        #expect(open.sent.map(\.credentials) == [.none])
    }

    @Test("S21: our credentials follow a git server's link only to the server they are for")
    func signedInLink() async throws {
        let oid = oid
        let target = Mutex("https://git.example/objects/x")
        let table = AnswerTable { sent in
            Self.batch(sent, #"{"oid":"\#(oid)","actions":{"download":{"href":"\#(target.withLock { $0 })"}}}"#)
        }
        let upstream = try Sample.upstream(.gitLFS, "https://git.example", credentials: token, transport: table)
        let ways = try await ways(upstream)
        #expect(ways.map(\.way) == ["lfs", "lfs-signed-in"])
        _ = try await ways[1].make()
        #expect(ways[1].connection.credentials.keys.map(\.host) == ["git.example"])
        target.withLock { $0 = "https://elsewhere.example/x" }
        let error = await hubError { _ = try await ways[1].make(renewing: true) }
        #expect(error?.code == .upstreamRefused)
    }

    private struct Failing: Sendable {
        let object: String
        let code: HubError.Code
    }

    private static let failing = [
        Failing(object: #""error":{"code":404,"message":"no such object"}"#, code: .blobNotFound),
        Failing(object: #""error":{"code":403,"message":"no"}"#, code: .upstreamRefused),
        Failing(object: #""error":{"code":503,"message":"busy"}"#, code: .upstreamUnavailable),
        Failing(object: #""error":{"code":422,"message":"odd"}"#, code: .upstreamRefused),
        Failing(object: #""size":6,"actions":{"download":{"href":"https://s3.example/x"}}"#, code: .upstreamCorrupt),
        Failing(object: #""actions":{"download":{"href":"gopher://x"}}"#, code: .upstreamCorrupt),
    ]

    @Test("an object's error keeps its meaning", arguments: failing)
    private func objectErrors(_ sample: Failing) async throws {
        let oid = oid
        let table = AnswerTable { Self.batch($0, #"{"oid":"\#(oid)",\#(sample.object)}"#) }
        let upstream = try Sample.upstream(.gitLFS, "https://git.example", transport: table)
        let way = try #require(try await ways(upstream).first)
        #expect(await hubError { _ = try await way.make() }?.code == sample.code)
    }

    @Test("without a path there is no way by path, and git servers have none at all")
    func withoutPath() async throws {
        let table = AnswerTable { $0.json("{}") }
        let hub = try Sample.upstream(.huggingface, "https://hf.example", transport: table)
        #expect(try await ways(hub, path: "").map(\.way) == ["lfs"])
        let git = try Sample.upstream(.gitLFS, "https://git.example", transport: table)
        #expect(try await ways(git).map(\.way) == ["lfs"])
    }

    @Test("grants are asked a hundred at a time, and only links of the right size count")
    func grants() async throws {
        let pointers = try (0..<250).map { number in
            let hex = String(number, radix: 16)
            return try #require(
                BlobID(String(repeating: "0", count: 64 - hex.count) + hex).map { LFSPointer(oid: $0, size: 5) })
        }
        let table = AnswerTable { sent in
            let asked = pointers.filter { sent.body.contains($0.oid.hex) }
            let objects = asked.map { pointer in
                pointer.oid.hex.hasSuffix("7")
                    ? #"{"oid":"\#(pointer.oid.hex)","error":{"code":404,"message":"gone"}}"#
                    : #"{"oid":"\#(pointer.oid.hex)","size":\#(pointer.oid.hex.hasSuffix("8") ? 6 : 5),"actions":{"download":{"href":"https://s3.example/x"}}}"#
            }
            return Self.batch(sent, objects.joined(separator: ","))
        }
        let upstream = try Sample.upstream(.gitLFS, "https://git.example", transport: table)
        let granted = try await upstream.granted(pointers, of: UpstreamPath(try Sample.id("model:acme/big")))
        #expect(table.sent.count == 3)
        #expect(granted == Set(pointers.map(\.oid).filter { !$0.hex.hasSuffix("7") && !$0.hex.hasSuffix("8") }))
    }

    @Test("a batch that fails as a whole says why")
    func batchFailure() async throws {
        let repository = UpstreamPath(try Sample.id("model:acme/big"))
        let busy = AnswerTable { $0.json(#"{"message":"slow down"}"#, status: 429, headers: [("Retry-After", "9")]) }
        let first = try Sample.upstream(.gitLFS, "https://git.example", transport: busy)
        let wait = await hubError { _ = try await first.granted([try Sample.pointer()], of: repository) }
        #expect(wait?.code == .upstreamUnavailable && wait?.retryAfter == 9)
        #expect(wait?.message.contains("slow down") == true)
        let page = AnswerTable { $0.reply(200, "text/html", Sample.loginPage) }
        let second = try Sample.upstream(.gitLFS, "https://git.example", transport: page)
        let error = await hubError { _ = try await second.granted([try Sample.pointer()], of: repository) }
        #expect(error?.code == .upstreamCorrupt && error?.message.contains("web page") == true)
    }
}
