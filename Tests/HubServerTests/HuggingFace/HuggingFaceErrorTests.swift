import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Hugging Face: errors and access")
struct HuggingFaceErrorTests {
    @Test("missing, private and impossible repositories answer alike")
    func concealment() async throws {
        let fixture = try await HuggingFaceFixture()
        let token = try await fixture.hub.token(for: "bob")
        let key = try await fixture.hub.create("model:ada/secret", visibility: .private)
        try await fixture.hub.commit(["f": .git("x")], to: key)
        for rest in [
            "/api/models/%@", "/api/models/%@/revision/main", "/api/models/%@/tree/main", "/api/models/%@/refs",
            "/api/models/%@/commits/main", "/api/models/%@/auth-check", "/%@/resolve/main/f", "/%@/raw/main/f",
        ] {
            for (caller, status) in [(nil, 401), (token, 404)] {
                let real = try await fixture.get(rest.replacing("%@", with: "ada/secret"), token: caller)
                #expect(real.status == status, "\(rest)")
                #expect(real.headers["X-Error-Code"] == "RepoNotFound")
                let absent = try await fixture.get(rest.replacing("%@", with: "ada/absent"), token: caller)
                #expect(absent.status == real.status)
                #expect(absent.text == real.text.replacing("secret", with: "absent"))
                #expect(absent.headers.map(\.name) == real.headers.map(\.name))
                let impossible = try await fixture.get(rest.replacing("%@", with: "a..b/c"), token: caller)
                #expect(impossible.status == status)
                #expect(impossible.headers["X-Error-Code"] == "RepoNotFound")
            }
        }
    }

    @Test(
        "names of one part are repositories that do not exist",
        arguments: [
            "/api/models/gpt2", "/api/models/gpt2/revision/main", "/api/models/gpt2/tree/main", "/gpt2/resolve/main/f",
            "/datasets/squad/resolve/main/f", "/hf/api/datasets/squad",
        ])
    func legacy(target: String) async throws {
        let fixture = try await HuggingFaceFixture()
        let token = try await fixture.hub.token(for: "bob")
        for (caller, status) in [(nil, 401), (token, 404)] {
            let answer = try await fixture.get(target, token: caller)
            #expect(answer.status == status)
            #expect(answer.headers["X-Error-Code"] == "RepoNotFound")
        }
    }

    @Test("unliking a name of one part says that there is no such repository")
    func legacyUnlike() async throws {
        let fixture = try await HuggingFaceFixture()
        let token = try await fixture.hub.token(for: "bob")
        let answer = try await fixture.hub.ask(fixture.routes, .delete, "/api/models/gpt2/like", token: token)
        #expect(answer.status == 404)
        #expect(answer.headers["X-Error-Code"] == "RepoNotFound")
    }

    @Test("a bad token is told by the text clients look for")
    func badToken() async throws {
        let fixture = try await HuggingFaceFixture()
        for target in ["/api/whoami-v2", "/api/models/acme/demo", "/acme/demo/resolve/main/f"] {
            let answer = try await fixture.get(target, token: "weir_nobody")
            #expect(answer.status == 401)
            #expect(answer.headers["X-Error-Message"] == "Invalid credentials in Authorization header")
        }
    }

    @Test("whoami names the user and what the token may")
    func whoami() async throws {
        let fixture = try await HuggingFaceFixture()
        let token = try await fixture.hub.token(for: "ada", scope: .read)
        let json = try await fixture.get("/hf/api/whoami-v2", token: token).json
        #expect(json["name"] == .string("ada"))
        #expect(json["type"] == .string("user"))
        #expect(json["orgs"] == .array([]))
        #expect(json["auth"]?["accessToken"]?["role"] == .string("read"))
        #expect(try await fixture.get("/api/whoami-v2").status == 401)
    }

