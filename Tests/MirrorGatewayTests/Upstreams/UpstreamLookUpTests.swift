import HubCore
import Testing

@testable import MirrorGateway

@Suite("Looking a repository up")
struct UpstreamLookUpTests {
    private let token = Credentials.bearer(Secret("s3cret-token"))
    private let head = String(repeating: "1", count: 40)

    private func found(_ lookup: UpstreamLookup) throws -> UpstreamRepository {
        guard case .found(let repository) = lookup else { throw HubError(.notFound, "\(lookup)") }
        return repository
    }

    private func isAbsent(_ lookup: UpstreamLookup) -> Bool {
        if case .absent = lookup { true } else { false }
    }

    private func refusal(_ lookup: UpstreamLookup) -> HubError? {
        if case .refused(let error) = lookup { error } else { nil }
    }

    @Test("Hugging Face's metadata becomes facts")
    func huggingFace() async throws {
        let table = AnswerTable { sent in
            sent.json(
                """
                {"id":"Acme/Big","sha":"\(head)","private":true,"gated":"manual","downloads":7,"likes":2,"usedStorage":9,
                 "tags":["license:mit","region:us"],"cardData":{"license":["apache-2.0"]}}
                """)
        }
        let upstream = try Sample.upstream(.huggingface, "https://hf.example", credentials: token, transport: table)
        let repository = try found(await upstream.lookUp(try Sample.id("model:acme/big")))
        #expect(repository.path == "Acme/Big" && repository.isPrivate && repository.isGated)
        #expect(repository.head?.hex == head && repository.licenses == ["apache-2.0"])
        #expect(repository.downloads == 7 && repository.likes == 2 && repository.storage == 9)
        #expect(table.sent.map(\.line) == ["GET https://hf.example/api/models/acme/big"])
        #expect(table.sent.first?.credentials == token)
    }

