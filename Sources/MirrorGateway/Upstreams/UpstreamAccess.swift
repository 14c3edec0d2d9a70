import HubCore

/// The connections to one upstream: the same limits each, and the credentials in the form each protocol wants.
struct UpstreamAccess: Sendable {
    let name: String
    /// For REST and for files by URL.
    let api: UpstreamConnection
    let git: UpstreamConnection
    /// For LFS batches with credentials.
    let lfs: UpstreamConnection
    /// Without credentials at the upstream's own origins; those configured for other origins stay.
    let anonymous: UpstreamConnection
    /// Whether we have credentials at all.
    let isSignedIn: Bool
    /// What must not appear in a message, should the upstream repeat it to us.
    let secrets: [Secret]

    init(_ configuration: UpstreamConfiguration, addresses: UpstreamAddresses) {
        name = configuration.name
        var connection = configuration.connection
        connection.name = configuration.name
        connection.credentials[addresses.base.origin] = nil
        connection.credentials[addresses.gitBase.origin] = nil
        anonymous = connection
        let credentials = configuration.credentials
        isSignedIn = credentials != .none
        secrets = Self.secrets(of: credentials)
        let type = configuration.type
        api = Self.with(Self.apiForm(credentials, type: type), at: addresses.base.origin, connection)
        git = Self.with(Self.gitForm(credentials, type: type), at: addresses.gitBase.origin, connection)
        // The sync token opens git alone; CSGHub's LFS takes the same token as a bearer.
        let lfsForm = Self.isCSGHub(type) ? credentials : Self.gitForm(credentials, type: type)
        lfs = Self.with(lfsForm, at: addresses.gitBase.origin, connection)
    }

    private static func with(
        _ credentials: Credentials, at origin: Origin, _ connection: UpstreamConnection
    ) -> UpstreamConnection {
        var connection = connection
        connection.credentials[origin] = credentials == .none ? nil : credentials
        return connection
    }

    private static func isCSGHub(_ type: UpstreamType) -> Bool { type == .opencsg || type == .csghub }

    private static func apiForm(_ credentials: Credentials, type: UpstreamType) -> Credentials {
        switch (type, credentials) {
        case (.gitLFS, _): gitForm(credentials, type: type)
        // Its REST knows people by the cookie that a login would set, and takes the token itself for it.
        case (.modelscope, .bearer(let token)), (.modelscope, .basic(_, let token)):
            .header(name: "Cookie", value: Secret("m_session_id=" + token.reveal()))
        default: credentials
        }
    }

    /// A token as git servers take it: the password of any user, or CSGHub's own scheme, which has no space.
    private static func gitForm(_ credentials: Credentials, type: UpstreamType) -> Credentials {
        guard case .bearer(let token) = credentials else { return credentials }
        if isCSGHub(type) {
            return .header(name: "Authorization", value: Secret("X-OPENCSG-Sync-Token" + token.reveal()))
        }
        // GitLab and ModelScope want this very name for tokens; to others any name does.
        return .basic(user: type == .gitLFS || type == .modelscope ? "oauth2" : "weir", password: token)
    }

    private static func secrets(of credentials: Credentials) -> [Secret] {
        switch credentials {
        case .none: []
        case .bearer(let secret), .basic(_, let secret), .header(_, let secret): [secret]
        }
    }
}