    @Test("auth-check tells readers from writers")
    func authCheck() async throws {
        let fixture = try await HuggingFaceFixture()
        let owner = try await fixture.hub.token(for: "ada")
        let reader = try await fixture.hub.token(for: "ada", scope: .read)
        try await fixture.hub.create("model:ada/demo")
        #expect(try await fixture.get("/api/models/ada/demo/auth-check").status == 200)
        #expect(try await fixture.get("/api/models/ada/demo/auth-check/write", token: owner).status == 200)
        #expect(try await fixture.get("/api/models/ada/demo/auth-check/write", token: reader).status == 403)
        #expect(try await fixture.get("/api/models/ada/demo/auth-check/write").status == 401)
    }

    @Test("a policy's refusal is a gated repository whose text names the rule")
    func policy() async throws {
        let refusal = HubError(
            .policyDenied, "Rule 'no-pickles' (mirrors.d/hub.yaml:12) denies model:acme/demo.", remedy: "Ask Ada.")
        let fixture = try await HuggingFaceFixture(gate: RefusingGate(error: refusal, path: "model.bin"))
        let key = try await fixture.hub.mirror("model:acme/demo")
        try await fixture.hub.commit(["model.bin": .lfs([1, 2]), "f": .git("x")], to: key)
        for answer in [
            try await fixture.get("/acme/demo/resolve/main/model.bin"),
            try await fixture.head("/acme/demo/resolve/main/model.bin"),
            try await fixture.get("/acme/demo/raw/main/model.bin"),
        ] {
            #expect(answer.status == 403)
            #expect(answer.headers["X-Error-Code"] == "GatedRepo")
            #expect(answer.headers["X-Error-Message"] == refusal.line)
            #expect(answer.headers["X-HF-Warning"] == "weir acme/demo; \(refusal.line)")
        }
        #expect(try await fixture.get("/acme/demo/resolve/main/f").status == 200)
    }

    @Test("a name that policy refuses before anything is known answers with the rule too")
    func adoption() async throws {
        let refusal = HubError(.policyReview, "Rule 'ask' holds model:new/repo for review.")
        let fixture = try await HuggingFaceFixture(source: SilentSource(adoption: refusal))
        let answer = try await fixture.get("/api/models/new/repo/revision/main")
        #expect(answer.status == 403)
        #expect(answer.headers["X-Error-Code"] == "GatedRepo")
        #expect(answer.json["error"] == .string(refusal.line))
    }

    @Test("stale answers say how old they are, and what cannot be had says when to come back")
    func staleness() async throws {
        let fixture = try await HuggingFaceFixture(source: SilentSource())
        let key = try await fixture.hub.mirror("model:acme/demo")
        let digest = try #require(BlobID(String(repeating: "cd", count: 32)))
        try await fixture.hub.commit(
            ["f": .git("x"), "big": .pointer(LFSPointer(oid: digest, size: 9))], to: key)
        for target in [
            "/acme/demo/resolve/main/f", "/api/models/acme/demo", "/api/models/acme/demo/refs",
            "/acme/demo/resolve/main/none", "/api/models/acme/demo/tree/main?expand=true",
        ] {
            let answer = try await fixture.get(target)
            #expect(answer.headers["X-Weir-Stale"] == "3600; hub 'A' is silent", "\(target): \(answer.text)")
            #expect(answer.headers["Warning"] == "110 - \"hub 'A' is silent\"")
        }
        let gone = try await fixture.get("/acme/demo/resolve/main/big")
        #expect(gone.status == 503)
        #expect(gone.headers["Retry-After"] == "7")
    }

    @Test("header texts are visible ASCII")
    func headerText() async throws {
        #expect("ä\n\"x\"\u{7F}".headerText == "? \"x\" ")
        let request = try HubRequest(target: "/")
        let response = HuggingFaceErrorRendering().render(HubError(.notFound, "No 'ü'\r\nX: y"), for: request)
        #expect(response.headers["X-Error-Message"] == "No '?'  X: y")
        #expect(response.headers["X-Error-Code"] == "NotFound")
    }

    @Test("what this hub has not is a 404 in JSON", arguments: ["/api/agent-harnesses", "/hf/api/agent-harnesses"])
    func harnesses(target: String) async throws {
        let fixture = try await HuggingFaceFixture()
        let answer = try await fixture.get(target)
        #expect(answer.status == 404)
        #expect(answer.json["error"] != nil)
    }
}
