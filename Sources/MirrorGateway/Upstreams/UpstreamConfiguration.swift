/// One upstream as a mirror file describes it.
package struct UpstreamConfiguration: Sendable {
    /// Names it in errors, metrics and records.
    package var name: String
    package var type: UpstreamType
    /// Where its API is, with whatever path prefix it has.
    package var baseURL: EgressURL
    /// Where its git repositories are, when that is another place.
    package var gitURL: EgressURL?
    /// What proves who we are. A bearer token is turned into the form that each of the upstream's protocols wants.
    package var credentials: Credentials
    /// Limits, proxy and address rules. Its own credentials stay as they are for other origins, such as a private CDN.
    package var connection: UpstreamConnection

    package init(
        name: String,
        type: UpstreamType,
        baseURL: EgressURL,
        gitURL: EgressURL? = nil,
        credentials: Credentials = .none,
        connection: UpstreamConnection
    ) {
        self.name = name
        self.type = type
        self.baseURL = baseURL
        self.gitURL = gitURL
        self.credentials = credentials
        self.connection = connection
    }
}
