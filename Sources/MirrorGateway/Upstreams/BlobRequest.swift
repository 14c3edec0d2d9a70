/// One way to the bytes of a blob, worked out only when it is taken.
package struct BlobRequest: Sendable {
    /// For logs and provenance: `lfs`, `lfs-signed-in` or `resolve`.
    package let way: String
    /// Whether a `Range` header may be added to the request.
    package let supportsRange: Bool
    /// What to send the request through: it holds the credentials that this way may use, which may be none.
    package let connection: UpstreamConnection

    private let making: @Sendable (_ renewing: Bool) async throws -> EgressRequest

    package init(
        way: String,
        supportsRange: Bool,
        connection: UpstreamConnection,
        making: @escaping @Sendable (_ renewing: Bool) async throws -> EgressRequest
    ) {
        self.way = way
        self.supportsRange = supportsRange
        self.connection = connection
        self.making = making
    }

    /// The GET to send now. Asks the upstream for a new link when there is none or the last one has expired.
    ///
    /// - Parameter renewing: asks for a new link in any case, after the last one was answered with 401, 403 or 404.
    /// - Throws: `HubError`: `.blobNotFound` when the upstream does not have it, `.upstreamRefused`, `.upstreamUnavailable`,
    ///   `.upstreamCorrupt`.
    package func make(renewing: Bool = false) async throws -> EgressRequest { try await making(renewing) }
}
