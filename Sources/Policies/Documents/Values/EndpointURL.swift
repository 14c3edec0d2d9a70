/// The base URL of an upstream or a proxy: parsed once, without user info, query or fragment.
package struct EndpointURL: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is not an acceptable endpoint.
    struct Invalid: Error {
        let message: String
        let remedy: String
    }

    /// The URL without a trailing slash, scheme and host in lower case.
    package let text: String
    package let scheme: String
    /// Lower case; an IPv6 address without its brackets.
    package let host: String
    /// nil: the scheme's own.
    package let port: Int?
    /// Empty, or starts with `/`; no trailing slash.
    package let path: String

    package var description: String { text }

    /// - Throws: `Invalid`; its message never repeats credentials.
    init(_ source: String, schemes: [String]) throws(Invalid) {
        guard let separator = source.firstRange(of: "://") else {
            throw Invalid(message: "has no scheme", remedy: "write \(schemes[0])://host")
        }
        let scheme = source[..<separator.lowerBound].lowercased()
        guard schemes.contains(scheme) else {
            throw Invalid(
                message: "has the scheme '\(scheme)'",
                remedy: Spelling.remedy(for: scheme, among: schemes, noun: "schemes"))
        }
        let rest = source[separator.upperBound...]
        guard rest.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F && $0 != "\\" }) else {
            throw Invalid(
                message: "holds a space or a character outside ASCII",
                remedy: "percent-encode it, or write the host in Punycode")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest[authority.endIndex...]
        guard !authority.contains("@") else {
            throw Invalid(
                message: "holds credentials",
                remedy: "remove them and use auth: {tokenFile: …}, {tokenEnv: …} or {basicFile: …}")
        }
        guard !path.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw Invalid(message: "has a query or fragment", remedy: "keep only scheme, host, port and path")
        }
        guard scheme != "file" else {
            guard authority.isEmpty, path.count > 1, !path.contains("/../"), !path.hasSuffix("/..") else {
                throw Invalid(message: "is no folder of this machine", remedy: "write file:///srv/bundles")
            }
            let folder = String(path.reversed().drop { $0 == "/" }.reversed())
            (self.scheme, host, port, self.path, text) = (scheme, "", nil, folder, "file://\(folder)")
            return
        }
        let (host, port) = try Self.hostAndPort(authority)
        let trimmed = String(path.reversed().drop { $0 == "/" }.reversed())
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = trimmed
        text = "\(scheme)://" + (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "") + trimmed
    }

    private static func hostAndPort(_ authority: Substring) throws(Invalid) -> (String, Int?) {
        let host: Substring
        let remainder: Substring
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else {
                throw Invalid(message: "has a '[' without its ']'", remedy: "write an IPv6 address as [::1]")
            }
            host = authority[authority.index(after: authority.startIndex)..<close]
            remainder = authority[authority.index(after: close)...]
            guard NetworkAddress(literal: String(host)) != nil else {
                throw Invalid(
                    message: "has an IPv6 address that is none", remedy: "check the address between the brackets")
            }
        } else {
            host = authority.prefix { $0 != ":" }
            remainder = authority[host.endIndex...]
            try checkName(host)
        }
        guard !remainder.isEmpty else { return (host.lowercased(), nil) }
        guard remainder.hasPrefix(":"), let port = Int(remainder.dropFirst()), (1...65_535).contains(port) else {
            throw Invalid(message: "has a port that is none", remedy: "a port is a number from 1 to 65535")
        }
        return (host.lowercased(), port)
    }

    private static func checkName(_ host: Substring) throws(Invalid) {
        guard !host.isEmpty, host.count <= 253 else {
            throw Invalid(message: "has no host", remedy: "write scheme://host")
        }
        if NetworkAddress(literal: String(host)) != nil { return }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        }
        guard isName else {
            throw Invalid(message: "has '\(host)' as its host", remedy: "a host is a DNS name or an IP address")
        }
        // "2130706433", "0x7f.1" and their kin are addresses in disguise; resolvers accept them.
        let last = labels.last ?? ""
        if last.allSatisfy(\.isNumber) || last.lowercased().hasPrefix("0x") {
            throw Invalid(
                message: "has '\(host)' as its host", remedy: "write an IP address as four decimal numbers, 192.0.2.10")
        }
    }
}
