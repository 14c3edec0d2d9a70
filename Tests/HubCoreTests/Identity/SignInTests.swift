import SQL
import Testing

@testable import HubCore

@Suite("Passwords and sessions")
struct SignInTests {
    private static let password = Secret("correct horse battery")
    private static let home = SignIn.Origin(address: "192.0.2.1", client: "test", session: nil)

    private func world() async throws -> HubFixture {
        let fixture = try await HubFixture()
        for name in ["ada", "bob"] {
            _ = try await fixture.principal(name)
            try await fixture.hub.signIn.passwords.set(Self.password, of: name)
        }
        return fixture
    }

    private func refusal(_ fixture: HubFixture, _ name: String, _ password: Secret, from origin: SignIn.Origin = home)
        async -> HubError?
    {
        await hubError { _ = try await fixture.hub.signIn.begin(name, password, from: origin) }
    }

    @Test("a hash of the algorithm's own authors is understood, and what is stored is argon2id of today's cost")
    func format() throws {
        let vector = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        let known = try #require(PasswordHash(stored: vector))
        #expect(try known.matches(Secret("password")))
        #expect(try !known.matches(Secret("Password")))
        #expect(known.cost != .current)
        let made = try PasswordHash.make(of: Self.password)
        #expect(made.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try made.text != PasswordHash.make(of: Self.password).text, "salts differ")
        #expect(PasswordHash(stored: made.text) == made)
        #expect(try !PasswordHash.nobody.matches(Secret("")))
        for text in ["", "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AA", "$argon2id$v=19$m=99999999,t=2,p=1$c29t$AA", "x"] {
            #expect(PasswordHash(stored: text) == nil, "\(text)")
        }
    }

