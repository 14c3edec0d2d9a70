import Foundation
import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: writing files")
struct CSGHubFileWriteTests {
    private let raw = "/models/alice/m/raw"

    private func body(_ content: String, _ more: String = "") -> String {
        #"{"message":"m","content":"\#(content.base64)"\#(more)}"#
    }

    @Test("a file is created once, updated by who saw it, moved and removed")
    func rawFile() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        #expect(try await fixture.send(.post, "\(raw)/a.txt", body("one\n"), token: token).status == 200)
        let again = try await fixture.send(.post, "\(raw)/a.txt", body("two\n"), token: token)
        #expect(again.status == 409 && again.text.contains("GIT-ERR-20"))
        let missing = try await fixture.send(.put, "\(raw)/none.txt", body("x"), token: token)
        #expect(missing.status == 404 && missing.json["code"]?.string == "GIT-ERR-15")
        let sha = try #require(
            try await fixture.get("/models/alice/m/blob/a.txt").json["data"]?["sha"]?.string)
        let updated = try await fixture.send(
            .put, "\(raw)/a.txt", body("two\n", #","sha":"\#(sha)""#), token: token)
        #expect(updated.status == 200)
        let stale = try await fixture.send(.put, "\(raw)/a.txt", body("3\n", #","sha":"\#(sha)""#), token: token)
        #expect(stale.status == 412)
        let moved = try await fixture.send(
            .put, "\(raw)/b/c.txt", body("two\n", #","origin_path":"a.txt""#), token: token)
        #expect(moved.status == 200)
        #expect(try await fixture.get("\(raw)/a.txt").status == 404)
        #expect(try await fixture.get("\(raw)/b/c.txt").json["data"]?.string == "two\n")
        let removed = try await fixture.send(
            .delete, "\(raw)/b/c.txt", #"{"message":"gone","branch":"main"}"#, token: token)
        #expect(removed.status == 200)
        #expect(try await fixture.send(.delete, "\(raw)/b/c.txt", "{}", token: token).status == 404)
        let last = try await fixture.get("/models/alice/m/last_commit").json["data"]
        #expect(last?["message"]?.string?.hasPrefix("gone") == true)
        #expect(last?["author_name"]?.string == "alice")
    }

    @Test("a card that a repository was made with gives way once, and a written one does not")
    func firstCard() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        #expect(try await fixture.send(.post, "\(raw)/README.md", body("# Mine\n"), token: token).status == 200)
        let again = try await fixture.send(.post, "\(raw)/README.md", body("# Other\n"), token: token)
        #expect(again.text.contains("GIT-ERR-20"))
        #expect(try await fixture.get("\(raw)/README.md").json["data"]?.string == "# Mine\n")
    }

    @Test("a new branch is made by the file that is put on it, as the SDK makes one")
    func newBranch() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let made = try await fixture.send(
            .post, "\(raw)/.gitattributes", body("*.bin filter=lfs\n", #","new_branch":"dev""#), token: token)
        #expect(made.status == 200)
        let names = try await fixture.get("/models/alice/m/branches").json["data"]?.elements
        #expect(names?.compactMap { $0["name"]?.string }.sorted() == ["dev", "main"])
        #expect(try await fixture.get("\(raw)/README.md?ref=dev").status == 200)
        let onMain = try await fixture.get("\(raw)/.gitattributes").json["data"]?.string
        #expect(onMain != "*.bin filter=lfs\n")
        let absent = try await fixture.send(
            .post, "\(raw)/x.txt", body("x", #","branch":"nowhere""#), token: token)
        #expect(absent.status == 404 && absent.json["code"]?.string == "GIT-ERR-6")
        let failed = try await fixture.send(
            .put, "\(raw)/none.txt", body("x", #","new_branch":"half""#), token: token)
        #expect(failed.status == 404)
        let after = try await fixture.get("/models/alice/m/branches").json["data"]?.elements
        #expect(after?.count == 2)
    }

    @Test("two who create the same file at once: one does")
    func race() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<4 {
                group.addTask {
                    try await fixture.send(.post, "\(raw)/same.txt", body("\(index)"), token: token).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200, 409, 409, 409])
    }

    @Test("paths, contents and ids that cannot be are refused")
    func nonsense() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        #expect(try await fixture.send(.post, "\(raw)/.git/config", body("x"), token: token).status == 422)
        #expect(
            try await fixture.send(.post, "\(raw)/x", #"{"content":"no base64!"}"#, token: token).status == 400)
        #expect(
            try await fixture.send(.put, "\(raw)/README.md", body("x", #","sha":"zz""#), token: token).status == 400)
        let pointer = String(decoding: LFSPointer(oid: BlobID(hashing: [1, 2, 3]), size: 3).encoded, as: UTF8.self)
        let foreign = try await fixture.send(.post, "\(raw)/x.bin", body(pointer), token: token)
        #expect(foreign.status == 400, "a pointer to a blob nobody uploaded here")
    }

    @Test(
        "an upload lands in git or in the blob store, wherever the file stands in the form", arguments: [true, false])
    func uploads(fileFirst: Bool) async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let fields = [("branch", "main"), ("message", "Add it")]
        let text = try await fixture.upload(
            Array("hello\r\n--xy\n".utf8), to: "/models/alice/m/upload_file", as: "a.txt",
            fields: [("file_path", "docs/a.txt")] + fields, fileFirst: fileFirst, token: token)
        #expect(text.status == 200, "\(text.text)")
        #expect(try await fixture.get("\(raw)/docs/a.txt").json["data"]?.string == "hello\r\n--xy\n")
        let binary = try await fixture.upload(
            [1, 0, 2, 0], to: "/models/alice/m/upload_file", as: "w.dat", fields: [("file_path", "w.dat")] + fields,
            fileFirst: fileFirst, token: token)
        #expect(binary.status == 200, "\(binary.text)")
        let file = try await fixture.get("/models/alice/m/blob/w.dat").json["data"]
        #expect(file?["lfs"] == .boolean(true))
        #expect(file?["lfs_sha256"]?.string == BlobID(hashing: [1, 0, 2, 0]).hex)
        let again = try await fixture.upload(
            [1, 0, 2, 0], to: "/models/alice/m/upload_file", as: "w.dat", fields: fields, token: token)
        #expect(again.status == 409 && again.text.contains("GIT-ERR-20"))
    }

    @Test("a large file is streamed to the blob store")
    func uploadsLarge() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let bytes = [UInt8](repeating: 0x61, count: Int(RepositoryService.largeFileSize) + 70_000)
        let answer = try await fixture.upload(
            bytes, to: "/models/alice/m/upload_file", as: "big.txt", fields: [("branch", "main")], token: token)
        #expect(answer.status == 200, "\(answer.text)")
        let file = try await fixture.get("/models/alice/m/blob/big.txt").json["data"]
        #expect(file?["lfs"] == .boolean(true))
        #expect(file?["size"]?.integer == Int64(bytes.count))
    }

    @Test("what is no form, or ends too soon, is refused and leaves nothing")
    func brokenForms() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let target = CSGHubFixture.base + "/models/alice/m/upload_file"
        let plain = try await fixture.hub.ask(fixture.routes, .post, target, token: token, body: "x")
        #expect(plain.status == 415)
        for body in [
            "", "--xyz", "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf",
            "--xyz\r\n\r\n\r\nno name\r\n--xyz--", "--xyz--",
        ] {
            let answer = try await fixture.hub.ask(
                fixture.routes, .post, target, token: token,
                headers: [.contentType: "multipart/form-data; boundary=xyz"], body: body)
            #expect(answer.status == 400, "\(body)")
        }
        #expect(try await fixture.get("/models/alice/m/commits").json["data"]?["total"]?.integer == 1)
    }

    @Test("the SDK learns how each file is to come, and commits them")
    func commits() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let asked = try await fixture.send(
            .post, "/models/alice/m/preupload/main",
            """
            {"files":[{"path":"a.txt","size":3,"sample":"\("one".base64)"},{"path":"w.safetensors","size":5},
             {"path":"README.md","size":9},{"path":"huge.txt","size":20000000},{"path":"empty.bin","size":0}]}
            """, token: token)
        #expect(asked.json["msg"]?.string == "OK")
        // As `base64.encode` of Python writes it, with a line end at every 76th letter.
        let broken = Data(String(repeating: "long line ", count: 20).utf8).base64EncodedString(
            options: [.lineLength76Characters, .endLineWithLineFeed]).replacing("\n", with: "\\n")
        let lines = try await fixture.send(
            .post, "/models/alice/m/commit/main",
            #"{"message":"x","files":[{"path":"mime.txt","action":"create","content":"\#(broken)\n"}]}"#, token: token)
        #expect(lines.status == 200, "\(lines.text)")
        let files = asked.json["data"]?["files"]?.elements ?? []
        #expect(
            files.compactMap { $0["uploadMode"]?.string } == ["regular", "lfs", "regular", "lfs", "regular"])
        #expect(files.first?.keys.sorted() == ["isDir", "oid", "path", "shouldIgnore", "uploadMode"])
        #expect(files.first?["oid"]?.string == "")
        #expect(files.dropFirst(2).first?["oid"]?.string?.count == 40)
        let commit =
            #"{"message":"Add two","files":[{"path":"a.txt","action":"create","content":"\#("one".base64)"},"#
            + #"{"path":"b.txt","action":"update","content":"\#("two".base64)"}]}"#
        let done = try await fixture.send(.post, "/models/alice/m/commit/main", commit, token: token)
        #expect(done.status == 200 && done.json["msg"]?.string == "OK", "\(done.text)")
        let repeated = try await fixture.send(.post, "/models/alice/m/commit/main", commit, token: token)
        #expect(repeated.status == 200, "a commit that is sent again has not failed")
        #expect(try await fixture.get("/models/alice/m/commits").json["data"]?["total"]?.integer == 3)
        let taken = try await fixture.send(
            .post, "/models/alice/m/commit/main",
            #"{"message":"x","files":[{"path":"a.txt","action":"create","content":"\#("else".base64)"}]}"#,
            token: token)
        #expect(taken.text.contains("GIT-ERR-20"))
        let removed = try await fixture.send(
            .post, "/models/alice/m/commit/main",
            #"{"files":[{"path":"b.txt","action":"delete"}],"message":"less"}"#, token: token)
        #expect(removed.status == 200)
        #expect(try await fixture.get("\(raw)/b.txt").status == 404)
    }

    @Test("commits that make no sense change nothing")
    func badCommits() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let bodies = [
            "", "[]", #"{"message":"x"}"#, #"{"message":"x","files":[]}"#, #"{"message":"x","files":[1]}"#,
            #"{"message":"x","files":[{"path":"a","action":"create","content":"!"}]}"#,
            #"{"message":"x","files":[{"path":"a","action":"explode","content":""}]}"#,
            #"{"message":"x","files":[{"path":"a","action":"create","content":""}]"#,
        ]
        for body in bodies {
            let answer = try await fixture.send(.post, "/models/alice/m/commit/main", body, token: token)
            #expect(answer.status == 400, "\(body): \(answer.text)")
        }
        let outside = try await fixture.send(
            .post, "/models/alice/m/commit/main",
            #"{"message":"x","files":[{"path":"../a","action":"create","content":""}]}"#, token: token)
        #expect(outside.status == 422)
        let branch = try await fixture.send(
            .post, "/models/alice/m/commit/nowhere",
            #"{"message":"x","files":[{"path":"a","action":"create","content":""}]}"#, token: token)
        #expect(branch.status == 404)
        #expect(try await fixture.get("/models/alice/m/commits").json["data"]?["total"]?.integer == 1)
    }

    @Test("an empty repository takes its first commit on its default branch")
    func empty() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.hub.token(for: "alice")
        try await fixture.hub.create("model:alice/empty")
        let modes = try await fixture.send(
            .post, "/models/alice/empty/preupload/main", #"{"files":[{"path":"a","size":1}]}"#, token: token)
        #expect(modes.status == 200)
        let first = try await fixture.send(
            .post, "/models/alice/empty/raw/.gitattributes", body("x\n", #","new_branch":"main""#), token: token)
        #expect(first.status == 200, "\(first.text)")
        #expect(try await fixture.get("/models/alice/empty/branches").json["data"]?.elements.count == 1)
    }
}
