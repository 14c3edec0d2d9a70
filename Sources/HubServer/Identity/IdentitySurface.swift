package import HubCore

/// Accounts, organisations, tokens and rights: below `/api/gateway/v1`, and `/api/authz/explain`.
package struct IdentitySurface: Sendable {
    static let base = "/api/gateway/v1"

    private let context: IdentityContext

    package init(
        authorizer: Authorizer, repositories: RepositoryService, store: RepositoryStore, identities: IdentityStore,
        sshKeys: SSHKeyStore, signIn: SignIn
    ) {
        context = IdentityContext(
            authorizer: authorizer, repositories: repositories, store: store, identities: identities,
            sshKeys: sshKeys, signIn: signIn)
    }

    package var routes: [Route] { accounts + organisations + repositories }

    private var accounts: [Route] {
        SessionRoutes(context: context).routes + PasswordRoutes(context: context).routes
            + TokenRoutes(context: context).routes + SSHKeyRoutes(context: context).routes
            + UserRoutes(context: context).routes + QuotaRoutes(context: context).routes
    }

    private var organisations: [Route] {
        OrganisationRoutes(context: context).routes + MembershipRoutes(context: context).routes
            + TeamRoutes(context: context).routes + RobotRoutes(context: context).routes
            + RoleRoutes(context: context).routes + AuditRoutes(context: context).routes
    }

    private var repositories: [Route] {
        GrantRoutes(context: context).routes + GateRoutes(context: context).routes
            + DeployKeyRoutes(context: context).routes + BranchProtectionRoutes(context: context).routes
            + AccessExplanationRoute(context: context).routes
    }
}

/// What every route here needs.
struct IdentityContext: Sendable {
    let authorizer: Authorizer
    let repositories: RepositoryService
    let store: RepositoryStore
    let identities: IdentityStore
    let sshKeys: SSHKeyStore
    let signIn: SignIn
    let errors: any ErrorRendering = PlainErrorRendering()

    /// Bytes of a request's JSON at most.
    static let bodyLimit = 64 << 10
    /// Elements of a page.
    static let pageSize = 500

    /// Opens the repository that `{kind}`, `{namespace}` and `{name}` of the matched path name.
    func open(_ request: HubRequest, _ verb: Verb) async throws -> Repository {
        let principal = try await request.principal()
        let path = try "\(request.parameter("namespace"))/\(request.parameter("name"))"
        guard let kind = RepositoryKind(word: try request.parameter("kind")),
            let id = RepositoryID(kind: kind, path: path)
        else { throw RepositoryAccess.notFound(path, .model, principal) }
        return try await authorizer.open(principal, verb, id)
    }

    /// An account by its name.
    /// - Throws: `.notFound`.
    func user(named name: String) async throws -> User {
        guard let user = try await identities.user(named: name) else {
            throw HubError(.notFound, "There is no user called '\(name)'.")
        }
        return user
    }

    /// The organisation that the matched path names.
    func organisation(_ request: HubRequest, _ verb: Verb) async throws -> Organisation {
        try await authorizer.openOrganisation(request.principal(), verb, request.parameter("organization"))
    }

    /// A role by the word people write.
    /// - Throws: `.badRequest`.
    static func role(_ name: String) throws -> Role {
        guard let role = Role(name: name) else {
            throw HubError(
                .badRequest, "'\(name)' is no role.",
                remedy: "Use one of \(Role.allCases.map(\.name).joined(separator: ", ")).")
        }
        return role
    }

    /// The number a path names something by.
    /// - Throws: `.notFound`.
    static func id(_ request: HubRequest, _ name: String) throws -> Int64 {
        guard let id = Int64(try request.parameter(name), radix: 16) else {
            throw HubError(.notFound, "There is no such thing here.")
        }
        return id
    }

    /// A time some seconds from now, as requests give it; nil for never.
    /// - Throws: `.badRequest` when it is not in the next ten years.
    func expiry(inSeconds seconds: Int64?) throws -> Int64? {
        guard let seconds else { return nil }
        guard (1...315_360_000).contains(seconds) else {
            throw HubError(.badRequest, "'expiresInSeconds' is a number from 1 to 315360000.")
        }
        return store.now + seconds * 1_000
    }
}

extension JSONWriter {
    /// A time in milliseconds since 1970, or null.
    mutating func member(_ name: String, time: Int64?) {
        member(name, time.map { JSONDate.text(milliseconds: $0) })
    }
}
