import HubCore

/// `HOST:PORT` as it stands on the command line; IPv6 hosts in brackets.
struct ListenAddress {
    let host: String
    let port: Int

    /// - Throws: `.badRequest` that says what is expected.
    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon != text.startIndex
        else {
            throw HubError(
                .badRequest, "'\(text)' is not an address to listen on.", remedy: "Write it as 127.0.0.1:8080.")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.host = host
        self.port = port
    }

    /// The host as it stands in a URL that people on this machine can paste.
    var urlHost: String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "[::1]"
        default: host.contains(":") ? "[\(host)]" : host
        }
    }
}
