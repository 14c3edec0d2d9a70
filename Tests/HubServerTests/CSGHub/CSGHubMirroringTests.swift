import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: having repositories mirrored, and how that stands")
struct CSGHubMirroringTests {
    private let fixture: CSGHubFixture
    private let admin: String

    init() async throws {
        fixture = try await CSGHubFixture()
        let root = try await fixture.hub.identities.createUser("root", isAdministrator: true)
        admin = try await fixture.hub.identities.createToken(
            for: root, name: "t", scope: .admin, expiresAt: nil
        ).reveal()
    }

    private static let here = "/models/far/Away"
    private static let source = #"{"source_url":"https://hub.example.com/models/far/Away.git"}"#

    private func status() async throws -> JSONValue? {
        try await fixture.get(Self.here + "/mirror_from_saas/status").json["data"]
    }

    private func shown() async throws -> (sync: String?, task: String?) {
        let data = try await fixture.get(Self.here).json["data"]
        return (data?["sync_status"]?.string, data?["mirror_task_status"]?.string)
    }

    @Test("a repository is mirrored once at a time; 2.4 is told the task, and versions before are told that it is fine")
    func fromUpstream() async throws {
        let key = try await fixture.hub.mirror("model:far/Away")
        let path = Self.here + "/mirror_from_saas"
        let asked = try await fixture.send(.post, path, token: admin)
        #expect(asked.status == 202 && asked.json["msg"]?.string == "Accepted")
        let data = try #require(asked.json["data"])
        #expect(data["repository_id"]?.integer == key && data["status"]?.string == "queued")
        let task = try #require(data["task_id"]?.integer)
        let again = try await fixture.send(.post, path, token: admin)
        #expect(again.json["data"]?["task_id"]?.integer == task)
        for version in ["2.3", "v2.3.1", "1.9"] {
            let old = try await fixture.send(.post, path + "?version=\(version)", token: admin)
            #expect(old.status == 200 && old.text == #"{"msg":"OK"}"#, "\(version)")
        }
        #expect(try await fixture.send(.post, path + "?version=v2.4.0-ce", token: admin).status == 202)
        #expect(try await fixture.send(.post, path + "?version=new", token: admin).status == 400)
        let visitor = try await fixture.hub.token(for: "visitor")
        #expect(try await fixture.send(.post, path, token: visitor).status == 403)
        #expect(try await fixture.send(.post, path).status == 401)
        try await fixture.hub.create("model:acme/here")
        let local = try await fixture.send(.post, "/models/acme/here/mirror_from_saas", token: admin)
        #expect(local.status == 409 && local.json["code"]?.string == "MIRROR-ERR-0")
    }

