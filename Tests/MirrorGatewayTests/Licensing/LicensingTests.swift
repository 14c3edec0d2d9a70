import Foundation
import HubCore
import Policies
import Testing

@testable import MirrorGateway

@Suite("Licences of what is here")
struct LicensingTests {
    /// A hub with local repositories, without texts to compare with.
    private final class World: Sendable {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString)")
        let hub: Hub
        let licensing: Licensing

        init() async throws {
            hub = try await Hub(path: folder.appendingPathComponent("data").path)
            licensing = Licensing(
                hub: hub, policies: nil, comparison: LicenseTextComparison(file: nil), isOffline: true)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func put(_ name: String, _ card: String, isPrivate: Bool = false) async throws {
            let source = folder.appendingPathComponent("source-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
            try Data("---\n\(card)\n---\n".utf8).write(to: source.appendingPathComponent("README.md"))
            let id = try #require(RepositoryID(parsing: "model:\(name)"))
            _ = try await hub.importer.run(folder: source.path, as: id, isPrivate: isPrivate)
        }

        func finding(_ name: String) async throws -> LicenseFinding {
            let id = try #require(RepositoryID(parsing: "model:\(name)"))
            let repository = try await Authorizer(store: hub.store, source: nil).openAsOperator(.metaRead, id)
            let reading = RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
            let commit = try #require(try await reading.storedCommit(of: .name("main"), in: repository))
            return try #require(try await licensing.finding(of: repository, commit: commit))
        }
    }

    @Test("the terms of ancestors come along, with the way")
    func chain() async throws {
        let world = try await World()
        try await world.put("acme/base", "license: llama3")
        try await world.put("acme/tune", "license: mit\nbase_model: acme/base")
        try await world.put("acme/quant", "license: mit\nbase_model: acme/tune\nbase_model_relation: quantized")
        let finding = try await world.finding("acme/quant")
        #expect(finding.conclusion.declared.description == "MIT")
        #expect(finding.conclusion.concluded.description.contains("LicenseRef-llama3"))
        #expect(finding.conclusion.terms.contains { $0.path == ["acme/quant", "acme/tune", "acme/base"] })
        #expect(finding.conclusion.conflicts.contains { $0.text.contains("llama3") })
        #expect(finding.chain.map(\.name) == ["acme/quant", "acme/tune", "acme/base"])
        #expect(finding.lines.contains { $0.hasPrefix("licence chain: acme/quant ← acme/tune ← acme/base") })
    }

    @Test("what becomes known of an ancestor changes the conclusion and the generation at once")
    func invalidation() async throws {
        let world = try await World()
        try await world.put("acme/tune", "license: mit\nbase_model: acme/base")
        #expect(try await world.finding("acme/tune").conclusion.unknownAncestors == [["acme/tune", "acme/base"]])
        let before = world.licensing.generation
        try await world.put("acme/base", "license: cc-by-nc-4.0")
        // Somebody asks about the base, and it is looked at.
        _ = try await world.finding("acme/base")
        #expect(world.licensing.generation != before)
        #expect(try await world.finding("acme/tune").conclusion.flags.contains(.nonCommercial))
        let known = world.licensing.generation
        try await world.put("acme/other", "license: gpl-3.0")
        _ = try await world.finding("acme/other")
        #expect(world.licensing.generation == known, "what nobody derives from changes nothing")
    }

    @Test("rings and cards that name themselves end, and thousands of names count as something unknown")
    func hostile() async throws {
        let world = try await World()
        try await world.put("acme/a", "license: mit\nbase_model: [acme/a, acme/b]")
        try await world.put("acme/b", "license: mit\nbase_model: acme/a")
        #expect(try await world.finding("acme/a").chain.count == 2)
        try await world.put(
            "acme/many", "license: mit\nbase_model:\n" + (0..<10_000).map { "- none/m\($0)" }.joined(separator: "\n"))
        let many = try await world.finding("acme/many").conclusion
        #expect(!many.unknownAncestors.isEmpty)
        #expect(many.unknownAncestors.allSatisfy { $0.count == 2 })
    }

    @Test("an older commit whose card is silent derives from what the newer one says")
    func silent() async throws {
        let world = try await World()
        try await world.put("acme/base", "license: llama3")
        try await world.put("acme/tune", "license: mit")
        let id = try #require(RepositoryID(parsing: "model:acme/tune"))
        let repository = try await Authorizer(store: world.hub.store, source: nil).openAsOperator(.metaRead, id)
        let reading = RepositoryService(
            store: world.hub.store, git: world.hub.git, blobs: world.hub.blobs, source: nil, gate: nil)
        let first = try #require(try await reading.storedCommit(of: .name("main"), in: repository))
        #expect(try await world.licensing.conclusion(of: repository, commit: first)?.flags.contains(.userCap) == false)
        try await world.put("acme/tune", "license: mit\nbase_model: acme/base")
        _ = try await world.finding("acme/tune")
        #expect(try await world.licensing.conclusion(of: repository, commit: first)?.flags.contains(.userCap) == true)
    }

    @Test("what a private ancestor was made from is not told by name")
    func veiled() async throws {
        let world = try await World()
        try await world.put("acme/root", "license: llama3")
        try await world.put("acme/secret", "license: mit\nbase_model: acme/root", isPrivate: true)
        try await world.put("acme/open", "license: mit\nbase_model: acme/secret")
        let finding = try await world.finding("acme/open")
        #expect(finding.conclusion.flags.contains(.userCap))
        #expect(!finding.lines.joined().contains("acme/root"))
    }

    @Test(
        "which files are read for terms",
        arguments: [
            ("LICENSE", true), ("LICENSE.txt", true), ("licence.md", true), ("COPYING", true),
            ("LICENSES/MIT.txt", true),
            ("LICENSE-APACHE", true), ("NOTICE", true), ("USE_POLICY.md", true), ("license.py", false),
            ("src/LICENSE", false), ("licenses.json", false), ("model.safetensors", false), ("README.md", false),
        ] as [(String, Bool)])
    func files(path: String, isRead: Bool) { #expect((LicenseFiles.role(of: path) != nil) == isRead) }
}
