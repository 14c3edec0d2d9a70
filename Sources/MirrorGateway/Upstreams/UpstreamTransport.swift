/// How requests leave: the egress client, or a table of answers in tests.
package protocol UpstreamTransport: Sendable {
    /// Sends a request; any status may come back.
    /// - Throws: `HubError` when there is no answer at all.
    func send(_ request: EgressRequest, via connection: UpstreamConnection) async throws -> EgressResponse
}

extension EgressClient: UpstreamTransport {}