    @Test("a task is followed from the queue to its end, in the repository, in lists and in the queue's table")
    func states() async throws {
        let jobs = fixture.hub.jobs
        let key = try await fixture.hub.mirror("model:far/Away")
        try await fixture.hub.commit(["README.md": .git("# Away\n")], to: key)
        #expect(try await shown() == ("pending", ""))
        #expect(try await fixture.send(.post, Self.here + "/mirror_from_saas", token: admin).status == 202)
        #expect(try await shown() == ("pending", "queued"))
        let lease = try #require(try await jobs.claim(by: "me", lease: 60_000))
        #expect(try await shown() == ("inprogress", "running"))
        #expect(try await status()?["phase"]?.string == "repo")
        #expect(try await status()?["repo_ready"]?.flag == false)
        _ = try await jobs.finish(lease, .failed(HubError(.upstreamCorrupt, "The pack was refused.")))
        #expect(try await shown() == ("failed", "repo_failed"))
        let failed = try await status()
        #expect(failed?["failure_reason"]?.string == "REPO_SYNC_FAILED" && failed?["terminal"]?.flag == true)
        let row = try await fixture.get("/mirror/repos", token: admin).json["data"]?["data"]?.elements.first
        #expect(row?["sync_status"]?.string == "failed" && row?["progress"]?.integer == 0)
        let task = try #require(row?["task_id"]?.integer)
        let body = #"{"task_id":\#(task)}"#
        #expect(try await fixture.send(.post, "/lfs_sync/sync_now", body, token: admin).text == #"{"msg":"OK"}"#)
        let queued = try await fixture.get("/mirror/tasks?per=10&page=1", token: admin).json
        let first = queued["data"]?.elements.first
        #expect(queued["total"]?.integer == 1 && first?["is_urgent"]?.flag == true)
        #expect(first?["repo_path"]?.string == "far/Away" && first?["priority"]?.integer == 1)
        #expect(first?["repo_stage"]?["state"]?.string == "available")
        #expect(first?["source_url"]?.string == "https://hub.example.com/far/Away")
        #expect(try await fixture.send(.post, "/lfs_sync/cancel", body, token: admin).status == 200)
        #expect(try await shown() == ("canceled", "cancelled"))
        #expect(try await status()?["failure_reason"]?.string == "SYNC_CANCELLED")
        #expect(
            try await fixture.send(.post, Self.here + "/mirror/sync", #"{"urgent":true}"#, token: admin).status == 200)
        #expect(try await shown() == ("pending", "queued"))
        let old = try await fixture.get(Self.here + "/mirror_from_saas/status?task_id=\(task)").json["data"]
        #expect(old?["superseded"]?.flag == true && old?["status"]?.string == "cancelled")
        let second = try #require(try await jobs.claim(by: "me", lease: 60_000))
        _ = try await jobs.finish(second, .succeeded)
        #expect(try await shown() == ("completed", "finished"))
        let done = try await status()
        #expect(done?["progress"]?.integer == 100 && done?["phase"]?.string == "done")
        #expect(
            try await fixture.get("/models?search=away").json["data"]?.elements.first?["sync_status"]?.string
                == "completed")
        let counts = try await fixture.get("/mirror/statistics", token: admin).json["data"]?.elements
        #expect(counts?.compactMap { $0["Status"]?.string } == ["finished", "cancelled"])
        #expect(done?["mirror_id"]?.integer == key)
        #expect(try await fixture.send(.delete, "/mirror/\(key)", token: admin).status == 200)
        #expect(try await fixture.send(.delete, "/mirror/1", token: admin).status == 404)
        #expect(try await fixture.send(.post, "/lfs_sync/cancel", #"{"task_id":99}"#, token: admin).status == 404)
    }

