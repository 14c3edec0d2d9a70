import HubCore
import Testing

@testable import MirrorGateway

@Suite("Looking through upstreams")
struct BrowsingTests {
    private static let head = String(repeating: "1", count: 40)
    private static let oid = String(repeating: "ab", count: 32)

    private func browsable(
        _ type: UpstreamType, _ table: AnswerTable, credentials: Credentials = .none
    ) throws -> any BrowsableUpstream {
        let upstream = try Sample.upstream(type, "https://hub.example", credentials: credentials, transport: table)
        guard let browsable = upstream as? any BrowsableUpstream else {
            throw HubError(.internalError, "\(type) cannot be looked through")
        }
        return browsable
    }

    /// Every page of a list; nil when it does not end within a bound.
    private func all(_ upstream: any BrowsableUpstream, _ kind: RepositoryKind) async throws -> [String] {
        var paths: [String] = []
        var cursor: String?
        for _ in 0..<50 {
            let page = try await upstream.repositories(kind, after: cursor)
            paths += page.repositories.map(\.path)
            guard let next = page.next else { return paths }
            cursor = next
        }
        throw HubError(.internalError, "the list does not end")
    }

    private let path = UpstreamPath(kind: .model, path: "acme/big")

    // MARK: - Hugging Face

    @Test("Hugging Face's list is read page by page, and its facts become a description")
    func huggingFaceList() async throws {
        let table = AnswerTable { sent in
            let isFirst = sent.request.url.query?.contains("cursor=") != true
            let link = #"<https://hub.example/api/models?limit=1000&cursor=abc%3D>; rel="next""#
            return sent.json(
                isFirst
                    ? """
                    [{"id":"Acme/Big","sha":"\(Self.head)","private":false,"gated":"auto","downloads":7,"likes":2,"author":"Acme",
                      "tags":["license:mit","en"],"pipeline_tag":"text-generation","library_name":"transformers",
                      "createdAt":"2024-01-31T12:00:00.000Z","lastModified":"2024-02-01T00:00:00.500+08:00",
                      "cardData":{"language":["en","zh"]},"safetensors":{"parameters":{"BF16":5,"F32":1},"total":6}},
                     {"id":"gpt2"}]
                    """ : #"[{"id":"acme/small","gguf":{"total":9}}]"#, headers: isFirst ? [("Link", link)] : [])
        }
        let upstream = try browsable(.huggingface, table)
        #expect(upstream.listedKinds == [.model, .dataset, .space])
        let page = try await upstream.repositories(.model, after: nil)
        let found = try #require(page.repositories.first)
        #expect(page.repositories.count == 1, "a name without an owner cannot be mirrored")
        #expect(found.path == "Acme/Big" && found.isGated && !found.isPrivate && found.licenses == ["mit"])
        #expect(found.task == "text-generation" && found.library == "transformers" && found.languages == ["en", "zh"])
        #expect(found.commit?.hex == Self.head && found.createdAt == 1_706_702_400_000)
        #expect(found.updatedAt == 1_706_716_800_500)
        #expect(found.parameters == 6 && found.parametersByType == ["BF16": 5, "F32": 1])
        #expect(try await all(upstream, .model) == ["Acme/Big", "acme/small"])
        #expect(table.sent.last?.line == "GET https://hub.example/api/models?limit=1000&cursor=abc%3D")
        #expect(table.sent.first?.line.contains("expand=safetensors") == true)
    }

    @Test("a hub that does not know a property is asked for whole cards")
    func olderHub() async throws {
        let table = AnswerTable { sent in
            sent.line.contains("expand=")
                ? sent.json(#"{"error":"bad expand"}"#, status: 400) : sent.json(#"[{"id":"acme/big"}]"#)
        }
        #expect(try await all(try browsable(.huggingface, table), .dataset) == ["acme/big"])
        #expect(table.sent.last?.line.contains("full=true") == true)
    }

    @Test(
        "a next page at another host, or that is the same again, is not asked",
        arguments: [
            "<https://evil.example/api/models?cursor=a>; rel=\"next\"",
            "<//evil.example/api/models?cursor=a>; rel=next",
            "<http://hub.example/api/models?cursor=a>; rel=\"next\"", "</api/other?cursor=a>; rel=\"next\"",
            "<https://hub.example:444/api/models?cursor=a>; rel=\"next\"", "<file:///etc/passwd>; rel=\"next\"",
            "<>; rel=\"next\"", "<https://hub.example/api/models>; rel=\"next\"",
        ])
    func hostileLink(link: String) async throws {
        let table = AnswerTable { $0.json(#"[{"id":"acme/big"}]"#, headers: [("Link", link)]) }
        let upstream = try browsable(.huggingface, table)
        let error = await hubError { _ = try await upstream.repositories(.model, after: nil) }
        #expect(error?.code == .upstreamCorrupt)
        #expect(table.sent.count == 1)
    }

    @Test("a list that gives the same page for ever ends", arguments: [UpstreamType.huggingface, .csghub, .modelscope])
    func endless(type: UpstreamType) async throws {
        let table = AnswerTable { sent in
            let next = "<https://hub.example/api/models?cursor=\(sent.request.url.pathAndQuery.count)>; rel=\"next\""
            let entry = #"{"id":"acme/big","path":"acme/big","Path":"acme","Name":"big"}"#
            return type == .huggingface
                ? sent.json("[\(entry)]", headers: [("Link", next)])
                : sent.json(
                    type == .csghub
                        ? #"{"msg":"OK","data":[\#(entry)],"total":99999999}"#
                        : #"{"Code":200,"Success":true,"Data":{"Model":{"Models":[\#(entry)],"TotalCount":99999999}}}"#)
        }
        let upstream = try browsable(type, table)
        let error = await hubError { _ = try await all(upstream, .model) }
        #expect(error?.code == .upstreamCorrupt)
        #expect(table.sent.count <= 3)
    }

    @Test("files come with sizes and digests, from the commit that a branch is at")
    func huggingFaceFiles() async throws {
        let table = AnswerTable { sent in
            if sent.line.contains("/revision/main") { return sent.json(#"{"id":"acme/big","sha":"\#(Self.head)"}"#) }
            if sent.line.contains("cursor=") { return sent.json(#"[{"type":"file","path":"z","size":3,"oid":"x"}]"#) }
            return sent.json(
                """
                [{"type":"directory","path":"sub","oid":"x","size":0},
                 {"type":"file","path":"sub/w.bin","size":130,"oid":"x","lfs":{"oid":"\(Self.oid)","size":77,"pointerSize":130}}]
                """,
                headers: [
                    ("Link", "<https://hub.example/api/models/acme/big/tree/\(Self.head)?cursor=q>; rel=\"next\"")
                ])
        }
        let listing = try await browsable(.huggingface, table).files(of: path, at: "main")
        #expect(listing.commit?.hex == Self.head)
        #expect(
            listing.files == [
                RemoteFile(path: "sub/w.bin", size: 77, digest: BlobID(Self.oid)),
                RemoteFile(path: "z", size: 3, digest: nil),
            ])
        #expect(table.sent.count == 3)
    }

    @Test(
        "what cannot be a list of files is corrupt",
        arguments: [
            #"[{"type":"file","path":"../x","size":1}]"#, #"[{"type":"file","path":"/x","size":1}]"#,
            #"[{"type":"file","path":"a//b","size":1}]"#, #"[{"type":"file","path":".git/config","size":1}]"#,
            #"[{"type":"file","path":"a","size":-1}]"#, #"[{"type":"file","path":"a"}]"#,
            #"[{"type":"file","size":1}]"#,
            #"[{"type":"file","path":"a","size":1},{"type":"file","path":"a","size":1}]"#, "{}", "<html>", "7",
            #"[{"type":"file","path":"a","size":9223372036854775807},{"type":"file","path":"b","size":9223372036854775807}]"#,
        ])
    func hostileFiles(body: String) async throws {
        let table = AnswerTable { $0.json(body) }
        for type in [UpstreamType.huggingface, .weir] {
            let upstream = try browsable(type, table)
            let error = await hubError { _ = try await upstream.files(of: path, at: Self.head) }
            #expect(error?.code == .upstreamCorrupt)
        }
    }

    @Test("a missing revision and a missing repository are told apart")
    func missing() async throws {
        for (code, expected) in [
            ("RevisionNotFound", HubError.Code.revisionNotFound), ("RepoNotFound", .repositoryNotFound),
        ] {
            let table = AnswerTable { $0.json("{}", status: 404, headers: [("X-Error-Code", code)]) }
            let upstream = try browsable(.huggingface, table)
            let error = await hubError { _ = try await upstream.files(of: path, at: "main") }
            #expect(error?.code == expected)
            #expect(try await upstream.describe(path) == nil)
        }
    }

    // MARK: - CSGHub

    @Test("CSGHub's list is read by pages until its total")
    func csghubList() async throws {
        let table = AnswerTable { sent in
            let page = sent.request.url.query?.contains("page=1&") == true ? 1 : 2
            return sent.json(
                """
                {"msg":"OK","total":150,"data":[{"path":"Acme/big\(page)","nickname":"Big","private":false,"default_branch":"main",
                 "description":"a \\u0000model\\nof ours","downloads":3,"likes":1,"created_at":"2026-08-12T23:35:20.187267+08:00",
                 "tags":[{"name":"mit","category":"license"},{"name":"text-generation","category":"task"},
                         {"name":"pytorch","category":"framework"},{"name":"en","category":"language"}],
                 "metadata":{"model_params":0.6,"tensor_type":"BF16"}}]}
                """)
        }
        let upstream = try browsable(.opencsg, table)
        let page = try await upstream.repositories(.model, after: nil)
        let found = try #require(page.repositories.first)
        #expect(found.title == "Big" && found.summary == "a model of ours" && found.licenses == ["mit"])
        #expect(found.task == "text-generation" && found.library == "pytorch" && found.languages == ["en"])
        #expect(found.parameters == 600_000_000 && found.createdAt == 1_786_548_920_187)
        #expect(try await all(upstream, .model) == ["Acme/big1", "Acme/big2"])
        #expect(table.sent.count == 3)
    }

    @Test("a CSGHub's files are walked folder by folder, at the commit that last_commit names")
    func csghubFiles() async throws {
        let table = AnswerTable { sent in
            let line = sent.line
            if line.contains("/last_commit") { return sent.json(#"{"msg":"OK","data":{"id":"\#(Self.head)"}}"#) }
            if line.contains("/tree/sub?") {
                return sent.json(
                    #"{"data":{"Files":[{"type":"file","path":"sub/a","size":5,"mode":"100644"}],"Cursor":""}}"#)
            }
            if line.contains("cursor=") {
                return sent.json(
                    """
                    {"data":{"Files":[{"type":"file","path":"w.bin","size":77,"lfs":true,"lfs_sha256":"\(Self.oid)"}],"Cursor":""}}
                    """)
            }
            return sent.json(#"{"data":{"Files":[{"type":"dir","path":"sub","size":0}],"Cursor":"more"}}"#)
        }
        let listing = try await browsable(.csghub, table).files(of: path, at: "main")
        #expect(listing.commit?.hex == Self.head)
        #expect(Set(listing.files.map(\.path)) == ["w.bin", "sub/a"])
        #expect(listing.files.first { $0.path == "w.bin" }?.digest?.hex == Self.oid)
        #expect(table.sent.allSatisfy { !$0.line.contains("/refs/main/") })
    }

    @Test("a branch's name is never taken for a commit")
    func branchAsCommit() async throws {
        let table = AnswerTable { sent in
            sent.line.contains("/tree/")
                ? sent.json(#"{"data":{"Files":[],"Cursor":""}}"#)
                : sent.json(
                    #"{"msg":"OK","data":{"id":"main","sha":"main","path":"acme/big","default_branch":"main"}}"#)
        }
        let upstream = try browsable(.csghub, table)
        #expect(try await upstream.files(of: path, at: "main").commit == nil)
        #expect(try await upstream.describe(path)?.commit == nil)
    }

    @Test("without the tree route the flat tree is asked, then the siblings, then what all_files holds")
    func csghubFallbacks() async throws {
        for fallback in ["/csg/api/models/acme/big/tree/", "/csg/api/models/acme/big/revision/", "/all_files"] {
            let table = AnswerTable { sent in
                guard sent.line.contains(fallback) else { return sent.json("{}", status: 404) }
                return switch fallback {
                case "/all_files": sent.json(#"{"msg":"OK","data":[{"type":"file","path":"a","size":1}]}"#)
                case "/csg/api/models/acme/big/tree/": sent.json(#"[{"type":"file","path":"a","size":1}]"#)
                default: sent.json(#"{"sha":"\#(Self.head)","siblings":[{"rfilename":"a","size":1}]}"#)
                }
            }
            let listing = try await browsable(.csghub, table).files(of: path, at: Self.head)
            #expect(listing.files.map(\.path) == ["a"], "\(fallback)")
        }
        let cut = (0..<100).map { #"{"type":"file","path":"f\#($0)","size":1}"# }.joined(separator: ",")
        let table = AnswerTable { sent in
            sent.line.contains("/all_files") ? sent.json(#"{"data":[\#(cut)]}"#) : sent.json("{}", status: 404)
        }
        let upstream = try browsable(.csghub, table)
        let error = await hubError { _ = try await upstream.files(of: path, at: Self.head) }
        #expect(error?.code == .upstreamCorrupt, "a list that may be cut is no list")
    }

    @Test("folders within themselves and cursors that come back end the walk")
    func csghubLoops() async throws {
        for body in [
            #"{"data":{"Files":[{"type":"dir","path":"sub"}],"Cursor":""}}"#,
            #"{"data":{"Files":[],"Cursor":"again"}}"#,
            #"{"data":{"Files":[{"type":"dir","path":"../up"}],"Cursor":""}}"#,
        ] {
            let table = AnswerTable { $0.json(body) }
            let upstream = try browsable(.csghub, table)
            let error = await hubError { _ = try await upstream.files(of: path, at: Self.head) }
            #expect(error?.code == .upstreamCorrupt)
            #expect(table.sent.count < 5)
        }
    }

    // MARK: - Texts

    @Test("texts are cut and cleaned, and lists of words end")
    func bounds() {
        var description = RemoteDescription(kind: .model, path: "acme/big")
        description.title = String(repeating: "ä", count: 10_000)
        description.summary = "a\u{202E}b\u{0}c\r\n\td"
        description.tags = (0..<10_000).map { "tag\($0)" } + ["tag1", String(repeating: "x", count: 5_000)]
        description.parametersByType = ["F32": 1, "bad\n": 2, "neg": -1]
        let bounded = description.bounded()
        #expect((bounded.title?.utf8.count ?? 0) <= BrowseBounds.title)
        #expect(bounded.summary == "abc d")
        #expect(bounded.tags.count == BrowseBounds.tags)
        #expect(bounded.parametersByType == ["F32": 1])
    }

    @Test(
        "moments are read in the forms that hubs write",
        arguments: [
            ("2024-01-31T12:00:00.000Z", 1_706_702_400_000 as Int64?), ("2024-01-31T12:00:00Z", 1_706_702_400_000),
            ("2024-01-31T20:00:00+08:00", 1_706_702_400_000), ("2024-01-31 12:00:00", 1_706_702_400_000),
            ("2024-02-29", 1_709_164_800_000), ("0001-01-01T00:00:00Z", nil), ("2024-13-01T00:00:00Z", nil), ("x", nil),
            ("", nil), ("2024-01-31T12:00:00Zz", nil), ("2024-01-31T25:00:00Z", nil),
        ])
    func moments(text: String, expected: Int64?) {
        #expect(RemoteTime.milliseconds(text) == expected)
        #expect(RemoteTime.milliseconds(.integer(1_726_842_501)) == 1_726_842_501_000)
        #expect(RemoteTime.milliseconds(.number(1e300)) == nil)
    }
}
