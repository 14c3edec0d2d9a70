import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: making and changing repositories")
struct CSGHubRepositoryWriteTests {
    @Test("a new space keeps its secrets and variables, shows no secret, and takes nothing that is no object of texts")
    func spaces() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.hub.token(for: "alice")
        func make(_ name: String, _ secrets: String) async throws -> TestHub.Answer {
            try await fixture.send(
                .post, "/spaces",
                """
                {"namespace":"alice","name":"\(name)","sdk":"gradio","resource_id":1,"cluster_id":"c",
                 "secrets":\(secrets),"variables":"{\\"MODE\\":\\"fast\\"}"}
                """, token: token)
        }
        let made = try await make("app", #""{\"TOKEN\":\"hush\"}""#)
        #expect(made.status == 200 && !made.text.contains("hush"), "\(made.text)")
        let user = try #require(try await fixture.hub.identities.user(named: "alice"))
        let principal = Principal(user: user, token: TokenGrant(id: 0, name: "t", scope: .write, createdAt: 0))
        let id = try #require(RepositoryID(kind: .space, path: "alice/app"))
        let space = try await fixture.hub.authorizer.open(principal, .settings, id)
        let told = try await fixture.entries.environment(of: space)
        #expect(told.mapValues { $0.reveal() } == ["TOKEN": "hush", "MODE": "fast"])
        for text in [#""[1]""#, #""{\"A\":1}""#, #""{\"no name\":\"x\"}""#, #""{""#] {
            #expect(try await make("wrong", text).status == 400, "\(text)")
        }
        #expect(try await make("empty", #""""#).status == 200)
    }

