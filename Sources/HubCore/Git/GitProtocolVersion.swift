/// The version of the git wire protocol a client asked for.
package enum GitProtocolVersion: Int, Sendable, Hashable {
    case v0 = 0
    case v1 = 1
    case v2 = 2

    /// Reads the `Git-Protocol` header (`version=2`, `key=value:key=value`); absent or unknown is version 0, as in git.
    package init(header: String?) {
        let pairs = Self.validated(header: header)?.split(separator: ":") ?? []
        let versions = pairs.compactMap { pair in
            pair.hasPrefix("version=") ? Int(pair.dropFirst("version=".count)).flatMap(Self.init(rawValue:)) : nil
        }
        self = versions.max { $0.rawValue < $1.rawValue } ?? .v0
    }

    /// The header if it is fit for a child's `GIT_PROTOCOL`: `key[=value]` of letters and digits, joined by colons.
    package static func validated(header: String?) -> String? {
        guard let header, !header.isEmpty, header.utf8.count <= 256 else { return nil }
        for pair in header.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            let sides = pair.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            guard (1...2).contains(sides.count) else { return nil }
            guard sides.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isAlphanumeric) }) else { return nil }
        }
        return header
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
