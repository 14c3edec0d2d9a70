import HTTPTypes
import HubCore
import HubServer
import Logging
import SQL
import Synchronization
import Testing

@Suite("Answers that are given again")
struct AnswerCacheTests {
    static let info = "/api/models/acme/Demo"
    static let tree = "/api/models/acme/Demo/tree/main?recursive=true"
    static let file = "/acme/Demo/resolve/main/model.bin"
    static let paths = "/api/models/acme/Demo/paths-info/main"

    /// Asks a real server, which keeps answers, everything that it keeps.
    struct Scene: Sendable {
        let server: TestServer
        let hub: TestHub
        let answers: AnswerCache
        let token: String

        func ask(_ target: String, _ method: String = "GET", as token: String? = nil, extra: [String] = []) async throws
            -> WireResponse
        {
            let headers = ["Authorization: Bearer \(token ?? self.token)"] + extra
            return try await server.client { try $0.get(target, method: method, headers: headers) }
        }

        func askPaths(_ body: String, as token: String? = nil) async throws -> WireResponse {
            let bearer = token ?? self.token
            return try await server.client { client in
                try client.send(
                    """
                    POST \(AnswerCacheTests.paths) HTTP/1.1\r
                    Host: hub.example\r
                    Authorization: Bearer \(bearer)\r
                    Content-Type: application/x-www-form-urlencoded\r
                    Content-Length: \(body.utf8.count)\r
                    \r
                    \(body)
                    """)
                return try client.response()
            }
        }

        /// The status of each question that is kept.
        func statuses() async throws -> [Int] {
            [
                try await ask(AnswerCacheTests.info).status, try await ask(AnswerCacheTests.tree).status,
                try await ask(AnswerCacheTests.file, "HEAD").status, try await askPaths("paths=README.md").status,
            ]
        }

        func open(_ verb: Verb) async throws -> Repository {
            let principal = try #require(try await hub.identities.principal(token: token))
            return try await hub.authorizer.open(
                principal, verb, try #require(RepositoryID(parsing: "model:acme/Demo")))
        }
    }

    /// - Parameter time: milliseconds that have passed for the answers.
    func run(
        gate: (any ContentGate)? = nil, time: @escaping @Sendable () -> Int64 = { TestHub.now },
        _ body: @escaping @Sendable (Scene) async throws -> Void
    ) async throws {
        let fixture = try await HuggingFaceFixture(gate: gate)
        let hub = fixture.hub
        try await fixture.demo()
        let token = try await hub.token(for: "acme")
        // Its use is written down once, which is a write like any other.
        _ = try await hub.identities.principal(token: token)
        let answers = AnswerCache(database: hub.database, clock: WallClock(now: time))
        let authenticator = RequestAuthenticator(identities: hub.identities)
        try await TestServer.run(
            fixture.routes, answers: answers, authenticator: { try await authenticator.principal(of: $0) }
        ) { server in
            try await body(Scene(server: server, hub: hub, answers: answers, token: token))
        }
    }

    @Test("the same question gets the same answer again, with a request id of its own")
    func again() async throws {
        try await run { scene in
            let first = try await scene.ask(Self.info)
            let second = try await scene.ask(Self.info)
            #expect(scene.answers.answersGiven == 1)
            #expect(first.status == 200)
            #expect(second.body == first.body)
            #expect(second.headers["x-repo-commit"] == first.headers["x-repo-commit"])
            #expect(second.headers["x-request-id"] != first.headers["x-request-id"])
            _ = try await scene.ask(Self.file, "HEAD")
            let head = try await scene.ask(Self.file, "HEAD")
            #expect(head.headers["content-length"] == "100")
            #expect(scene.answers.answersGiven == 2)
            let paths = try await scene.askPaths("paths=README.md")
            #expect(try await scene.askPaths("paths=README.md").body == paths.body)
            #expect(try await scene.askPaths("paths=config.json").body != paths.body)
            #expect(scene.answers.answersGiven == 3)
            // The log and the numbers do not tell the difference.
            let users = scene.server.log.metadata(of: "request").compactMap { $0["user"]?.description }
            #expect(Set(users) == ["acme"])
        }
    }

    @Test("somebody else, another query and another header are other questions")
    func others() async throws {
        try await run { scene in
            try await scene.hub.repositories.setVisibility(.private, of: try await scene.open(.settings))
            let stranger = try await scene.hub.token(for: "eve")
            _ = try await scene.hub.identities.principal(token: stranger)
            #expect(try await scene.statuses() == [200, 200, 200, 200])
            #expect(try await scene.statuses() == [200, 200, 200, 200])
            let given = scene.answers.answersGiven
            #expect(given == 4)
            #expect(try await scene.ask(Self.info, as: stranger).status == 404)
            #expect(try await scene.askPaths("paths=README.md", as: stranger).status == 404)
            #expect(try await scene.ask(Self.info, extra: ["Range: bytes=0-1"]).status == 200)
            #expect(try await scene.ask(Self.info + "?blobs=true").text.contains("\"blobId\""))
            #expect(scene.answers.answersGiven == given)
        }
    }

