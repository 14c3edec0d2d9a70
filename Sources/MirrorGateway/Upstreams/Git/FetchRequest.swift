import HubCore

/// What is asked of `git-upload-pack` in one round: all haves are known beforehand, so that there is no negotiation.
///
/// - SeeAlso: gitprotocol-v2 "fetch"; gitprotocol-pack "Packfile Negotiation"; gitprotocol-http for stateless servers.
struct FetchRequest: Sendable, Hashable {
    var wants: [ObjectID]
    var haves: [ObjectID] = []
    /// Commits from each want; nil for everything.
    var depth: Int?
    /// Where our own history is cut.
    var shallow: [ObjectID] = []

    /// The depth that means "everything": an answer to it lifts every boundary.
    static let infiniteDepth = 0x7FFF_FFFF

    /// What `deepen` says; nil when nothing is cut on either side.
    var deepen: Int? {
        if let depth { return min(max(depth, 1), Self.infiniteDepth) }
        return shallow.isEmpty ? nil : Self.infiniteDepth
    }

    /// The body of a v2 request.
    /// - Throws: `.unsupported` when our history is cut and the server knows no cut histories.
    func encodedV2(for server: GitCapabilities) throws(GitStreamFailure) -> [UInt8] {
        var lines: [PktLine] = [.text("command=fetch")]
        lines += GitRequestHead.capabilityLines(for: server)
        lines += [.delimiter, .text("no-progress"), .text("ofs-delta")]
        if !haves.isEmpty { lines.append(.text("thin-pack")) }
        if server.command("fetch", has: "shallow") {
            lines += shallowLines
        } else if !shallow.isEmpty {
            throw .unsupported("it cannot continue a shallow history")
        }
        lines += wants.map { .text("want \($0.hex)") }
        lines += haves.map { .text("have \($0.hex)") }
        lines += [.text("done"), .flush]
        return lines.flatMap(\.encoded)
    }

    /// The body of a request of versions 0 and 1.
    /// - Throws: `.unsupported` when the server has no side-band, or knows no cut histories though ours is cut.
    func encodedLegacy(for server: GitCapabilities) throws(GitStreamFailure) -> [UInt8] {
        guard let sideBand = ["side-band-64k", "side-band"].first(where: server.has) else {
            throw .unsupported("it has no side-band")
        }
        var capabilities = [sideBand, "ofs-delta", "no-progress"].filter(server.has)
        if !haves.isEmpty, server.has("thin-pack") { capabilities.append("thin-pack") }
        if server.has("object-format") { capabilities.append("object-format=sha1") }
        if server.has("agent") { capabilities.append("agent=\(GitRequestHead.agent)") }
        var lines: [PktLine] = []
        for (index, want) in wants.enumerated() {
            lines.append(.text("want \(want.hex)" + (index == 0 ? " " + capabilities.joined(separator: " ") : "")))
        }
        if server.has("shallow") {
            lines += shallowLines
        } else if !shallow.isEmpty {
            throw .unsupported("it cannot continue a shallow history")
        }
        lines.append(.flush)
        lines += haves.map { .text("have \($0.hex)") }
        lines.append(.text("done"))
        return lines.flatMap(\.encoded)
    }

    /// Whether an answer of versions 0 and 1 begins with the list of boundaries.
    func expectsBoundaries(from server: GitCapabilities) -> Bool { deepen != nil && server.has("shallow") }

    private var shallowLines: [PktLine] {
        shallow.map { .text("shallow \($0.hex)") } + (deepen.map { [.text("deepen \($0)")] } ?? [])
    }
}
