import HubCore
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("Asking upstream's git")
struct GitProtocolClientTests {
    private let token = Credentials.bearer(Secret("s3cret-token"))
    private let one = "1111111111111111111111111111111111111111"

    private static func advertisement(_ sent: AnswerTable.Sent, at url: EgressURL? = nil) -> EgressResponse {
        sent.reply(
            200, "application/x-git-upload-pack-advertisement",
            [PktLine.text("version 2"), .text("ls-refs"), .text("fetch=shallow"), .flush].flatMap(\.encoded), at: url)
    }

    private func result(_ sent: AnswerTable.Sent, _ lines: [PktLine]) -> EgressResponse {
        sent.reply(200, "application/x-git-upload-pack-result", lines.flatMap(\.encoded))
    }

    private func listing(_ sent: AnswerTable.Sent) -> EgressResponse {
        result(
            sent,
            [
                .text("\(one) HEAD symref-target:refs/heads/main"), .text("\(one) refs/heads/main"),
                .text("\(one) refs/pull/1/head"), .flush,
            ])
    }

    @Test("a discovery is remembered: the second refresh is one request")
    func memory() async throws {
        let table = AnswerTable { sent in
            sent.request.method == "GET" ? Self.advertisement(sent) : listing(sent)
        }
        let upstream = try Sample.upstream(.opencsg, "https://hub.example", credentials: token, transport: table)
        let repository = UpstreamPath(try Sample.id("model:acme/big"))
        let refs = try await upstream.references(of: repository, prefixes: ["refs/heads/"])
        #expect(refs.refs.map(\.name.name) == ["refs/heads/main"])
        #expect(refs.head?.name == "refs/heads/main")
        _ = try await upstream.references(of: repository, prefixes: ["refs/heads/"])
        #expect(
            table.sent.map(\.line) == [
                "GET https://sync.example/models/acme/big.git/info/refs?service=git-upload-pack",
                "POST https://sync.example/models/acme/big.git/git-upload-pack",
                "POST https://sync.example/models/acme/big.git/git-upload-pack",
            ])
        let scheme = Credentials.header(name: "Authorization", value: Secret("X-OPENCSG-Sync-Tokens3cret-token"))
        #expect(table.sent.allSatisfy { $0.credentials == scheme && $0.header("Git-Protocol") == "version=2" })
    }

    @Test("a redirect within the host moves the requests that follow, one to another host is refused")
    func redirects() async throws {
        let repository = UpstreamPath(try Sample.id("model:acme/big"))
        let moved = AnswerTable { sent in
            sent.request.method == "GET"
                ? Self.advertisement(
                    sent,
                    at: try EgressURL(parsing: "https://git.example/new/name.git/info/refs?service=git-upload-pack"))
                : listing(sent)
        }
        let first = try Sample.upstream(.gitLFS, "https://git.example", transport: moved)
        _ = try await first.references(of: repository, prefixes: [])
        #expect(moved.sent.last?.line == "POST https://git.example/new/name.git/git-upload-pack")
        #expect(moved.sent.last?.request.followRedirects == 0)

        let away = AnswerTable {
            Self.advertisement($0, at: try EgressURL(parsing: "https://other.example/acme/big.git/info/refs"))
        }
        let second = try Sample.upstream(.gitLFS, "https://git.example", transport: away)
        let error = await hubError { _ = try await second.references(of: repository, prefixes: []) }
        #expect(error?.code == .upstreamRefused && error?.message.contains("other.example") == true)
        #expect(away.sent.count == 1)
    }

    @Test("the quota of OpenCSG's sync server is said in its own words, and not asked for again")
    func quota() async throws {
        let table = AnswerTable { sent in
            sent.request.method == "GET"
                ? Self.advertisement(sent)
                : sent.json(#"{"msg":"sync repository count limit exceeded"}"#, status: 400)
        }
        let upstream = try Sample.upstream(.opencsg, "https://hub.example", credentials: token, transport: table)
        let repository = UpstreamPath(try Sample.id("model:acme/big"))
        let error = await hubError {
            _ = try await upstream.pack(
                of: repository, wants: [try Sample.object("1")], haves: [], depth: nil, shallow: [])
        }
        #expect(error?.code == .upstreamRefused)
        #expect(error?.message.contains("sync repository count limit exceeded") == true)
        #expect(table.sent.count == 2)
    }

    private static let pack = [PktLine.text("packfile"), .data([1] + Array("PACK".utf8)), .flush]

    private func askForPack(_ upstream: any Upstream) async throws {
        _ = try await upstream.pack(
            of: UpstreamPath(try Sample.id("model:acme/big")), wants: [try Sample.object("1")], haves: [], depth: 1,
            shallow: [])
    }

    @Test(
        "Hugging Face and Weir are asked for a pack without a discovery", arguments: [UpstreamType.huggingface, .weir])
    func presumed(type: UpstreamType) async throws {
        let table = AnswerTable { sent in result(sent, Self.pack) }
        let upstream = try Sample.upstream(type, "https://hub.example", transport: table)
        try await askForPack(upstream)
        let place = type == .weir ? "models/acme/big.git" : "acme/big.git"
        #expect(table.sent.map(\.line) == ["POST https://hub.example/\(place)/git-upload-pack"])
        #expect(table.sent.first?.header("Git-Protocol") == "version=2")
        #expect(table.sent.first?.body.contains("command=fetch") == true)
        #expect(table.sent.first?.body.contains("agent=") == false)
    }

    @Test(
        "where that is no answer a discovery tells what is, and is made first from then on",
        arguments: [(400, false), (500, false), (200, false), (200, true)])
    func presumedInVain(status: Int, isErrorOfGit: Bool) async throws {
        let isDiscovered = Mutex(false)
        let table = AnswerTable { sent in
            if sent.request.method == "GET" {
                isDiscovered.withLock { $0 = true }
                return Self.advertisement(sent)
            }
            if isDiscovered.withLock({ $0 }) { return result(sent, Self.pack) }
            if isErrorOfGit { return result(sent, [.text("ERR bad line length")]) }
            return sent.reply(status, "application/x-git-upload-pack-result", [])
        }
        let upstream = try Sample.upstream(.huggingface, "https://hub.example", transport: table)
        try await askForPack(upstream)
        #expect(table.sent.map(\.request.method) == ["POST", "GET", "POST"])
        _ = try await upstream.pack(
            of: UpstreamPath(try Sample.id("model:acme/other")), wants: [try Sample.object("1")], haves: [], depth: 1,
            shallow: [])
        #expect(table.sent.map(\.request.method) == ["POST", "GET", "POST", "GET", "POST"])
    }

    @Test(
        "a refusal or a redirect is looked into by a discovery, a busy server is not asked again",
        arguments: [302, 401, 404, 429])
    func presumedAndRefused(status: Int) async throws {
        let table = AnswerTable { sent in sent.reply(status, "text/plain", Array("no".utf8)) }
        let upstream = try Sample.upstream(.huggingface, "https://hub.example", transport: table)
        await #expect(throws: HubError.self) { try await askForPack(upstream) }
        #expect(table.sent.map(\.request.method) == (status == 429 ? ["POST"] : ["POST", "GET"]))
    }

    @Test("a want that is gone there is not asked for twice")
    func presumedAndGone() async throws {
        let table = AnswerTable { sent in result(sent, [.text("ERR upload-pack: not our ref \(one)")]) }
        let upstream = try Sample.upstream(.huggingface, "https://hub.example", transport: table)
        let error = await hubError { try await askForPack(upstream) }
        #expect(error?.code == .revisionNotFound)
        #expect(table.sent.count == 1)
    }

    @Test("a want that is gone is a revision that is not found")
    func notOurRef() async throws {
        let table = AnswerTable { sent in
            sent.request.method == "GET"
                ? Self.advertisement(sent) : result(sent, [.text("ERR upload-pack: not our ref \(one)")])
        }
        let upstream = try Sample.upstream(.gitLFS, "https://git.example", transport: table)
        let error = await hubError {
            _ = try await upstream.pack(
                of: UpstreamPath(try Sample.id("model:acme/big")), wants: [try Sample.object("1")], haves: [], depth: 1,
                shallow: [])
        }
        #expect(error?.code == .revisionNotFound)
    }

    @Test("a pack that breaks off, or that the server gives up on, ends in an error and not in an end")
    func brokenPack() async throws {
        let lines: [PktLine] = [.text("packfile"), .data([1] + Array("PACK".utf8))]
        let endings: [(PktLine?, HubError.Code)] = [
            (nil, .upstreamCorrupt), (.data([3] + Array("disk full".utf8)), .upstreamUnavailable),
        ]
        for (ending, code) in endings {
            let table = AnswerTable { sent in
                sent.request.method == "GET"
                    ? Self.advertisement(sent) : result(sent, lines + (ending.map { [$0] } ?? []))
            }
            let upstream = try Sample.upstream(.gitLFS, "https://git.example", transport: table)
            let error = await hubError {
                let pack = try await upstream.pack(
                    of: UpstreamPath(try Sample.id("model:acme/big")), wants: [try Sample.object("1")], haves: [],
                    depth: nil, shallow: [])
                for try await _ in pack.chunks {}
            }
            #expect(error?.code == code)
        }
    }

    private struct Status: Sendable {
        let status: Int
        let type: String
        let code: HubError.Code
    }

    private static let statuses = [
        Status(status: 404, type: "text/plain", code: .repositoryNotFound),
        Status(status: 401, type: "text/plain", code: .upstreamRefused),
        Status(status: 502, type: "text/html", code: .upstreamUnavailable),
        Status(status: 302, type: "text/html", code: .upstreamRefused),
        Status(status: 200, type: "text/plain", code: .upstreamCorrupt),
        Status(status: 200, type: "application/x-git-upload-pack-advertisement", code: .upstreamCorrupt),
    ]

    @Test("what statuses of a discovery mean", arguments: statuses)
    private func meaning(of sample: Status) async throws {
        let table = AnswerTable { $0.reply(sample.status, sample.type, Array("odd".utf8)) }
        let upstream = try Sample.upstream(.gitLFS, "https://git.example", transport: table)
        let error = await hubError {
            _ = try await upstream.references(of: UpstreamPath(try Sample.id("model:acme/big")), prefixes: [])
        }
        #expect(error?.code == sample.code)
    }

    @Test("object names of another hash are refused before anything is fetched")
    func sha256() async throws {
        let table = AnswerTable { sent in
            sent.reply(
                200, "application/x-git-upload-pack-advertisement",
                [PktLine.text("version 2"), .text("object-format=sha256"), .flush].flatMap(\.encoded))
        }
        let upstream = try Sample.upstream(.gitLFS, "https://git.example", transport: table)
        let error = await hubError {
            _ = try await upstream.references(of: UpstreamPath(try Sample.id("model:acme/big")), prefixes: [])
        }
        #expect(error?.code == .notSupported)
    }
}
