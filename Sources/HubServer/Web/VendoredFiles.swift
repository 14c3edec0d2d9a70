import Foundation
import HubCore
import Logging

/// What packages brought for the website, by the list that `make assets` left beside it.
struct VendoredFiles {
    /// The SHA-256 of each file, by its path below the folder; `a.js.gz` is `a.js`, packed.
    let digests: [String: BlobID]
    private let folder: String

    private static let list = "manifest.json"
    /// Bytes of one file that are read where there is no list.
    private static let largest: Int64 = 16 << 20

    init(below folder: String, logger: Logger) {
        self.folder = folder
        if let list = FileManager.default.contents(atPath: "\(folder)/\(Self.list)") {
            do {
                let listed = try JSONDecoder().decode([String: String].self, from: list)
                digests = listed.compactMapValues { BlobID($0) }
            } catch {
                digests = [:]
                logger.warning(
                    "the list of what the website wears cannot be read; run `make assets` again",
                    metadata: ["file": .string("\(folder)/\(Self.list)"), "error": .string("\(error)")])
            }
        } else {
            digests = Self.hashed(folder)
        }
        if digests.isEmpty {
            logger.notice(
                "no fonts, editors and pictures for the website are installed; pages do without them",
                metadata: ["folder": .string(folder)])
        }
    }

    /// Paths of files, those left out that are others packed.
    var names: [String] { digests.keys.filter { !$0.hasSuffix(".gz") }.sorted() }

    func content(_ path: String) -> AssetShelf.Content? {
        digests[path].map { .file(path: "\(folder)/\(path)", digest: $0) }
    }

    /// A folder that somebody put together himself is read once.
    private static func hashed(_ folder: String) -> [String: BlobID] {
        guard let names = FileManager.default.enumerator(atPath: folder) else { return [:] }
        var digests: [String: BlobID] = [:]
        for case let name as String in names {
            guard let file = try? OpenFile(path: "\(folder)/\(name)"), file.size <= largest,
                let bytes = try? file.read(at: 0, count: Int(file.size))
            else { continue }
            digests[name] = BlobID(hashing: bytes)
        }
        return digests
    }
}