    @Test("a new repository is answered with 200 and as it is shown ever after")
    func creates() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.hub.token(for: "alice")
        let answer = try await fixture.send(
            .post, "/datasets",
            """
            {"namespace":"alice","name":"Words","nickname":"All words","description":"Many.","private":true,
             "license":"apache-2.0","default_branch":"main","type":"dataset"}
            """, token: token)
        #expect(answer.status == 200)
        #expect(answer.json["msg"]?.string == "OK")
        let data = try #require(answer.json["data"])
        #expect(data["path"]?.string == "alice/Words")
        #expect(data["nickname"]?.string == "All words")
        #expect(data["description"]?.string == "Many.")
        #expect(data["private"] == .boolean(true))
        #expect(data["license"]?.string == "apache-2.0")
        #expect(data["can_write"] == .boolean(true))
        let shown = try await fixture.get("/datasets/alice/words", token: token).json["data"]
        #expect(shown?["nickname"]?.string == "All words")
        #expect(shown?["id"] == data["id"])
        let readme = try await fixture.get("/datasets/alice/words/raw/README.md", token: token)
        #expect(readme.json["data"]?.string == "---\nlicense: apache-2.0\n---\n")
        let listed = try await fixture.get("/datasets", token: token).json["data"]?.elements.first
        #expect(listed?["description"]?.string == "Many.")
    }

    @Test("a name that is taken, invalid or somebody else's is refused in CSGHub's words")
    func refuses() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let taken = try await fixture.send(.post, "/models", #"{"namespace":"Alice","name":"M"}"#, token: token)
        #expect(taken.status == 409 && taken.json["code"]?.string == "REPO-ERR-0")
        let bad = try await fixture.send(.post, "/models", #"{"namespace":"alice","name":"../m"}"#, token: token)
        #expect(bad.status == 400 && bad.json["code"]?.string == "REPO-ERR-1")
        let other = try await fixture.send(.post, "/models", #"{"namespace":"bob","name":"m"}"#, token: token)
        #expect(other.status == 403 && other.json["code"]?.string == "AUTH-ERR-2")
        let reader = try await fixture.hub.token(for: "alice", scope: .read)
        let read = try await fixture.send(.post, "/models", #"{"namespace":"alice","name":"n"}"#, token: reader)
        #expect(read.status == 403)
        #expect(try await fixture.send(.post, "/models", #"{"namespace":"alice","name":"n"}"#).status == 401)
        let branch = try await fixture.send(
            .post, "/models", #"{"namespace":"alice","name":"n","default_branch":"a..b"}"#, token: token)
        #expect(branch.status == 400)
        #expect(try await fixture.get("/models/alice/n", token: token).status == 404)
    }

    @Test("files come along, also instead of those a repository begins with")
    func files() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made(
            """
            {"namespace":"alice","name":"m","license":"mit","default_branch":"trunk","commit_files":[
             {"path":"README.md","content":"\("# Mine\n".base64)"},{"path":"a/b.txt","content":"\("b".base64)"}]}
            """)
        #expect(try await fixture.get("/models/alice/m/raw/README.md", token: token).json["data"]?.string == "# Mine\n")
        #expect(try await fixture.get("/models/alice/m/raw/a/b.txt", token: token).json["data"]?.string == "b")
        let branches = try await fixture.get("/models/alice/m/branches", token: token).json["data"]?.elements
        #expect(branches?.compactMap { $0["name"]?.string } == ["trunk"])
        let attributes = try await fixture.get("/models/alice/m/raw/.gitattributes", token: token)
        #expect(attributes.json["data"]?.string?.contains("*.safetensors filter=lfs") == true)
    }

    @Test("a change touches what it names and nothing else")
    func changes() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        var data = try await fixture.send(.put, "/models/alice/m", #"{"nickname":"Em"}"#, token: token).json["data"]
        #expect(data?["nickname"]?.string == "Em")
        #expect(data?["private"] == .boolean(false))
        data =
            try await fixture.send(
                .put, "/models/alice/m", #"{"description":"It hums.","private":true}"#, token: token
            ).json["data"]
        #expect(data?["nickname"]?.string == "Em")
        #expect(data?["description"]?.string == "It hums.")
        #expect(data?["private"] == .boolean(true))
        #expect(try await fixture.get("/models/alice/m").status == 401)
        let missing = try await fixture.send(.put, "/models/alice/m", #"{"default_branch":"dev"}"#, token: token)
        #expect(missing.status == 404)
        let made = try await fixture.send(
            .post, "/models/alice/m/raw/dev.txt",
            #"{"message":"begin","new_branch":"dev","content":"\#("x".base64)"}"#, token: token)
        #expect(made.status == 200)
        data = try await fixture.send(.put, "/models/alice/m", #"{"default_branch":"dev"}"#, token: token).json["data"]
        #expect(data?["default_branch"]?.string == "dev")
        #expect(try await fixture.get("/models/alice/m/raw/dev.txt", token: token).status == 200)
    }

    @Test("a removed repository is gone, and one that moved is at its new place")
    func removesAndMoves() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        _ = try await fixture.send(.post, "/codes", #"{"namespace":"alice","name":"tool"}"#, token: token)
        let gone = try await fixture.send(.delete, "/models/alice/m", token: token)
        #expect(gone.status == 200 && gone.text == #"{"msg":"OK"}"#)
        #expect(try await fixture.get("/models/alice/m", token: token).status == 404)
        let foreign = try await fixture.send(
            .post, "/codes/alice/tool/transfer", #"{"new_namespace":"bob"}"#, token: token)
        #expect(foreign.status == 403)
        let root = try await fixture.hub.identities.createUser("root", isAdministrator: true)
        let admin = try await fixture.hub.identities.createToken(for: root, name: "t", scope: .admin, expiresAt: nil)
        let moved = try await fixture.send(
            .post, "/codes/alice/tool/transfer", #"{"new_namespace":"team"}"#, token: admin.reveal())
        #expect(moved.status == 200)
        #expect(try await fixture.get("/codes/team/tool").json["data"]?["path"]?.string == "team/tool")
    }

    @Test("a stranger changes nothing, and learns nothing from a broken body")
    func strangers() async throws {
        let fixture = try await CSGHubFixture()
        _ = try await fixture.made()
        let stranger = try await fixture.hub.token(for: "mallory")
        let reader = try await fixture.hub.token(for: "alice", scope: .read)
        let attempts: [(HTTPRequest.Method, String)] = [
            (.put, ""), (.delete, ""), (.post, "/transfer"), (.post, "/raw/x.txt"), (.put, "/raw/README.md"),
            (.delete, "/raw/README.md"), (.post, "/upload_file"), (.post, "/preupload/main"), (.post, "/commit/main"),
        ]
        for (method, path) in attempts {
            for token in [stranger, reader] {
                let answer = try await fixture.send(method, "/models/alice/m\(path)", "{broken", token: token)
                #expect(answer.status == 403, "\(method) \(path): \(answer.text)")
            }
            #expect(try await fixture.send(method, "/models/alice/m\(path)", "{broken").status == 401)
        }
        #expect(try await fixture.get("/models/alice/m/commits").json["data"]?["total"]?.integer == 1)
    }

    @Test("what is written here is in the feed, unless it is private")
    func feed() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        _ = try await fixture.send(
            .post, "/models", #"{"namespace":"alice","name":"secret","private":true}"#, token: token)
        let posted = try await fixture.send(
            .post, "/models/alice/m/raw/notes.txt", #"{"message":"Add notes","content":"\#("n".base64)"}"#,
            token: token)
        #expect(posted.status == 200)
        let visitor = try await fixture.hub.token(for: "visitor", scope: .read)
        let versions = try await fixture.get("/sync/version/latest?cur=0", token: visitor).json["data"]?["versions"]
        #expect(versions?.elements.compactMap { $0["repo_path"]?.string } == ["alice/m", "alice/m"])
        #expect(versions?.elements.last?["change_log"]?.string == "Add notes")
    }
}
