import Foundation
import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("How a token travels")
struct CredentialFormTests {
    private static func field(_ name: String, _ value: String) -> HTTPFields {
        HTTPField.Name(name).map { [$0: value] } ?? [:]
    }

    private static func carriers(_ token: String) -> [HTTPFields] {
        func basic(_ text: String) -> HTTPFields {
            [.authorization: "Basic \(Data(text.utf8).base64EncodedString())"]
        }
        return [
            [.authorization: "Bearer \(token)"], [.authorization: "bearer \(token)"],
            [.authorization: "OAuth \(token)"],
            basic("anybody:\(token)"), basic("\(token):"), basic("\(token):x-oauth-basic"),
            [.authorization: "X-OPENCSG-Sync-Token\(token)"], field("X-OPENCSG-Sync-Token", token),
        ]
    }

    @Test("S4: a token does the same whatever carries it")
    func same() async throws {
        let world = try await SurfaceWorld()
        try await world.create("model:ada/secret", .private)
        _ = try await world.put("content", into: "model:ada/secret")
        let requests: [(HTTPRequest.Method, String, String)] = [
            (.get, "/api/whoami-v2", ""), (.get, "/api/models/ada/secret", ""),
            (.get, "/ada/secret/resolve/main/README.md", ""), (.get, "/api/v1/models/ada/secret", ""),
            (.get, "/ada/secret.git/info/refs?service=git-upload-pack", ""),
            (.get, "/ada/secret.git/info/refs?service=git-receive-pack", ""),
            (.put, "/api/models/ada/secret/settings", #"{"discussionsDisabled":true}"#),
        ]
        for (name, scope) in [("ada", TokenGrant.Scope.read), ("ada", .upload), ("ada", .write), ("eve", .write)] {
            let token = try await world.token(name, scope)
            for (method, target, body) in requests {
                let carriers = Self.carriers(token)
                let first = try await world.ask(method, target, headers: carriers[0], body: body)
                for carrier in carriers.dropFirst() {
                    let other = try await world.ask(method, target, headers: carrier, body: body)
                    #expect(other.status == first.status && other.text == first.text, "\(target) \(scope) \(carrier)")
                }
                let isRefused = name == "eve" || scope < .write && method == .put
                if target != "/api/whoami-v2" {
                    #expect(
                        (first.status >= 400) == isRefused || target.hasSuffix("receive-pack"),
                        "\(target) \(name) \(scope) \(first.status)")
                }
            }
        }
    }

    @Test("S4: a token in a query, a cookie or a body opens nothing")
    func elsewhere() async throws {
        let world = try await SurfaceWorld()
        try await world.create("model:ada/secret", .private)
        let token = try await world.token("ada")
        for name in ["token", "access_token", "private_token", "api_key", "authorization", "auth"] {
            #expect(try await world.ask(.get, "/api/models/ada/secret?\(name)=\(token)").status == 401, "\(name)")
            let inBody = try await world.ask(
                .post, "/api/models/ada/secret/paths-info/main",
                headers: [.contentType: "application/x-www-form-urlencoded"], body: "\(name)=\(token)")
            #expect(inBody.status == 401, "\(name)")
        }
        for (name, value) in [
            ("Cookie", "token=\(token)"), ("Cookie", "session=\(token)"), ("X-Api-Key", token),
            ("Private-Token", token),
        ] {
            let headers = Self.field(name, value)
            #expect(try await world.ask(.get, "/api/models/ada/secret", headers: headers).status == 401, "\(name)")
        }
    }

    @Test("S11: a header that says who somebody is says nothing")
    func identityHeaders() async throws {
        let world = try await SurfaceWorld()
        try await world.create("model:ada/secret", .private)
        _ = try await world.token("ada", isAdministrator: true)
        for name in [
            "X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Webauth-User", "X-Auth-Request-User", "X-User",
            "X-Forwarded-Email", "X-Authenticated-User", "X-WEBAUTH-USER", "X-Real-IP", "X-Forwarded-For", "Forwarded",
        ] {
            let header = try #require(HTTPField.Name(name))
            for value in ["ada", "127.0.0.1", "for=127.0.0.1"] {
                for target in ["/api/whoami-v2", "/api/models/ada/secret", "/api/gateway/v1/users"] {
                    #expect(
                        try await world.ask(.get, target, headers: [header: value]).status == 401, "\(name) \(target)")
                }
            }
        }
    }

    @Test("S44: a wrong password is answered alike for an account that is and one that is not")
    func enumeration() async throws {
        let world = try await SurfaceWorld()
        _ = try await world.token("ada")
        var answers: [String] = []
        for name in ["ada", "nobody"] {
            let text = Data("\(name):wrong".utf8).base64EncodedString()
            let answer = try await world.ask(
                .get, "/api/whoami-v2", headers: Self.field("Authorization", "Basic \(text)"))
            #expect(answer.status == 401)
            answers.append(answer.text)
        }
        #expect(answers[0] == answers[1])
    }

    @Test("S56: nothing that looks like a JSON Web Token is a credential, whatever it says of itself")
    func webTokens() async throws {
        let world = try await SurfaceWorld()
        let token = try await world.token("ada", .admin, isAdministrator: true)
        func part(_ json: String) -> String {
            Data(json.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
        }
        let claims = part(#"{"sub":"ada","name":"ada","iss":"http://hub.test","aud":"weir","exp":9999999999}"#)
        for header in [
            #"{"alg":"none"}"#, #"{"alg":"None","typ":"JWT"}"#, #"{"alg":"HS256","kid":"../../../dev/null"}"#,
            #"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}"#, #"{"alg":"RS256","jku":"http://evil.example/keys"}"#,
            #"{"alg":"RS256","x5u":"http://evil.example/x"}"#, #"{"alg":"ES256","crit":["exp"]}"#,
        ] {
            for signature in ["", part("signature"), token] {
                for scheme in ["Bearer", "OAuth", "Basic", "JWT"] {
                    let fields: HTTPFields = [.authorization: "\(scheme) \(part(header)).\(claims).\(signature)"]
                    #expect(try await world.ask(.get, "/api/whoami-v2", headers: fields).status == 401, "\(header)")
                }
            }
        }
    }

    @Test(
        "S42, S43, S56: there is no second factor to race, no password to reset and no foreign identity to forge: no route",
        arguments: [
            "totp", "otp", "2fa", "mfa", "factor", "webauthn", "passkey", "jwks", "reset", "forgot", "recover", "oauth",
            "oidc", "saml", "sso", "callback",
        ])
    func absent(word: String) async throws {
        let world = try await SurfaceWorld()
        let found = world.routes.map(\.pattern).filter { pattern in
            pattern.lowercased().split { !$0.isLetter && !$0.isNumber }.contains { $0 == word }
        }
        #expect(found == [], "a route of this name needs the control of its item, and a test of it")
    }
}