    @Test("an address that policy says is taken, and what it does not say is refused with the file that would allow it")
    func sources() async throws {
        try await fixture.hub.mirror("model:far/Away")
        let path = Self.here + "/mirror"
        let made = try await fixture.send(.post, path, Self.source, token: admin)
        #expect(made.status == 200 && made.json["data"]?["status"]?.string == "queued", "\(made.text)")
        #expect(made.json["data"]?["source_url"]?.string == "https://hub.example.com/far/Away")
        // OpenCSG serves git from another host than its API.
        let git = #"{"source_url":"https://sync.example.com/models/FAR/away"}"#
        #expect(try await fixture.send(.put, path, git, token: admin).status == 200)
        func refusal(_ address: String, _ extra: String = "") async throws -> (Int, String?, String) {
            let answer = try await fixture.send(
                .post, path, #"{"source_url":"\#(address)"\#(extra)}"#, token: admin)
            return (answer.status, answer.json["code"]?.string, answer.json["msg"]?.string ?? "")
        }
        let unknown = try await refusal("https://github.com/far/Away.git")
        #expect(unknown.0 == 403 && unknown.1 == "POLICY-ERR-0")
        #expect(unknown.2.contains("github.com") && unknown.2.contains("mirrors.d/github-com.yaml"))
        let other = try await refusal("https://hub.example.com/models/far/Other")
        #expect(other.0 == 400 && other.2.contains("mirrors.d/test.yaml") && other.2.contains("far/Other"))
        let kind = try await refusal("https://hub.example.com/datasets/far/Away")
        #expect(kind.0 == 400 && kind.2.contains("mirrors.d/test.yaml"))
        #expect(try await refusal("file:///etc/passwd").0 == 400)
        let secret = try await refusal("https://hub.example.com/models/far/Away", #","access_token":"s3cret""#)
        #expect(secret.0 == 400 && secret.1 == "MIRROR-ERR-5" && !secret.2.contains("s3cret"))
        let removed = try await fixture.send(.delete, path, token: admin)
        #expect(removed.status == 409 && removed.text.contains("mirrors.d/test.yaml"))
        // What nobody here knows and no upstream has is not there, whatever its address.
        #expect(try await fixture.send(.post, "/models/far/none/mirror", Self.source, token: admin).status == 404)
    }

    @Test("administrators ask for repositories by address, one by one and together, and operators may too")
    func administration() async throws {
        let repository = """
            {"source_namespace":"far","source_name":"Away","source_url":"https://hub.example.com/models/far/Away.git",
            "repo_type":"model","branch":"main","priority":4}
            """
        #expect(try await fixture.send(.post, "/mirror/repo", repository, token: admin).text == #"{"msg":"OK"}"#)
        let wrong = repository.replacing(#""far""#, with: #""near""#)
        #expect(try await fixture.send(.post, "/mirror/repo", wrong, token: admin).status == 400)
        let batch = """
            {"mirrors":[{"source_url":"https://hub.example.com/datasets/a/b","repo_type":"dataset"},
            {"source_url":"https://elsewhere.example.com/a/b","repo_type":"dataset"}]}
            """
        let refused = try await fixture.send(.post, "/mirror/batch", batch, token: admin)
        #expect(refused.status == 403 && refused.text.contains("elsewhere.example.com"))
        let jobs = try await fixture.hub.jobs.jobs(JobQuery()).jobs
        #expect(jobs.map(\.draft.subject) == ["model:far/Away"] && jobs.first?.draft.priority == .low)
        let good = batch.replacing("elsewhere.example.com/a/b", with: "hub.example.com/datasets/a/c")
        #expect(try await fixture.send(.post, "/mirror/batch", good, token: admin).status == 200)
        #expect(try await fixture.hub.jobs.jobs(JobQuery()).jobs.count == 3)
        let visitor = try await fixture.hub.token(for: "visitor")
        #expect(try await fixture.send(.post, "/mirror/batch", good, token: visitor).status == 403)
        let listed = try await fixture.get("/mirror/sources", token: admin).json["data"]?.elements
        #expect(listed?.compactMap { $0["source_name"]?.string } == ["hub"])
        #expect(try await fixture.get("/mirror/sources/1", token: admin).json["data"]?["id"]?.integer == 1)
        #expect(try await fixture.get("/mirror/sources/2", token: admin).status == 404)
        let added = try await fixture.send(.post, "/mirror/sources", #"{"source_name":"x"}"#, token: admin)
        #expect(added.status == 409 && added.text.contains("spec.upstreams"))
        #expect(try await fixture.send(.delete, "/mirror/sources/1", token: admin).text.contains("mirrors.d/test.yaml"))
    }

    @Test("the token of the Sync page is shown to administrators and kept under a key")
    func settings() async throws {
        #expect(try await fixture.get("/sync/client_setting", token: admin).status == 404)
        let body = #"{"token":"a-sync-token","concurrent_count":2,"max_bandwidth":100,"default":true}"#
        let made = try await fixture.send(.post, "/sync/client_setting", body, token: admin)
        #expect(made.status == 200, "\(made.text)")
        let shown = try await fixture.get("/sync/client_setting", token: admin).json["data"]
        #expect(shown?["token"]?.string == "a-sync-token" && shown?["concurrent_count"]?.integer == 2)
        #expect(shown?["max_bandwidth"]?.integer == 100 && shown?["default"]?.flag == false)
        let visitor = try await fixture.hub.token(for: "visitor")
        #expect(try await fixture.get("/sync/client_setting", token: visitor).status == 403)
        #expect(try await fixture.send(.post, "/sync/client_setting", #"{"token":""}"#, token: admin).status == 400)
        let stored = try await fixture.hub.text("SELECT token FROM csghub_sync_settings")
        #expect(!stored.contains("a-sync-token"))
        let stranger = SyncClientSettings(store: fixture.hub.store, key: Array(repeating: 8, count: 32))
        await #expect(throws: HubError.self) { try await stranger.current() }
        let quota = try await fixture.get("/accounting/multisync/quota", token: visitor).json["data"]
        #expect((quota?["repo_count_limit"]?.integer ?? 0) > (quota?["repo_count_used"]?.integer ?? 0))
        #expect(try await fixture.get("/accounting/multisync/quotas").status == 401)
    }
}
