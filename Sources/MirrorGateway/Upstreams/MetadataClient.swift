import HubCore

/// Asks an upstream's REST for one JSON document.
struct MetadataClient: Sendable {
    let transport: any UpstreamTransport
    let connection: UpstreamConnection
    let failures: UpstreamFailures

    /// Bytes of JSON that are read at most.
    static let maximumBody = 16 << 20

    /// Gets a document; any status comes back, with the beginning of its body.
    func get(_ url: EgressURL) async throws -> UpstreamAnswer { try await ask("GET", url, body: nil) }

    func ask(_ method: String, _ url: EgressURL, body: String) async throws -> UpstreamAnswer {
        try await ask(method, url, body: Array(body.utf8))
    }

    /// Asks a question that has a body and changes nothing, whatever its method.
    func ask(_ method: String, _ url: EgressURL, body: [UInt8]?) async throws -> UpstreamAnswer {
        let headers = [("Accept", "application/json")] + (body == nil ? [] : [("Content-Type", "application/json")])
        let request = EgressRequest(
            method: method, url: url, headers: headers, body: body, maximumBody: Int64(Self.maximumBody), purpose: .api)
        let response = try await transport.send(request, via: connection)
        guard response.status == 200 else { return await response.failure() }
        return try await response.answer(upTo: Self.maximumBody)
    }
}