    @Test(
        "short, long, repeated and telling passwords are refused",
        arguments: [
            "short", "ninechars", "aaaaaaaaaaaaaaa", "margaret", "margaretmargaret", "tab\tin the middle",
            String(repeating: "long enough ", count: 11),
        ])
    func rules(password: String) async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.principal("margaret")
        let error = await hubError {
            try await fixture.hub.signIn.passwords.set(Secret(password), of: "margaret")
        }
        #expect(error?.code == .badRequest)
        #expect(error?.line.contains(password) == false)
    }

    @Test("a hash of an older cost is made anew at the next sign-in")
    func rehash() async throws {
        let fixture = try await world()
        let cheap = try PasswordHash.make(of: Self.password, cost: PasswordCost(memory: 64, passes: 1, lanes: 1)).text
        try await fixture.hub.database.write {
            try $0.execute("UPDATE passwords SET hash = ?", [.text(cheap)])
        }
        _ = try await fixture.hub.signIn.begin("ada", Self.password, from: Self.home)
        let hashes = try await fixture.hub.database.read { connection in
            try connection.query(
                "SELECT p.hash FROM passwords p JOIN users u ON u.id = p.user_id ORDER BY u.name_key"
            ).map { try $0.text("hash") }
        }
        #expect(hashes.first?.hasPrefix("$argon2id$v=19$m=19456,") == true)
        #expect(hashes.last == cheap)
        #expect(await refusal(fixture, "ada", Self.password) == nil)
    }

    @Test("S44: an unknown name, a wrong password, a disabled account and a robot answer alike")
    func alike() async throws {
        let fixture = try await world()
        try await fixture.hub.identities.setDisabled(true, user: "bob")
        let wrong = await refusal(fixture, "ada", Secret("something else!"))
        #expect(wrong?.code == .invalidCredentials)
        for name in ["nobody", "bob"] {
            #expect(await refusal(fixture, name, Self.password)?.description == wrong?.description, "\(name)")
        }
    }

    @Test("a session idles twelve hours, lives thirty days, and is stored as a hash")
    func lifetime() async throws {
        let fixture = try await world()
        let sessions = fixture.hub.identities.sessions
        let secret = try await fixture.hub.signIn.begin("ada", Self.password, from: Self.home).secret.reveal()
        #expect(secret.utf8.count == 64)
        let principal = try #require(try await sessions.principal(session: secret))
        #expect(principal.user?.name == "ada" && principal.token?.scope == .write && principal.session != nil)
        let stored = try await fixture.hub.database.read { try $0.first("SELECT secret_hash FROM sessions") }
        #expect(try stored?.text("secret_hash") == Session.hash(secret))
        for _ in 0..<65 {
            fixture.pass(seconds: 11 * 3_600)
            #expect(try await sessions.principal(session: secret) != nil)
        }
        fixture.pass(seconds: 6 * 3_600)
        #expect(try await sessions.principal(session: secret) == nil, "after thirty days")
        let idle = try await fixture.hub.signIn.begin("ada", Self.password, from: Self.home).secret.reveal()
        fixture.pass(seconds: 12 * 3_600)
        #expect(try await sessions.principal(session: idle) == nil, "after twelve idle hours")
    }

    @Test("signing in ends the session that the browser brought along, planted or not")
    func fixation() async throws {
        let fixture = try await world()
        let sessions = fixture.hub.identities.sessions
        let planted = try await fixture.hub.signIn.begin("bob", Self.password, from: Self.home).secret.reveal()
        let next = try await fixture.hub.signIn.begin(
            "ada", Self.password, from: SignIn.Origin(address: nil, client: nil, session: planted)
        ).secret.reveal()
        #expect(next != planted)
        #expect(try await sessions.principal(session: planted) == nil)
        #expect(try await sessions.principal(session: next)?.user?.name == "ada")
    }

    @Test("sessions and tokens end at once with a new password and with the account, and stay ended")
    func ending() async throws {
        let fixture = try await world()
        let (hub, sessions) = (fixture.hub, fixture.hub.identities.sessions)
        func credentials() async throws -> (session: String, token: String) {
            let user = try #require(try await hub.identities.user(named: "ada"))
            let token = try await hub.identities.createToken(for: user, name: "t", scope: .write, expiresAt: nil)
            let password = try await hub.signIn.begin("ada", Self.password, from: Self.home).secret
            return (password.reveal(), token.reveal())
        }
        func live(_ credentials: (session: String, token: String)) async throws -> Bool {
            let session = try await sessions.principal(session: credentials.session)
            let token = try await hub.identities.principal(token: credentials.token)
            #expect((session == nil) == (token == nil))
            return session != nil
        }
        let first = try await credentials()
        #expect(try await live(first))
        try await hub.signIn.passwords.set(Self.password, of: "ada")
        #expect(try await !live(first))
        let second = try await credentials()
        let principal = try #require(try await sessions.principal(session: second.session))
        let wrong = await hubError {
            _ = try await hub.signIn.change(
                Secret("not the password"), to: Secret("another one entirely"), by: principal, from: Self.home)
        }
        #expect(wrong?.code == .invalidCredentials)
        #expect(try await live(second))
        let changed = try await hub.signIn.change(
            Self.password, to: Secret("another one entirely"), by: principal, from: Self.home)
        #expect(try await !live(second))
        #expect(try await sessions.principal(session: changed.secret.reveal()) != nil)
        try await hub.identities.setDisabled(true, user: "ada")
        #expect(try await sessions.principal(session: changed.secret.reveal()) == nil)
        try await hub.identities.setDisabled(false, user: "ada")
        #expect(try await sessions.principal(session: changed.secret.reveal()) == nil)
    }

    @Test("nobody ends the session of another, and signing out everywhere ends one's own")
    func ownership() async throws {
        let fixture = try await world()
        let sessions = fixture.hub.identities.sessions
        let mine = try await fixture.hub.signIn.begin("ada", Self.password, from: Self.home)
        let other = try await fixture.hub.signIn.begin("bob", Self.password, from: Self.home)
        let principal = try #require(try await sessions.principal(session: other.secret.reveal()))
        let error = await hubError { try await sessions.end(mine.session.id, of: other.user, by: principal) }
        #expect(error?.code == .notFound)
        try await sessions.endAll(of: other.user, by: principal)
        #expect(try await sessions.principal(session: other.secret.reveal()) == nil)
        // Once more ends nothing, and leaves no record.
        try await sessions.endAll(of: other.user, by: principal)
        let records = try await fixture.hub.database.read { connection in
            try connection.first("SELECT COUNT(*) AS n FROM audit WHERE action = 'session.end-all'")
        }
        #expect(try records?.integer("n") == 1)
        #expect(try await sessions.principal(session: mine.secret.reveal()) != nil)
    }

    @Test("S44: ten thousand guesses from one network leave everybody else alone, and the right password costs no try")
    func bruteForce() async throws {
        let throttle = SignInThrottle()
        var passed = 0
        var waits: [Int] = []
        for number in 0..<10_000 {
            do {
                try await throttle.take(account: "user-\(number % 50)", address: "192.0.2.\(number % 256)", now: 0)
                passed += 1
            } catch let error as HubError {
                waits.append(error.retryAfter ?? 0)
            }
        }
        #expect(passed == 30)
        #expect(waits.allSatisfy { $0 >= 1 })
        try await throttle.take(account: "ada", address: "198.51.100.1", now: 0)
        for _ in 0..<9 { try await throttle.take(account: "ada", address: "198.51.100.1", now: 0) }
        let full = await hubError { try await throttle.take(account: "ADA", address: "203.0.113.5", now: 0) }
        #expect(full?.code == .tooManyRequests && full?.retryAfter == 30)
        try await throttle.take(account: "ada", address: "203.0.113.5", now: 30_000)
        for _ in 0..<100 {
            try await throttle.take(account: "bob", address: "203.0.113.5", now: 30_000)
            await throttle.giveBack(account: "bob", address: "203.0.113.5", now: 30_000)
        }
    }
}
