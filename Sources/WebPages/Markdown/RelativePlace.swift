/// The place of a document in its repository, from which relative addresses are read.
struct RelativePlace: Sendable {
    let folder: String
    let siteURL: String?

    struct Target: Hashable {
        /// Decoded, without `.` and `..`.
        let path: String
        /// Query and fragment, as they were written.
        let suffix: String
        let isFolder: Bool
    }

    /// The file that a relative address means; nil for addresses that are absolute, of the site or of this page.
    func resolve(_ written: String) -> Target? {
        let end = written.firstIndex { $0 == "?" || $0 == "#" } ?? written.endIndex
        let path = written[..<end]
        guard let first = path.first, first != "/", first != "\\", !Self.hasScheme(path) else { return nil }
        var parts = folder.split(separator: "/").map(String.init)
        let segments = path.split(separator: "/", omittingEmptySubsequences: true)
        for segment in segments {
            switch Self.decoded(segment) {
            case ".": break
            case "..": if !parts.isEmpty { parts.removeLast() }
            case let name: parts.append(name)
            }
        }
        let last = segments.last
        return Target(
            path: parts.joined(separator: "/"), suffix: String(written[end...]),
            isFolder: path.hasSuffix("/") || last == "." || last == "..")
    }

    /// The address without its scheme and authority, when those are this hub's, or when it has none and starts at the
    /// root.
    func onSite(_ written: String) -> String? {
        if SafeAddress.isLocal(written) { return written }
        guard let siteURL, written.hasPrefix(siteURL + "/") else { return nil }
        return String(written.dropFirst(siteURL.count))
    }

    private static func hasScheme(_ path: some StringProtocol) -> Bool {
        guard let colon = path.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return !path.utf8[..<colon].contains(UInt8(ascii: "/"))
    }

    static func decoded(_ segment: some StringProtocol) -> String {
        var out: [UInt8] = []
        var rest = Array(segment.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
