/// Takes an absolute URL apart, strictly: what it does not understand it refuses rather than repairs.
///
/// Two parsers that read one URL differently are how address checks are passed by; what comes out of here is rebuilt
/// from its parts before libcurl sees it.
enum EgressURLParser {
    /// Why a text is no URL for us.
    struct Refusal: Error { let text: String }

    static func parse(_ text: String) -> Result<EgressURL, Refusal> {
        do throws(Refusal) { return .success(try absolute(text)) } catch { return .failure(error) }
    }

    /// Whether a reference begins with a scheme, and so is not relative.
    static func hasScheme(_ reference: some StringProtocol) -> Bool {
        guard let colon = reference.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let name = reference.utf8[..<colon]
        guard let first = name.first, isLetter(first) else { return false }
        return name.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        }
    }

    private static func absolute(_ text: String) throws(Refusal) -> EgressURL {
        let bytes = text.utf8
        guard bytes.count <= EgressURL.maximumLength else { throw Refusal(text: "it is too long") }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Refusal(text: "it contains a control character")
        }
        guard !bytes.contains(UInt8(ascii: "\\")) else { throw Refusal(text: "it contains a backslash") }
        guard !bytes.contains(UInt8(ascii: "#")) else { throw Refusal(text: "it contains a fragment") }
        guard let mark = text.firstRange(of: "://") else {
            throw Refusal(text: "it does not begin with http:// or https://")
        }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw Refusal(text: "it does not begin with http:// or https://")
        }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.utf8.contains(UInt8(ascii: "@")) else {
            throw Refusal(text: "user names and passwords do not belong into a URL")
        }
        let (host, port) = try hostAndPort(authority, scheme: scheme)
        let tail = rest[authority.endIndex...]
        let path = tail.prefix { $0 != "?" }
        let query = path.endIndex < tail.endIndex ? tail[tail.index(after: path.endIndex)...] : nil
        return EgressURL(
            scheme: scheme, host: host, port: port,
            path: removingDotSegments(PercentEncoding.lenient(path.utf8)),
            query: query.map { PercentEncoding.lenient($0.utf8) })
    }

    private static func hostAndPort(_ authority: Substring, scheme: String) throws(Refusal) -> (String, Int) {
        let host: String
        let portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw Refusal(text: "its host is not closed by ]") }
            let inner = authority[authority.index(after: authority.startIndex)..<end]
            guard let address = IPAddress(String(inner)), case .v6 = address else {
                throw Refusal(text: "its host is not an IPv6 address")
            }
            host = address.description
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw Refusal(text: "its port is not a number") }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            let pieces = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            host = try name(pieces.first ?? "")
            portText = pieces.count > 1 ? pieces[1] : nil
        }
        guard let portText else { return (host, Origin.defaultPort(of: scheme)) }
        guard (1...5).contains(portText.utf8.count), portText.utf8.allSatisfy(isDigit), let port = Int(portText),
            (1...65535).contains(port)
        else { throw Refusal(text: "its port is not a number from 1 to 65535") }
        return (host, port)
    }

    /// A host name in lower case, or an IPv4 address in dotted form; nothing that a resolver may read as another number.
    private static func name(_ text: Substring) throws(Refusal) -> String {
        guard !text.isEmpty else { throw Refusal(text: "it has no host") }
        let host = text.lowercased()
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, labels.allSatisfy(isLabel) else {
            throw Refusal(text: "its host is not a host name")
        }
        if let last = labels.last, last.utf8.allSatisfy(isDigit) || last.hasPrefix("0x") {
            guard let address = IPAddress(host), address.description == host else {
                throw Refusal(text: "its host is a number, but not an IPv4 address in dotted form")
            }
        }
        return host
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy {
                isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    /// - SeeAlso: RFC 3986 section 5.2.4.
    private static func removingDotSegments(_ path: String) -> String {
        guard !path.isEmpty else { return "/" }
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (place, segment) in segments.enumerated() {
            let isLast = place == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
