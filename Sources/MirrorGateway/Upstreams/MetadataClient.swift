import HubCore

/// Asks an upstream's REST for one JSON document.
struct MetadataClient: Sendable {
    let transport: any UpstreamTransport
    let connection: UpstreamConnection
    let failures: UpstreamFailures

    /// Bytes of JSON that are read at most.
    static let maximumBody = 16 << 20

    /// Gets a document; any status comes back, with the beginning of its body.
    func get(_ url: EgressURL) async throws -> UpstreamAnswer {
        let request = EgressRequest(
            url: url, headers: [("Accept", "application/json")], maximumBody: Int64(Self.maximumBody), purpose: .api)
        let response = try await transport.send(request, via: connection)
        guard response.status == 200 else { return await response.failure() }
        return try await response.answer(upTo: Self.maximumBody)
    }
}
