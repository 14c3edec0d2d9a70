import Foundation
import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: trees, commits and files")
struct CSGHubContentTests {
    private func names(_ answer: TestHub.Answer, _ member: String? = nil) -> [String] {
        let list = member.map { answer.json["data"]?[$0] } ?? answer.json["data"]
        return list?.elements.compactMap { $0["path"]?.string } ?? []
    }

    @Test("a folder is listed with the last commit of each entry")
    func folder() async throws {
        let fixture = try await CSGHubFixture()
        let (first, second) = try await fixture.demo()
        let root = try await fixture.get("/models/acme/demo/tree")
        #expect(Set(names(root)) == ["README.md", "config.json", "model.bin", "onnx"])
        #expect(names(try await fixture.get("/models/acme/demo/tree?path=onnx&ref=main")) == ["onnx/model.onnx"])
        let file = try #require(root.json["data"]?.elements.first { $0["name"]?.string == "model.bin" })
        #expect(file["lfs"] == .boolean(true))
        #expect(file["size"]?.integer == 100)
        #expect(file["mode"]?.string == "100644")
        #expect(file["lfs_sha256"]?.string?.count == 64)
        #expect(file["lfs_relative_path"]?.string?.count == 66)
        #expect(file["last_commit_sha"]?.string == second.hex)
        #expect(file["commit"]?["message"]?.string?.hasPrefix("Explain the model") == true)
        let folder = root.json["data"]?.elements.first { $0["name"]?.string == "onnx" }
        #expect(folder?["type"]?.string == "dir")
        let past = try await fixture.get("/models/acme/demo/tree?ref=\(first.hex)")
        #expect(Set(names(past)) == ["README.md", "config.json", "old.txt"])
    }