    @Test("a commit, a gate, a new visibility, a new name and a deletion are seen by the very next question")
    func changes() async throws {
        try await run { scene in
            #expect(try await scene.statuses() == [200, 200, 200, 200])
            let stranger = try await scene.hub.token(for: "eve", scope: .read)
            let before = try await scene.ask(Self.info)
            let commit = try await scene.hub.commit(["new.txt": .git("new")], to: try await scene.open(.metaRead).key)
            #expect(before.headers["x-repo-commit"] != commit.hex)
            #expect(try await scene.ask(Self.info).headers["x-repo-commit"] == commit.hex)
            #expect(try await scene.ask(Self.tree).text.contains("new.txt"))
            #expect(try await scene.ask(Self.file, "HEAD").headers["x-repo-commit"] == commit.hex)

            #expect(try await scene.ask(Self.file, "HEAD", as: stranger).status == 200)
            #expect(try await scene.ask(Self.file, "HEAD", as: stranger).status == 200)
            try await scene.hub.repositories.setGating(.manual, of: try await scene.open(.settings))
            #expect(try await scene.ask(Self.file, "HEAD", as: stranger).status == 403)
            #expect(try await scene.ask(Self.info, as: stranger).text.contains("\"gated\":\"manual\""))

            try await scene.hub.repositories.setVisibility(.private, of: try await scene.open(.settings))
            #expect(try await scene.ask(Self.info, as: stranger).status == 404)
            #expect(try await scene.statuses() == [200, 200, 200, 200])

            let moved = try #require(RepositoryID(parsing: "model:acme/moved"))
            try await scene.hub.repositories.rename(
                try await scene.open(.delete), to: moved, authorizer: scene.hub.authorizer)
            #expect(try await scene.statuses() == [307, 307, 307, 307])
            #expect(try await scene.ask("/api/models/acme/moved").status == 200)
            let principal = try #require(try await scene.hub.identities.principal(token: scene.token))
            try await scene.hub.repositories.delete(try await scene.hub.authorizer.open(principal, .delete, moved))
            #expect(try await scene.ask("/api/models/acme/moved").status == 404)
        }
    }

    @Test("a token that was revoked and an account that was shut out get nothing that was theirs")
    func credentials() async throws {
        try await run { scene in
            #expect(try await scene.statuses() == [200, 200, 200, 200])
            let user = try #require(try await scene.hub.identities.user(named: "acme"))
            let second = try await scene.hub.token(for: "acme")
            #expect(try await scene.ask(Self.info, as: second).status == 200)
            let token = try #require(try await scene.hub.identities.principal(token: scene.token)?.token)
            try await scene.hub.identities.revokeToken(token.id, of: user)
            #expect(try await scene.statuses() == [401, 401, 401, 401])
            #expect(try await scene.ask(Self.info, as: second).status == 200)
            try await scene.hub.identities.setDisabled(true, user: "acme")
            #expect(try await scene.ask(Self.info, as: second).status == 401)
        }
    }

    @Test("what was buried, and what another process wrote, is seen by the very next question")
    func foreign() async throws {
        try await run { scene in
            #expect(try await scene.ask(Self.file, "HEAD").status == 200)
            #expect(try await scene.ask(Self.file, "HEAD").status == 200)
            #expect(scene.answers.answersGiven == 1)
            let principal = try #require(try await scene.hub.identities.principal(token: scene.token))
            let blob = BlobID(hashing: Array(0..<100))
            _ = try await scene.hub.store.tombstones.bury(.digest(blob), reason: "malware", by: principal)
            #expect(try await scene.ask(Self.file, "HEAD").status != 200)

            #expect(try await scene.ask(Self.info).status == 200)
            let other = try scene.hub.anotherDatabase()
            try await other.write {
                try $0.execute("UPDATE access_tokens SET revoked_at = ? ", [.integer(TestHub.now)])
            }
            #expect(try await scene.ask(Self.info).status == 401)
            await other.close()
        }
    }

    @Test("answers are made anew after a while, for the use of a token is to be written down")
    func time() async throws {
        let now = Mutex(TestHub.now)
        try await run(time: { now.withLock { $0 } }) { scene in
            _ = try await scene.ask(Self.info)
            _ = try await scene.ask(Self.info)
            #expect(scene.answers.answersGiven == 1)
            now.withLock { $0 += 10_000 }
            _ = try await scene.ask(Self.info)
            #expect(scene.answers.answersGiven == 1)
            // A clock that was set back makes nothing young again.
            now.withLock { $0 -= 20_000 }
            _ = try await scene.ask(Self.info)
            #expect(scene.answers.answersGiven == 1)
        }
    }

    @Test("files, errors, and what is asked about a mirror are never kept")
    func never() async throws {
        try await run { scene in
            let key = try await scene.hub.mirror("model:up/stream")
            try await scene.hub.commit(["README.md": .git("# Up\n")], to: key)
            for _ in 0..<2 {
                #expect(try await scene.ask(Self.file).status == 200)
                #expect(try await scene.ask("/acme/Demo/resolve/main/config.json").status == 200)
                #expect(try await scene.ask("/api/models/acme/none").status == 404)
                #expect(try await scene.ask("/api/models/acme/Demo/tree/main/none").status == 404)
                #expect(try await scene.ask("/api/models/up/stream").status == 200)
                #expect(try await scene.ask("/up/stream/resolve/main/README.md", "HEAD").status == 200)
            }
            #expect(scene.answers.answersGiven == 0)
        }
    }
}