    @Test("an open repository is neither private nor gated; its licence may stand in the tags only")
    func open() async throws {
        let table = AnswerTable { $0.json(#"{"id":"acme/big","gated":false,"tags":["license:mit"],"downloads":-1}"#) }
        let upstream = try Sample.upstream(.huggingface, "https://hf.example", transport: table)
        let repository = try found(await upstream.lookUp(try Sample.id("dataset:acme/big")))
        #expect(!repository.isPrivate && !repository.isGated && repository.licenses == ["mit"])
        #expect(repository.downloads == nil)
    }

    private struct Status: Sendable {
        let status: Int
        let code: String?
        let signedIn: Bool
        let outcome: String
    }

    private static let statuses = [
        Status(status: 404, code: nil, signedIn: true, outcome: "absent"),
        Status(status: 401, code: "RepoNotFound", signedIn: true, outcome: "absent"),
        Status(status: 401, code: nil, signedIn: false, outcome: "absent"),
        Status(status: 401, code: nil, signedIn: true, outcome: "refused"),
        Status(status: 403, code: nil, signedIn: true, outcome: "refused"),
        Status(status: 401, code: "GatedRepo", signedIn: false, outcome: "refused"),
        Status(status: 429, code: nil, signedIn: false, outcome: "upstream-unavailable"),
        Status(status: 503, code: nil, signedIn: false, outcome: "upstream-unavailable"),
        Status(status: 418, code: nil, signedIn: false, outcome: "upstream-refused"),
    ]

    @Test("what Hugging Face's statuses mean", arguments: statuses)
    private func meaning(of sample: Status) async throws {
        let table = AnswerTable { sent in
            let headers = (sample.code.map { [("X-Error-Code", $0)] } ?? []) + [("Retry-After", "17")]
            return sent.json(#"{"error":"said so"}"#, status: sample.status, headers: headers)
        }
        let upstream = try Sample.upstream(
            .huggingface, "https://hf.example", credentials: sample.signedIn ? token : .none, transport: table)
        do {
            let lookup = try await upstream.lookUp(try Sample.id("model:acme/big"))
            #expect((isAbsent(lookup) ? "absent" : refusal(lookup) != nil ? "refused" : "found") == sample.outcome)
        } catch let error as HubError {
            #expect(error.code.rawValue == sample.outcome)
            #expect(error.message.contains("said so"))
            #expect(error.retryAfter == (error.code == .upstreamUnavailable ? 17 : nil))
        }
    }

    @Test(
        "a login page with status 200 is said to be a web page",
        arguments: [UpstreamType.huggingface, .opencsg, .gitLFS])
    func webPage(type: UpstreamType) async throws {
        let table = AnswerTable { $0.reply(200, "text/html", Sample.loginPage) }
        let upstream = try Sample.upstream(type, "https://hub.example", transport: table)
        let error = await hubError { _ = try await upstream.lookUp(try Sample.id("model:acme/big")) }
        #expect(error?.code == .upstreamCorrupt)
        #expect(error?.message.contains("web page") == true)
    }

    @Test(
        "a name that cannot be one is not taken over", arguments: ["../../etc", "acme", "acme/big/more", "acme/.git"])
    func hostileName(path: String) async throws {
        let table = AnswerTable { $0.json(#"{"id":"\#(path)","data":{"path":"\#(path)"}}"#) }
        for type in [UpstreamType.huggingface, .csghub] {
            let upstream = try Sample.upstream(type, "https://hub.example", transport: table)
            let error = await hubError { _ = try await upstream.lookUp(try Sample.id("model:acme/big")) }
            #expect(error?.code == .upstreamCorrupt)
        }
    }

    @Test("CSGHub's envelope becomes facts, with the path in the upstream's spelling")
    func csghub() async throws {
        let table = AnswerTable { sent in
            sent.json(
                """
                {"msg":"OK","data":{"path":"AIWizards/demo","private":false,"default_branch":"main","downloads":120,"likes":3,
                 "license":"","tags":[{"name":"apache-2.0","category":"license"},{"name":"text","category":"task"}]}}
                """)
        }
        let upstream = try Sample.upstream(.opencsg, "https://hub.example", credentials: token, transport: table)
        let repository = try found(await upstream.lookUp(try Sample.id("model:aiwizards/demo")))
        #expect(repository.path == "AIWizards/demo" && repository.defaultBranch == "main")
        #expect(repository.licenses == ["apache-2.0"] && repository.tags == ["apache-2.0", "text"])
        #expect(table.sent.map(\.line) == ["GET https://hub.example/api/v1/models/aiwizards/demo"])
        #expect(table.sent.first?.credentials == token)
    }

    @Test("CSGHub's ways to say that nothing is there")
    func csghubAbsent() async throws {
        let database = AnswerTable { $0.json(#"{"msg":"sql: no rows in result set"}"#, status: 500) }
        let first = try Sample.upstream(.csghub, "https://hub.example", transport: database)
        #expect(isAbsent(try await first.lookUp(try Sample.id("model:acme/big"))))
        let stranger = AnswerTable { $0.json(#"{"code":"AUTH-ERR-1","msg":"AUTH-ERR-1: login"}"#, status: 401) }
        let second = try Sample.upstream(.csghub, "https://hub.example", transport: stranger)
        #expect(isAbsent(try await second.lookUp(try Sample.id("model:acme/big"))))
        let third = try Sample.upstream(.csghub, "https://hub.example", credentials: token, transport: stranger)
        let error = refusal(try await third.lookUp(try Sample.id("model:acme/big")))
        #expect(error?.message.contains("AUTH-ERR-1: login") == true)
    }

    private static func advertisement(_ sent: AnswerTable.Sent) -> EgressResponse {
        sent.reply(
            200, "application/x-git-upload-pack-advertisement",
            [PktLine.text("version 2"), .text("fetch=shallow"), .flush].flatMap(\.encoded))
    }

    @Test("a git server shows its own to strangers, the private to those it knows, and hides the rest")
    func gitProbe() async throws {
        let open = AnswerTable { Self.advertisement($0) }
        let first = try Sample.upstream(.gitLFS, "https://git.example", credentials: token, transport: open)
        #expect(try found(await first.lookUp(try Sample.id("model:acme/big"))).isPrivate == false)
        #expect(open.sent.map(\.credentials) == [.none])
        #expect(open.sent.map(\.line) == ["GET https://git.example/acme/big.git/info/refs?service=git-upload-pack"])

        let closed = AnswerTable { sent in
            sent.credentials == .none ? sent.reply(401, "text/plain", []) : Self.advertisement(sent)
        }
        let second = try Sample.upstream(.gitLFS, "https://git.example", credentials: token, transport: closed)
        #expect(try found(await second.lookUp(try Sample.id("model:acme/big"))).isPrivate)
        #expect(closed.sent.last?.credentials == .basic(user: "oauth2", password: Secret("s3cret-token")))

        let stranger = try Sample.upstream(.gitLFS, "https://git.example", transport: closed)
        #expect(isAbsent(try await stranger.lookUp(try Sample.id("model:acme/big"))))

        let wrong = AnswerTable { $0.reply(401, "text/plain", Array("bad credentials".utf8)) }
        let third = try Sample.upstream(.gitLFS, "https://git.example", credentials: token, transport: wrong)
        #expect(
            refusal(try await third.lookUp(try Sample.id("model:acme/big")))?.message.contains("bad credentials")
                == true)
    }

    @Test("another Weir is asked for code by git, for the rest by the API")
    func weir() async throws {
        let table = AnswerTable { sent in
            sent.request.purpose == .git ? Self.advertisement(sent) : sent.json(#"{"id":"acme/big"}"#)
        }
        let upstream = try Sample.upstream(.weir, "https://weir.example", transport: table)
        _ = try found(await upstream.lookUp(try Sample.id("space:acme/big")))
        _ = try found(await upstream.lookUp(try Sample.id("code:acme/big")))
        #expect(
            table.sent.map(\.line) == [
                "GET https://weir.example/api/spaces/acme/big",
                "GET https://weir.example/codes/acme/big.git/info/refs?service=git-upload-pack",
            ])
    }

    @Test("messages hold neither the token nor the query of a URL that the upstream repeats")
    func noSecrets() async throws {
        let table = AnswerTable { sent in
            sent.json(
                #"{"error":"token s3cret-token is bad,\nsee https://s3.example/x?X-Amz-Signature=abc now."}"#,
                status: 403)
        }
        let upstream = try Sample.upstream(.huggingface, "https://hf.example", credentials: token, transport: table)
        let error = try #require(refusal(try await upstream.lookUp(try Sample.id("model:acme/big"))))
        #expect(!error.line.contains("s3cret") && !error.line.contains("Amz"))
        #expect(error.line.contains("see https://s3.example/x?"))
    }

    @Test("what another gateway's policy holds back is told with its reason", arguments: [true, false])
    func policyAbove(signedIn: Bool) async throws {
        let table = AnswerTable { sent in
            sent.json(
                #"{"code":"POLICY-ERR-0","msg":"POLICY-ERR-0: denied by rule 'license' (mirrors/up.yaml:15)"}"#,
                status: 403)
        }
        let upstream = try Sample.upstream(
            .opencsg, "https://hub.example", credentials: signedIn ? token : .none, transport: table)
        let error = await hubError { _ = try await upstream.lookUp(try Sample.id("model:acme/big")) }
        #expect(error?.code == .policyDenied)
        #expect(error?.message.contains("denied by rule 'license' (mirrors/up.yaml:15)") == true)
    }
}
