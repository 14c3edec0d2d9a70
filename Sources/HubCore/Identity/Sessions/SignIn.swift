/// Signing in with a name and a password, which is for people on the website and nothing else.
package struct SignIn: Sendable {
    package let passwords: PasswordStore
    package let sessions: SessionStore
    private let throttle = SignInThrottle()
    private let clock: WallClock

    init(passwords: PasswordStore, sessions: SessionStore, clock: WallClock) {
        self.passwords = passwords
        self.sessions = sessions
        self.clock = clock
    }

    /// The same for an unknown name, a wrong password and a disabled account (S3).
    static let refused = HubError(.invalidCredentials, "The name or the password is wrong.")

    /// From where somebody signs in.
    package struct Origin: Sendable {
        let address: String?
        let client: String?
        /// The session the browser has already; it ends.
        let session: String?

        package init(address: String?, client: String?, session: String?) {
            self.address = address
            self.client = client
            self.session = session
        }
    }

    /// Begins a session.
    /// - Returns: what the cookie carries, and the session.
    /// - Throws: `.invalidCredentials`; `.tooManyRequests` with a time to wait.
    package func begin(_ name: String, _ password: Secret, from origin: Origin) async throws
        -> (user: User, secret: Secret, session: Session)
    {
        let proof = try await prove(name, password, from: origin)
        let (secret, session) = try await sessions.begin(
            proof, address: origin.address, client: origin.client, replacing: origin.session)
        return (proof.user, secret, session)
    }

    /// Changes somebody's own password, which ends every session and token; he goes on in a new session.
    /// - Throws: as ``begin(_:_:from:)``; `.badRequest` for a bad new one.
    package func change(_ password: Secret, to new: Secret, by principal: Principal, from origin: Origin) async throws
        -> (secret: Secret, session: Session)
    {
        let user = try principal.person()
        let proof = try await prove(user.name, password, from: origin)
        try await passwords.set(new, of: user.name, replacing: proof, by: principal)
        let (_, secret, session) = try await begin(user.name, new, from: origin)
        return (secret, session)
    }

    private func prove(_ name: String, _ password: Secret, from origin: Origin) async throws -> PasswordStore.Proof {
        let now = clock.now()
        try await throttle.take(account: name, address: origin.address, now: now)
        guard let proof = try await passwords.check(password, of: name) else { throw Self.refused }
        await throttle.giveBack(account: name, address: origin.address, now: now)
        return proof
    }
}
