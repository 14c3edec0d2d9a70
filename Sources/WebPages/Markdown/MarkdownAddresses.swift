/// Judges the addresses of a document and says where they lead.
final class MarkdownAddresses {
    struct Link {
        let href: String
        /// Whether it leaves the hub.
        let isExternal: Bool
        let host: String?

        /// `href`, and what keeps others from gaining by it.
        var attributes: [UInt8] {
            var bytes: [UInt8] = []
            MarkdownEmitter.append("href", Array(href.utf8), to: &bytes)
            if isExternal { bytes += " rel=\"nofollow ugc noopener\"".utf8 }
            return bytes
        }
    }

    struct Image {
        let address: String
        /// For pictures that are for one theme alone.
        let className: String?
    }

    let links: MarkdownLinks
    /// Of addresses that were judged, for many documents repeat few.
    private var known: [[UInt8]: Link?] = [:]

    /// What ids of the document start with.
    let prefix: String

    init(links: MarkdownLinks, prefix: String) {
        self.links = links
        self.prefix = prefix
    }

    private static let longest = 4_096

    /// Nil for an address that a page must not lead to.
    func link(_ written: [UInt8]) -> Link? {
        guard written.count <= 200 else { return judged(written) }
        if let link = known[written] { return link }
        let link = judged(written)
        if known.count < 500 { known[written] = .some(link) }
        return link
    }

    private func judged(_ written: [UInt8]) -> Link? {
        guard let address = cleaned(written), SafeAddress.isSafe(address) else { return nil }
        if address.hasPrefix("#") {
            let slug = HeadingOutline.slug(RelativePlace.decoded(address.dropFirst()))
            return Link(href: slug.isEmpty ? "#" : "#\(prefix)\(slug)", isExternal: false, host: nil)
        }
        if let own = links.link(address), SafeAddress.isSafe(own) {
            return Link(href: own, isExternal: false, host: nil)
        }
        let host = Self.host(of: address)
        return Link(href: address, isExternal: host != nil || address.hasPrefix("mailto:"), host: host)
    }

    /// Nil for one that is not on this hub.
    func image(_ written: [UInt8]) -> Image? {
        guard var address = cleaned(written), SafeAddress.isSafe(address) else { return nil }
        var className: String?
        for (suffix, name) in [("#hf-light-mode-only", "md-light-only"), ("#hf-dark-mode-only", "md-dark-only")]
        where address.hasSuffix(suffix) {
            className = name
            address.removeLast(suffix.count)
        }
        guard let own = links.image(address), Self.isOwn(own) else { return nil }
        return Image(address: own, className: className)
    }

    /// Pictures are fetched without anybody's doing, so they come from this hub alone.
    private static func isOwn(_ address: String) -> Bool { SafeAddress.isLocal(address) }

    /// Without what browsers leave out; nil for nothing.
    private func cleaned(_ written: [UInt8]) -> String? {
        var bytes = written.filter { $0 >= 0x20 && $0 != 0x7F }[...]
        while bytes.first == 0x20 { bytes = bytes.dropFirst() }
        while bytes.last == 0x20 { bytes = bytes.dropLast() }
        guard bytes.count <= Self.longest else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Of an address that leaves the site; browsers read backslashes as slashes.
    private static func host(of address: String) -> String? {
        let text = address.replacing("\\", with: "/")
        var rest = text[...]
        if let colon = text.firstIndex(of: ":"), !text[..<colon].contains(where: { "/?#".contains($0) }) {
            rest = text[text.index(after: colon)...]
        } else if !text.hasPrefix("//") {
            return nil
        }
        let name = rest.drop { $0 == "/" }.prefix { !"/?#".contains($0) }
        return name.isEmpty ? nil : String(name.split(separator: "@").last ?? name)
    }
}