    @Test("the paged listing has capital keys and a cursor that pins the commit", arguments: ["tree", "remote_tree"])
    func paged(word: String) async throws {
        let fixture = try await CSGHubFixture()
        let (_, second) = try await fixture.demo()
        let first = try await fixture.get("/models/acme/demo/refs/main/\(word)/?limit=3")
        #expect(first.json["data"]?.keys.sorted() == ["Cursor", "Files"])
        let cursor = try #require(first.json["data"]?["Cursor"]?.string)
        #expect(cursor.hasPrefix(second.hex))
        let rest = try await fixture.get("/models/acme/demo/refs/main/\(word)?limit=3&cursor=\(cursor)")
        #expect(
            Set(names(first, "Files") + names(rest, "Files")) == ["README.md", "config.json", "model.bin", "onnx"])
        #expect(rest.json["data"]?["Cursor"]?.string == "")
        let branch = try await fixture.get("/models/acme/demo/refs/refs%2Fheads%2Fmain/\(word)/onnx")
        #expect(names(branch, "Files") == ["onnx/model.onnx"])
        #expect(try await fixture.get("/models/acme/demo/refs/main/\(word)?cursor=x").status == 400)
    }

    @Test("the log of a folder names the commits")
    func logs() async throws {
        let fixture = try await CSGHubFixture()
        let (_, second) = try await fixture.demo()
        let answer = try await fixture.get("/models/acme/demo/refs/main/logs_tree/?limit=2&offset=1")
        #expect(answer.json["data"]?.keys == ["Commits"])
        let commits = answer.json["data"]?["Commits"]?.elements ?? []
        #expect(commits.count == 2)
        #expect(commits.allSatisfy { $0["id"]?.string == second.hex && $0["path"]?.string != nil })
    }

    @Test("all files come by hundreds, with a link to the rest")
    func allFiles() async throws {
        let fixture = try await CSGHubFixture()
        let key = try await fixture.hub.create("dataset:acme/many")
        let files = Dictionary(uniqueKeysWithValues: (0..<130).map { ("d/\($0).txt", TestHub.File.git("\($0)")) })
        try await fixture.hub.commit(files, to: key, kind: .dataset)
        let first = try await fixture.get("/datasets/acme/many/all_files")
        #expect(names(first).count == 100)
        let link = try #require(first.headers["Link"])
        let target = try #require(link.split(separator: ">").first?.dropFirst("<http://hub.test/api/v1".count))
        let rest = try await fixture.get(String(target))
        #expect(rest.headers["Link"] == nil)
        #expect(Set(names(first) + names(rest)) == Set(files.keys))
    }

    @Test("a mirror without history lists its files all the same")
    func mirror() async throws {
        let fixture = try await CSGHubFixture(source: SilentSource())
        let key = try await fixture.hub.mirror("model:far/away")
        try await fixture.hub.commit(["a.txt": .git("a")], to: key)
        let answer = try await fixture.get("/models/far/away/all_files")
        #expect(names(answer) == ["a.txt"])
        #expect(answer.json["data"]?.elements.first?["commit"]?["id"]?.string == "")
        #expect(answer.headers["X-Weir-Stale"] != nil)
    }

    @Test("commits are shown one, last and by pages")
    func commits() async throws {
        let fixture = try await CSGHubFixture()
        let (first, second) = try await fixture.demo()
        let last = try await fixture.get("/models/acme/demo/last_commit?ref=main").json["data"]
        #expect(last?["id"]?.string == second.hex)
        #expect(last?["committer_date"]?.string == "2020-09-13T12:26:40.000Z")
        let page = try await fixture.get("/models/acme/demo/commits?per=1&page=2").json["data"]
        #expect(page?["commits"]?.elements.compactMap { $0["id"]?.string } == [first.hex])
        #expect(page?["total"]?.integer == 2)
        #expect(page?["page_count"]?.integer == 2)
        let one = try #require(try await fixture.get("/models/acme/demo/commit/\(second.hex)").json["data"])
        #expect(one["parents"]?.elements.compactMap { $0["sha"]?.string } == [first.hex])
        #expect(
            Set(one["files"]?.strings ?? [])
                == ["README.md", "config.json", "model.bin", "old.txt", "onnx/model.onnx"])
        let stats = one["stats"]
        #expect(stats?["total"]?.integer == (stats?["additions"]?.integer ?? 0) + (stats?["deletions"]?.integer ?? 0))
        #expect(stats?["deletions"]?.integer == 2)
        let root = try await fixture.get("/models/acme/demo/commit/\(first.hex)").json["data"]
        #expect(root?["files"]?.strings.count == 3)
        #expect(root?["stats"]?["additions"]?.integer == 3)
        #expect(try await fixture.get("/models/acme/demo/commit/\(String(repeating: "0", count: 40))").status == 404)
    }

    @Test("a difference tells what to fetch again")
    func difference() async throws {
        let fixture = try await CSGHubFixture()
        let (first, second) = try await fixture.demo()
        let answer = try await fixture.get("/models/acme/demo/diff?left_commit_id=\(first.hex)")
        let diff = try #require(answer.json["data"]?.elements.first)
        #expect(diff["added"]?.strings.sorted() == ["model.bin", "onnx/model.onnx"])
        #expect(diff["removed"]?.strings == ["old.txt"])
        #expect(diff["modified"]?.strings == ["README.md", "config.json"])
        let back = try await fixture.get(
            "/models/acme/demo/diff?left_commit_id=\(second.hex)&right_commit_id=\(first.hex)")
        #expect(back.json["data"]?.elements.first?["added"]?.strings == ["old.txt"])
        #expect(try await fixture.get("/models/acme/demo/diff").status == 400)
    }

    @Test("branches are listed and the size of one is told")
    func refs() async throws {
        let fixture = try await CSGHubFixture()
        let (_, second) = try await fixture.demo()
        let branches = try await fixture.get("/models/acme/demo/branches")
        let branch = try #require(branches.json["data"]?.elements.first)
        #expect(branch["name"]?.string == "main")
        #expect(branch["commit"]?["id"]?.string == second.hex)
        let size = try await fixture.get("/models/acme/demo/size/main").json["data"]?["total_size"]?.integer
        #expect((size ?? 0) > 100)
        let tags = try await fixture.get("/models/acme/demo/tags").json["data"]?.elements
        #expect(tags?.contains { $0["category"]?.string == "license" && $0["show_name"]?.string == "mit" } == true)
    }

    @Test("a file comes as text, as base64 and as bytes")
    func files() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.demo()
        let raw = try await fixture.get("/models/acme/demo/raw/onnx/model.onnx?ref=main")
        #expect(raw.json["data"]?.string == "graph")
        let pointer = try await fixture.get("/models/acme/demo/raw/model.bin").json["data"]?.string
        #expect(pointer?.hasPrefix("version https://git-lfs.github.com/spec/v1\n") == true)
        let blob = try #require(try await fixture.get("/models/acme/demo/blob/onnx/model.onnx").json["data"])
        #expect(blob["content"]?.string == Data("graph".utf8).base64EncodedString())
        #expect(blob["preview_code"]?.integer == 0)
        #expect(try await fixture.get("/models/acme/demo/blob/model.bin").json["data"]?["preview_code"]?.integer == 2)
        let whole = try await fixture.get("/models/acme/demo/resolve/model.bin")
        #expect(whole.status == 200)
        #expect(whole.body == Array(0..<100))
        let part = try await fixture.get("/models/acme/demo/resolve/model.bin", range: "bytes=10-19")
        #expect(part.status == 206)
        #expect(part.body == Array(10..<20))
        let saved = try await fixture.get("/models/acme/demo/download/onnx/model.onnx")
        #expect(saved.text == "graph")
        #expect(saved.headers[.contentDisposition]?.hasPrefix("attachment") == true)
        #expect(try await fixture.get("/models/acme/demo/resolve/onnx").status == 404)
        #expect(try await fixture.get("/models/acme/demo/raw/none.txt").json["code"]?.string == "GIT-ERR-15")
        #expect(try await fixture.get("/models/acme/demo/raw/a.txt?ref=gone").json["code"]?.string == "GIT-ERR-6")
    }

    @Test("the link to a private LFS file works without credentials, for that file alone")
    func links() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.hub.token(for: "acme")
        let key = try await fixture.hub.create("model:acme/secret", visibility: .private)
        try await fixture.hub.commit(["w.bin": .lfs([1, 2, 3])], to: key)
        let answer = try await fixture.get("/models/acme/secret/download/w.bin?lfs=true", token: token)
        let link = try #require(answer.json["data"]?.string)
        let target = try #require(link.hasPrefix("http://hub.test") ? link.dropFirst("http://hub.test".count) : nil)
        let bytes = try await fixture.hub.ask(fixture.routes, .get, String(target))
        #expect(bytes.body == [1, 2, 3])
        let other = target.replacingOccurrences(of: "signature=", with: "signature=0")
        #expect(try await fixture.hub.ask(fixture.routes, .get, other).status == 403)
    }
}
