import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("Air-gap bundles")
struct BundleImportTests {
    private static func noise(_ count: Int, _ seed: UInt64) -> [UInt8] {
        var generator = SeededBits(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    private static func files(_ seed: UInt64) -> [String: [UInt8]] {
        [
            "README.md": Array("---\nlicense: mit\n---\n# \(seed)\n".utf8), "config.json": Array("{}\n".utf8),
            "weights.safetensors": noise(20_000, seed),
        ]
    }

    @Test("1,000 spoilt bundles are refused, and nothing of them is seen")
    func mutations() async throws {
        let world = try await BundleWorld()
        try await world.commit(Self.files(1), to: "model:acme/first")
        let first = try await world.export("first.hubpack", of: ["model:acme/first"])
        _ = try await world.importer.run([first], world.options())
        try await world.commit(Self.files(2), to: "model:acme/first")
        try await world.commit(Self.files(3), to: "dataset:acme/second")
        let path = try await world.export("good.hubpack", of: ["model:acme/first", "dataset:acme/second"])
        let good = Array(try Data(contentsOf: URL(filePath: path)))
        let other = Array(try Data(contentsOf: URL(filePath: first)))
        let loose = try LooseBundle(file: path)
        // Put together again it is the same bundle: what the mutations change is what is refused.
        #expect(try loose.encoded(signedBy: [world.key]) == good)
        var mutations = BundleMutations(good: good, loose: loose, other: other, key: world.key, seed: 2_026)
        let before = try await world.standing()
        let file = world.path("bad.hubpack")
        var codes: [HubError.Code: Int] = [:]
        for number in 0..<1_000 {
            let (what, bytes) = try mutations.next(number)
            try #require(bytes != good, "\(number): \(what) changes nothing")
            try Data(bytes).write(to: URL(filePath: file))
            do {
                _ = try await world.importer.run([file], world.options())
                Issue.record("\(number): \(what) was taken")
            } catch let error as HubError {
                codes[error.code, default: 0] += 1
                #expect(error.code != .internalError, "\(number): \(what): \(error)")
            }
            let after = try await world.standing()
            try #require(after == before, "\(number): \(what) left something")
        }
        #expect(codes.values.reduce(0, +) == 1_000)
        #expect(await hubError { _ = try await world.importer.run([first], world.options()) }?.code == .conflict)
        // The bundle that all of them were made of is good.
        let report = try await world.importer.run([path], world.options())
        #expect(report.repositories.map(\.outcome) == ["published", "published"])
        #expect(await hubError { _ = try await world.importer.run([path], world.options()) }?.code == .conflict)
    }

    @Test("an import that was cut short goes on with what lies on its shelf, and shows nothing before its end")
    func resumes() async throws {
        let world = try await BundleWorld()
        var files = Self.files(4)
        for number in 0..<8 { files["part\(number).safetensors"] = Self.noise(5_000, UInt64(100 + number)) }
        try await world.commit(files, to: "model:acme/many")
        let path = try await world.export("many.hubpack", of: ["model:acme/many"])
        // A shelf as a killed import leaves it: some blobs whole, one half.
        let archive = try BundleArchive(paths: [path])
        let id = try #require(BlobID(archive.statement.predicate.bundleId))
        var shelf: BundleShelf? = try await world.below.blobs.shelf(for: id)
        let items = archive.layout.items.filter { item in
            archive.statement.predicate.contains.contains { $0.digest == item.digest.hex && $0.role == "lfs" }
        }
        for item in items.prefix(4) {
            try await shelf?.take(item.digest, size: item.size) { try archive.read(at: item.content + $0, count: $1) }
        }
        let left = world.below.directory.blobs + "/bundles/\(id.hex)/\(items[5].digest.hex).part"
        try Data([1, 2, 3]).write(to: URL(filePath: left))
        // Somebody else who imports it now is told so.
        #expect(await hubError { _ = try await world.importer.run([path], world.options()) }?.code == .conflict)
        #expect(try await world.below.store.standing(ofBundled: try BundleWorld.id("model:acme/many")) == .absent)
        shelf = nil
        let report = try await world.importer.run([path], world.options())
        #expect(report.repositories.map(\.outcome) == ["published"])
        for item in items { #expect(try await world.below.blobs.verify(item.digest)) }
        #expect(!FileManager.default.fileExists(atPath: world.below.directory.blobs + "/bundles"))
    }

    @Test("a header of more than 8 GiB is what tar says it is")
    func largeEntries() throws {
        let size: Int64 = 9 << 30
        let header = TarEntry.header("blobs/sha256/x", size: size)
        #expect(header.count == 3 * TarEntry.block)
        let record = "19 size=\(size)\n"
        #expect(Array(header[512..<512 + record.utf8.count]) == Array(record.utf8))
        #expect(TarEntry.length("blobs/sha256/x", size: size) == size + Int64(header.count))
        #expect(TarEntry.length("x", size: .max) == nil)
        #expect(TarEntry.length("x", size: -1) == nil)
    }

    @Test("what a kept bundle holds heals a blob that is gone")
    func heals() async throws {
        let world = try await BundleWorld()
        try await world.commit(Self.files(5), to: "model:acme/kept")
        let kept = world.folder.appendingPathComponent("kept")
        try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
        let path = try await world.export("kept/all.hubpack", of: ["model:acme/kept"])
        let mirrors = world.folder.appendingPathComponent("mirrors.d")
        try FileManager.default.createDirectory(at: mirrors, withIntermediateDirectories: true)
        let text = """
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: sticks}
            spec:
              upstreams:
              - {name: folder, type: bundle, url: "file://\(kept.path)"}
            """
        try Data(text.utf8).write(to: mirrors.appendingPathComponent("sticks.yaml"))
        let policies = try PolicyEngine(
            directory: mirrors.path,
            transport: AnswerTable { _ in throw HubError(.upstreamUnavailable, "nobody is there") },
            metrics: MetricRegistry(), clock: .system,
            environment: [:])
        let digest = try #require(
            try BundleArchive(paths: [path]).statement.predicate.contains.first { $0.role == "lfs" }?.digest)
        let id = try #require(BlobID(digest))
        let library = BundleLibrary(hub: world.below, policies: policies)
        // Nobody trusts who signed it.
        let untrusted = try await library.blob(id)
        #expect(untrusted == nil)
        let folder = "\(world.below.directory.path)/keys/trusted"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(world.key.publicKey.pem.utf8).write(to: URL(filePath: "\(folder)/above.pem"))
        #expect(try await library.heal(id))
        #expect(try await world.below.blobs.verify(id))
        #expect(try await library.heal(BlobID(hashing: [1])) == false)
    }
}
