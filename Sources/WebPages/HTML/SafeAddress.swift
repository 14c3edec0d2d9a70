/// Which addresses a page may lead to: relative ones, and absolute ones of harmless schemes.
package enum SafeAddress {
    package static let schemes: Set<String> = ["http", "https", "mailto"]

    /// The address, or `#` when its scheme is none of ``schemes``. Browsers skip control characters and spaces in front
    /// of and within schemes, and so do we before we decide (WHATWG URL §4.4).
    package static func checked(_ address: String) -> String { isSafe(address) ? address : "#" }

    /// Whether a page may lead there.
    package static func isSafe(_ address: String) -> Bool {
        let visible = address.utf8.filter { $0 > 0x20 && $0 != 0x7F }
        // Browsers read backslashes as slashes: `/\evil.example` leaves the site.
        guard let colon = visible.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let before = visible[..<colon]
        // A colon after a slash, question mark or hash is part of a path, query or fragment.
        guard !before.contains(where: { "/?#\\".utf8.contains($0) }) else { return true }
        return schemes.contains(String(decoding: before, as: UTF8.self).lowercased())
    }

    /// Whether the address stays on this site, for places to go back to.
    package static func isLocal(_ address: String) -> Bool {
        let bytes = Array(address.utf8)
        guard bytes.first == UInt8(ascii: "/"), !bytes.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") })
        else { return false }
        return bytes.count < 2 || bytes[1] != UInt8(ascii: "/")
    }
}
