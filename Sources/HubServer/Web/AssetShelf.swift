import Crypto
import Foundation
import HubCore
package import Logging
import WebAssets
package import WebPages

/// What pages are dressed with: our own scripts and styles, which are compiled in, and what packages brought, which is
/// found in a folder and may be missing.
package struct AssetShelf: Sendable {
    struct Asset: Sendable {
        let type: String
        let bytes: [UInt8]
        /// Nil where that makes it no smaller.
        let gzip: [UInt8]?
    }

    package let links: AssetLinks
    /// By path below the base.
    private let assets: [String: Asset]
    /// What the addresses of this state of things contain.
    let digest: String

    /// Bytes of one file that are taken into memory.
    private static let largest = 16 << 20

    /// - Parameter folder: where `make assets` put what packages brought; nil for nowhere.
    package init(vendored folder: String?, logger: Logger) {
        var contents: [String: [UInt8]] = WebAssets.files
        contents["weir.css"] = WebAssets.styles.reduce(into: []) { $0 += $1 }
        var vendored: Set<String> = []
        var packed: [String: [UInt8]] = [:]
        if let folder {
            for (path, bytes) in Self.files(below: folder) {
                // Packed once when they were fetched, because every start of a server would take the time again.
                if path.hasSuffix(".gz") {
                    packed["vendor/" + path.dropLast(3)] = bytes
                    continue
                }
                vendored.insert(path)
                contents["vendor/" + path] = bytes
            }
            if vendored.isEmpty {
                logger.notice(
                    "no fonts, editors and pictures for the website are installed; pages do without them",
                    metadata: ["folder": .string(folder)])
            }
        }
        var hash = SHA256()
        var assets: [String: Asset] = [:]
        for (path, bytes) in contents.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array(path.utf8))
            hash.update(data: bytes)
            let type = Self.type(of: path)
            let small = packed[path] ?? (Self.isText(type) ? TextCompression.gzip(bytes, level: 9) : nil)
            assets[path] = Asset(
                type: type, bytes: bytes, gzip: small.flatMap { $0.count < bytes.count ? $0 : nil })
        }
        self.assets = assets
        digest = String(Hexadecimal.encode(hash.finalize()).prefix(16))
        links = AssetLinks(base: "/assets/\(digest)", vendored: vendored)
    }

    func asset(_ path: String) -> Asset? { assets[path] }

    private static func files(below folder: String) -> [(path: String, bytes: [UInt8])] {
        guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
        var found: [(path: String, bytes: [UInt8])] = []
        for case let name as String in names {
            let path = folder + "/" + name
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
                attributes[.type] as? FileAttributeType == .typeRegular,
                let size = attributes[.size] as? Int, size <= largest,
                let data = FileManager.default.contents(atPath: path)
            else { continue }
            found.append((name, Array(data)))
        }
        return found
    }

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
