import HubCore
import Testing

@testable import MirrorGateway

@Suite("ModelScope as an upstream")
struct ModelScopeTests {
    private static let head = String(repeating: "1", count: 40)
    private static let oid = String(repeating: "ab", count: 32)
    private let token = Credentials.bearer(Secret("s3cret-token"))
    private let cookie = Credentials.header(name: "Cookie", value: Secret("m_session_id=s3cret-token"))
    private let path = UpstreamPath(kind: .model, path: "acme/big")

    private func upstream(_ table: AnswerTable, credentials: Credentials = .none) throws -> any BrowsableUpstream {
        let made = try Sample.upstream(.modelscope, "https://ms.example", credentials: credentials, transport: table)
        guard let upstream = made as? any BrowsableUpstream else { throw HubError(.internalError, "not browsable") }
        return upstream
    }

    private static let model =
        #"{"Code":200,"Success":true,"Data":{"Path":"Acme","Name":"Big","ChineseName":"大","License":"Apache License 2.0","#
        + #""Downloads":7,"Stars":2,"Visibility":5,"CreatedTime":1726842501,"StorageSize":9,"Tags":["x"],"#
        + #""Tasks":[{"Name":"text-generation"}],"Libraries":["pytorch"],"#
        + #""ModelInfos":{"safetensor":{"model_size":494032768,"tensor_type":["BF16"]}}}}"#
    private static let absent =
        #"{"Code":10010205001,"Success":false,"Message":"获取模型信息失败，信息：record not found"}"#

    @Test("what strangers see is not private, and is asked without the token")
    func open() async throws {
        let table = AnswerTable { $0.json(Self.model) }
        guard case .found(let found) = try await upstream(table, credentials: token).lookUp(Sample.id("model:acme/big"))
        else {
            Issue.record("not found")
            return
        }
        #expect(found.path == "Acme/Big" && !found.isPrivate && found.licenses == ["apache-2.0"])
        #expect(found.defaultBranch == "master" && found.downloads == 7 && found.likes == 2 && found.storage == 9)
        #expect(table.sent.map(\.line) == ["GET https://ms.example/api/v1/models/acme/big"])
        #expect(table.sent[0].credentials == .none)
    }

    @Test("what only the token shows is private; the token goes as the cookie that its SDK sends")
    func hidden() async throws {
        let cookie = cookie
        let table = AnswerTable { sent in
            sent.credentials == cookie ? sent.json(Self.model) : sent.json(Self.absent, status: 404)
        }
        guard case .found(let found) = try await upstream(table, credentials: token).lookUp(Sample.id("model:acme/big"))
        else {
            Issue.record("not found")
            return
        }
        #expect(found.isPrivate)
        guard case .absent = try await upstream(table).lookUp(Sample.id("model:acme/big")) else {
            Issue.record("a stranger sees it")
            return
        }
    }

