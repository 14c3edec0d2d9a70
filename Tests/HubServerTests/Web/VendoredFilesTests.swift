import Foundation
import HTTPTypes
import HubCore
import Logging
import Testing

@testable import HubServer

@Suite("What packages brought for the website")
struct VendoredFilesTests {
    private static let files = [
        "fonts/a.woff2": "letters", "b.js": String(repeating: "b();", count: 50), "b.js.gz": "packed",
    ]

    /// A folder that goes away with its holder.
    private final class Folder {
        let path: String

        init(listed: Bool) throws {
            path = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: "\(path)/fonts", withIntermediateDirectories: true)
            var list: [String: String] = [:]
            for (name, text) in VendoredFilesTests.files {
                try write(text, to: name)
                list[name] = BlobID(hashing: Array(text.utf8)).hex
            }
            if listed { try write(String(decoding: JSONEncoder().encode(list), as: UTF8.self), to: "manifest.json") }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        }
    }

    private func shelf(_ folder: Folder) -> AssetShelf {
        AssetShelf(vendored: folder.path, logger: Logger(label: "test"))
    }

    @Test("a list and the files themselves lead to the same, and other files to another address")
    func listed() throws {
        let listed = try Folder(listed: true)
        let plain = try Folder(listed: false)
        #expect(shelf(listed).digest == shelf(plain).digest)
        #expect(shelf(listed).digest != AssetShelf.bare.digest)
        try plain.write("other letters", to: "fonts/a.woff2")
        #expect(shelf(listed).digest != shelf(plain).digest)
        try listed.write("no list", to: "manifest.json")
        #expect(shelf(listed).digest == AssetShelf.bare.digest)
    }

    @Test("files are sent as they lie there, packed to those who take that; one that is gone is not found")
    func sent() async throws {
        let folder = try Folder(listed: true)
        let hub = try await TestHub()
        let shelf = shelf(folder)
        let routes = AssetRoutes(shelf: shelf, blobs: hub.blobs).routes
        func ask(_ path: String, packed: Bool = false) async throws -> TestHub.Answer {
            try await hub.ask(
                routes, .get, "/assets/\(shelf.digest)/vendor/\(path)",
                headers: packed ? [.acceptEncoding: "gzip"] : [:])
        }
        let font = try await ask("fonts/a.woff2", packed: true)
        #expect(font.status == 200 && font.text == "letters" && font.headers[.contentType] == "font/woff2")
        #expect(font.headers[.contentEncoding] == nil)
        #expect(font.headers[.cacheControl] == "public, max-age=31536000, immutable")
        let plain = try await ask("b.js")
        #expect(plain.text == Self.files["b.js"] && plain.headers[.contentEncoding] == nil)
        let packed = try await ask("b.js", packed: true)
        #expect(packed.text == "packed" && packed.headers[.contentEncoding] == "gzip")
        try FileManager.default.removeItem(atPath: "\(folder.path)/b.js")
        #expect(try await ask("b.js").status == 404)
        #expect(try await ask("c.js").status == 404)
    }
}
