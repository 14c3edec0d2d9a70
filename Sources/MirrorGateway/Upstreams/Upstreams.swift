package import HubCore

/// Makes upstreams from their configuration.
package enum Upstreams {
    /// The upstream of a configuration; nothing is sent.
    ///
    /// - Throws: `HubError` with `.badRequest` when the configuration contradicts itself.
    package static func make(
        _ configuration: UpstreamConfiguration, transport: any UpstreamTransport, clock: WallClock = .system
    ) throws -> any Upstream {
        guard configuration.baseURL.query == nil, configuration.gitURL?.query == nil else {
            throw HubError(
                .badRequest, "The URL of upstream \(configuration.name) has a query.",
                remedy: "Leave everything from the question mark on out of its mirror file.")
        }
        let parts = UpstreamParts(configuration, transport: transport, clock: clock)
        return switch configuration.type {
        case .opencsg, .csghub: CSGHubUpstream(parts: parts)
        case .huggingface: HuggingFaceUpstream(parts: parts)
        case .modelscope: ModelScopeUpstream(parts: parts)
        case .weir: WeirUpstream(parts: parts)
        case .gitLFS: GitLFSUpstream(parts: parts)
        }
    }
}