    @Test("a refusal in an answer of status 200 is none; an overloaded database is not an absence")
    func envelopes() async throws {
        let refusing = AnswerTable { $0.json(#"{"Code":500,"Success":false,"Message":"no s3cret-token"}"#) }
        let error = await hubError {
            _ = try await upstream(refusing, credentials: token).lookUp(Sample.id("model:acme/big"))
        }
        #expect(error?.code == .upstreamRefused && error?.message.contains("s3cret") == false)
        let busy = AnswerTable {
            $0.json(
                #"{"Code":10010205001,"Message":"Error 1461: Can't create more than max_prepared_stmt_count"}"#,
                status: 404)
        }
        let overload = await hubError { _ = try await upstream(busy).lookUp(Sample.id("model:acme/big")) }
        #expect(overload?.code == .upstreamUnavailable)
    }

    @Test("files are asked by commit; a list that may be cut is walked by folders")
    func cut() async throws {
        let full = (0..<ModelScopeBrowsing.cutAt).map { #"{"Path":"a/f\#($0)","Type":"blob","Size":1,"IsLFS":false}"# }
        let table = AnswerTable { sent in
            let query = sent.request.url.query ?? ""
            let entries: [String]
            if query.contains("Root=b") {
                entries = [#"{"Path":"b/w","Type":"blob","Size":77,"IsLFS":true,"Sha256":"\#(Self.oid)"}"#]
            } else if query.contains("Root=a") {
                entries = Array(full.prefix(10))
            } else if query.contains("Recursive=False") {
                entries = [
                    #"{"Path":"a","Type":"tree"}"#, #"{"Path":"b","Type":"tree"}"#,
                    #"{"Path":"c","Type":"blob","Size":2,"IsLFS":false,"Sha256":"\#(Self.oid)"}"#,
                ]
            } else {
                entries = full
            }
            return sent.json(#"{"Code":200,"Success":true,"Data":{"Files":[\#(entries.joined(separator: ","))]}}"#)
        }
        let listing = try await upstream(table).files(of: path, at: Self.head)
        #expect(listing.commit?.hex == Self.head && listing.files.count == 12)
        #expect(listing.files.first { $0.path == "b/w" }?.digest?.hex == Self.oid)
        #expect(listing.files.first { $0.path == "c" }?.digest == nil, "what git holds is not fetched by its digest")
        #expect(table.sent.allSatisfy { $0.line.contains("Revision=\(Self.head)") })

        let endless = AnswerTable {
            $0.json(#"{"Code":200,"Data":{"Files":[\#(full.joined(separator: ","))]}}"#)
        }
        let error = await hubError { _ = try await upstream(endless).files(of: path, at: Self.head) }
        #expect(error?.code == .upstreamCorrupt && error?.message.contains("no way to the rest") == true)
    }

    @Test("a dataset's files come by pages")
    func dataset() async throws {
        let table = AnswerTable { sent in
            let isFirst = sent.line.contains("PageNumber=1&")
            let names = isFirst ? 0..<200 : 200..<201
            let entries = names.map { #"{"Path":"f\#($0)","Type":"blob","Size":1,"IsLFS":false}"# }
            return sent.json(#"{"Code":200,"Data":{"Files":[\#(entries.joined(separator: ","))]}}"#)
        }
        let listing = try await upstream(table).files(
            of: UpstreamPath(kind: .dataset, path: "acme/data"), at: Self.head)
        #expect(listing.files.count == 201 && table.sent.count == 2)
        #expect(table.sent[0].line.hasPrefix("GET https://ms.example/api/v1/datasets/acme/data/repo/tree?Revision="))
    }

    @Test("models are listed by its search, which is asked with PUT")
    func list() async throws {
        let table = AnswerTable { sent in
            let page = sent.body.contains("\"PageNumber\":1,") ? 1 : 2
            return sent.json(
                #"{"Code":200,"Success":true,"Data":{"Model":{"Models":[{"Path":"acme","Name":"m\#(page)"}],"TotalCount":2}}}"#
            )
        }
        let first = try await upstream(table).repositories(.model, after: nil)
        #expect(first.repositories.map(\.path) == ["acme/m1"] && first.repositories[0].defaultBranch == "master")
        let second = try await upstream(table).repositories(.model, after: first.next)
        #expect(second.repositories.map(\.path) == ["acme/m2"] && second.next == nil)
        #expect(table.sent.allSatisfy { $0.line == "PUT https://ms.example/api/v1/dolphin/models" })
    }

    @Test("git is asked as oauth2, files by URL with the path last")
    func addresses() async throws {
        let table = AnswerTable { $0.json(#"{"objects":[]}"#) }
        let upstream = try upstream(table, credentials: token)
        let commit = try #require(CommitID(Self.head))
        let ways = try await upstream.blobRequests(
            for: try Sample.pointer(), of: path, commit: commit, path: "sub/a b.bin")
        let resolve = try await #require(ways.last).make()
        #expect(
            resolve.url.absoluteString
                == "https://ms.example/api/v1/models/acme/big/repo?Revision=\(Self.head)&FilePath=sub%2Fa%20b.bin")
        _ = try? await ways[0].make()
        #expect(table.sent[0].line == "POST https://ms.example/acme/big.git/info/lfs/objects/batch")
        #expect(table.sent[0].credentials == .basic(user: "oauth2", password: Secret("s3cret-token")))
    }
}
