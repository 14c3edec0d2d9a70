import HubCore

/// Keeps the link to one object while its requests are made, and gets a new one when it is needed.
///
/// Links live in memory only: they are signatures.
actor LFSLinkHolder {
    private let client: LFSBatchClient
    private let pointer: LFSPointer
    private let server: EgressURL
    private let name: String
    private var link: (link: LFSLink, asked: Int64)?

    /// Milliseconds before its end at which a link is no longer begun with.
    static let margin: Int64 = 30_000
    /// Milliseconds for which a link is used that does not say how long it holds; the shortest usual life is minutes.
    static let presumedLifetime: Int64 = 5 * 60 * 1000

    init(client: LFSBatchClient, pointer: LFSPointer, server: EgressURL, name: String) {
        self.client = client
        self.pointer = pointer
        self.server = server
        self.name = name
    }

    func current(renewing: Bool) async throws -> LFSLink {
        if !renewing, let link = link ?? client.links.take(pointer.oid, at: server),
            isGood(link.link, asked: link.asked)
        {
            self.link = link
            return link.link
        }
        let asked = client.clock.now()
        let fresh = try await client.link(to: pointer, at: server, named: name)
        link = (fresh, asked)
        return fresh
    }

    private func isGood(_ link: LFSLink, asked: Int64) -> Bool {
        let now = client.clock.now()
        guard let expires = link.expires else { return now - asked < Self.presumedLifetime }
        return expires > now + Self.margin
    }
}
