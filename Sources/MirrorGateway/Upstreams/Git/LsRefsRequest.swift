import HubCore

/// The v2 command that lists refs.
///
/// - SeeAlso: gitprotocol-v2 "ls-refs".
struct LsRefsRequest: Sendable, Hashable {
    /// Beginnings of names, all refs when empty. `HEAD` is always asked for: it tells the default branch.
    var prefixes: [String]

    func encoded(for server: GitCapabilities) -> [UInt8] {
        var lines: [PktLine] = [.text("command=ls-refs")]
        lines += GitRequestHead.capabilityLines(for: server)
        lines += [.delimiter, .text("peel"), .text("symrefs")]
        if server.command("ls-refs", has: "unborn") { lines.append(.text("unborn")) }
        if !prefixes.isEmpty {
            lines += (["HEAD"] + prefixes).map { .text("ref-prefix \($0)") }
        }
        lines.append(.flush)
        return lines.flatMap(\.encoded)
    }
}

/// What stands at the head of every v2 request.
enum GitRequestHead {
    /// How we name ourselves; some servers look for `git/`.
    static let agent = "git/2.39.5-weir"

    static func capabilityLines(for server: GitCapabilities) -> [PktLine] {
        var lines: [PktLine] = []
        if server.has("agent") { lines.append(.text("agent=\(agent)")) }
        if server.has("object-format") { lines.append(.text("object-format=sha1")) }
        return lines
    }
}
