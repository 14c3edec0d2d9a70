/// One place a mirror's content comes from.
package struct UpstreamDocument: Sendable, Hashable {
    /// What protocol an upstream speaks.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case opencsg
        case csghub
        case huggingface
        case modelscope
        case gitLFS = "git-lfs"
        /// Another Weir.
        case weir
        /// An air-gap bundle on a disk.
        case bundle
    }

    /// How to authenticate. Secrets are never in policy files.
    package enum Authentication: Sendable, Hashable {
        case none
        /// A file that holds a bearer token.
        case tokenFile(String)
        /// An environment variable that holds a bearer token.
        case tokenEnvironment(String)
        /// A file that holds `user:password`.
        case basicFile(String)
    }

    package struct Timeouts: Sendable, Hashable {
        package var connect: Duration = .seconds(5)
        package var firstByte: Duration = .seconds(20)
        /// Longest silence in the middle of a body.
        package var idle: Duration = .seconds(30)
    }

    package struct Retry: Sendable, Hashable {
        /// Attempts after the first.
        package var maximum = 5
        package var backoff = DurationRange(shortest: .seconds(1), longest: .seconds(60))
        /// Whether `Retry-After` and `RateLimit` set the pause.
        package var honourRateLimitHeader = true
    }

    package struct Breaker: Sendable, Hashable {
        /// Failures within `window` that open it.
        package var failures = 5
        package var window: Duration = .seconds(30)
        package var openFor: Duration = .seconds(60)
        /// Trial requests let through before it closes.
        package var halfOpen = 2
    }

    package let name: String
    package let type: Kind
    /// Base URL of the API; of everything when `gitURL` is nil.
    package let url: EndpointURL
    /// Base URL of git and LFS when it is another than `url`.
    package let gitURL: EndpointURL?
    /// Lower is asked first.
    package let priority: Int
    package let authentication: Authentication
    /// PEM file of a private certificate authority.
    package let caFile: String?
    package let proxy: EndpointURL?
    package let timeouts: Timeouts
    package let retry: Retry
    package let breaker: Breaker
    package let limits: UpstreamLimits
    /// Whether it may be on a loopback or private address. Link-local and metadata addresses never may.
    package let allowPrivate: Bool
    /// Whether what a peer buried is buried here too; only peers tell.
    package let followsTombstones: Bool
    package let location: SourceLocation

    /// Base URL for git and LFS.
    package var effectiveGitURL: EndpointURL { gitURL ?? url }
}
