import Crypto
import HubCore
package import Logging
import WebAssets
package import WebPages

/// What pages are dressed with: our own scripts and styles, which are compiled in, and what packages brought, which is
/// found in a folder and may be missing.
package struct AssetShelf: Sendable {
    enum Content: Sendable {
        case bytes([UInt8])
        /// A file that is opened when somebody asks for it: all of them were a third of a resting server's own memory.
        case file(path: String, digest: BlobID)
    }

    struct Asset: Sendable {
        let type: String
        let content: Content
        /// Nil where that makes it no smaller.
        let gzip: Content?
    }

    package let links: AssetLinks
    /// By path below the base.
    private let assets: [String: Asset]
    /// What the addresses of this state of things contain.
    let digest: String

    /// - Parameter folder: where `make assets` put what packages brought; nil for nowhere.
    package init(vendored folder: String?, logger: Logger) {
        var own: [String: [UInt8]] = WebAssets.files
        own["weir.css"] = WebAssets.styles.reduce(into: []) { $0 += $1 }
        var hash = SHA256()
        var assets: [String: Asset] = [:]
        for (path, bytes) in own.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array(path.utf8))
            hash.update(data: bytes)
            let type = Self.type(of: path)
            let small = Self.isText(type) ? TextCompression.gzip(bytes, level: 9) : nil
            assets[path] = Asset(
                type: type, content: .bytes(bytes), gzip: small.flatMap { $0.count < bytes.count ? .bytes($0) : nil })
        }
        let vendored = folder.map { VendoredFiles(below: $0, logger: logger) }
        for (path, digest) in vendored?.digests.sorted(by: { $0.key < $1.key }) ?? [] {
            hash.update(data: Array("\(path) \(digest.hex)".utf8))
        }
        for path in vendored?.names ?? [] {
            guard let content = vendored?.content(path) else { continue }
            // Packed once when they were fetched, because every start of a server would take the time again.
            assets["vendor/" + path] = Asset(
                type: Self.type(of: path), content: content, gzip: vendored?.content(path + ".gz"))
        }
        self.assets = assets
        digest = String(Hexadecimal.encode(hash.finalize()).prefix(16))
        links = AssetLinks(base: "/assets/\(digest)", vendored: Set(vendored?.names ?? []))
    }

    func asset(_ path: String) -> Asset? { assets[path] }

    static func type(of path: String) -> String {
        switch path.split(separator: ".").last.map(String.init) {
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "woff2": "font/woff2"
        case "json": "application/json"
        case "html": "text/html; charset=utf-8"
        default: "application/octet-stream"
        }
    }

    private static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/") || type == "image/svg+xml" || type == "application/json"
    }
}
