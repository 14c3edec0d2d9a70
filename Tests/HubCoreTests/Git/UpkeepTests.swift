import Foundation
import Testing

@testable import HubCore

@Suite("Looking after git objects")
struct UpkeepTests {
    @Test("many small commits become one pack, and every one of them can still be read")
    func consolidation() async throws {
        let fixture = try await ReclaimFixture()
        let repository = try await fixture.repository("model:acme/one")
        var commits: [CommitID] = []
        for number in 0..<20 { commits.append(try await fixture.commit("text \(number)", to: repository)) }
        #expect(try fixture.folder(of: repository.key).loose.count >= 60)
        let report = try await fixture.collect { $0.looseObjects = 10 }
        #expect(report.consolidated == 1 && report.problems == [] && report.removed[.gitObjects] == nil)
        let folder = try fixture.folder(of: repository.key)
        #expect(folder.loose.isEmpty && folder.packs.count == 1)
        for commit in commits { #expect(try await fixture.hub.hub.git.commit(commit, in: repository.key) != nil) }
        // The same text again is found in the pack.
        try await fixture.commit("text 3", to: repository)
        #expect(try await fixture.hub.tree("model:acme/one").count == 1)
        let graph = fixture.hub.hub.git.directory(of: repository.key) + "/objects/info/commit-graph"
        #expect(FileManager.default.fileExists(atPath: graph))
    }

    @Test(
        "what no ref reaches goes after its grace, loose or packed, and the rest stays whole", arguments: [false, true])
    func unreachable(isPacked: Bool) async throws {
        let fixture = try await ReclaimFixture()
        let repository = try await fixture.repository("model:acme/one")
        let git = fixture.hub.hub.git
        let kept = try await fixture.commit("kept", to: repository)
        try await fixture.hub.repositories.createBranch("side", from: nil, in: repository)
        let lost = try await fixture.commit("lost", as: "b.txt", to: repository, branch: "side")
        if isPacked { try await fixture.collect { $0.looseObjects = 1 } }
        try await fixture.hub.repositories.deleteBranch("side", in: repository)

        var report = try await fixture.collect()
        #expect(report.waiting[.gitObjects]?.count == 3 && report.removed[.gitObjects] == nil)
        fixture.passDays(1)
        #expect(try await fixture.collect().waiting[.gitObjects]?.count == 3)
        fixture.passDays(1)
        report = try await fixture.collect(dryRun: true)
        #expect(report.removed[.gitObjects]?.count == 3)
        #expect(try await git.commit(lost, in: repository.key) != nil)
        report = try await fixture.collect()
        #expect(report.removed[.gitObjects]?.count == 3 && report.problems == [] && report.skipped == 0)
        #expect(try await git.commit(lost, in: repository.key) == nil)
        #expect(try await git.commit(kept, in: repository.key) != nil)
        #expect(try await fixture.hub.tree("model:acme/one").map(\.path) == ["a.txt"])
        #expect(try await fixture.collect().waiting[.gitObjects] == nil)
        // The same content can come again.
        try await fixture.hub.repositories.createBranch("side", from: nil, in: repository)
        #expect(try await fixture.commit("lost", as: "b.txt", to: repository, branch: "side") != kept)
    }

    @Test("an object that somebody wants again between mark and sweep stays", arguments: [false, true])
    func wantedAgain(isPacked: Bool) async throws {
        let fixture = try await ReclaimFixture()
        let repository = try await fixture.repository("model:acme/one")
        let git = fixture.hub.hub.git
        try await fixture.commit("kept", to: repository)
        try await fixture.hub.repositories.createBranch("side", from: nil, in: repository)
        try await fixture.commit("wanted", as: "b.txt", to: repository, branch: "side")
        if isPacked { try await fixture.collect { $0.looseObjects = 1 } }
        try await fixture.hub.repositories.deleteBranch("side", in: repository)
        try await fixture.collect()
        fixture.passDays(3)
        // Written by a commit whose ref has not moved yet.
        let blob = try await git.writeBlob(Array("wanted".utf8), in: repository.key)
        try await fixture.collect()
        #expect(try await git.blob(blob, in: repository.key, limit: 100) == Array("wanted".utf8))
    }

    @Test("nothing is taken while somebody writes, and from a repository that lacks something")
    func leftAlone() async throws {
        let fixture = try await ReclaimFixture()
        let repository = try await fixture.repository("model:acme/one")
        let git = fixture.hub.hub.git
        try await fixture.commit("kept", to: repository)
        try await fixture.hub.repositories.createBranch("side", from: nil, in: repository)
        let lost = try await fixture.commit("lost", as: "b.txt", to: repository, branch: "side")
        try await fixture.hub.repositories.deleteBranch("side", in: repository)
        try await fixture.collect()
        fixture.passDays(3)
        let report = try await fixture.collect { $0.quiet = 600_000 }
        #expect(report.skipped == 1 && report.removed[.gitObjects] == nil)
        #expect(try await git.commit(lost, in: repository.key) != nil)

        let missing = try #require(ObjectID("1234567890123456789012345678901234567890"))
        try await fixture.hub.hub.store.updateRefs(
            [.creation(try #require(RefName.branch("broken")), at: missing)], of: repository, changeLog: "", head: nil,
            links: [])
        let other = try await fixture.collect()
        #expect(other.skipped == 1 && other.problems.count == 1 && other.removed[.gitObjects] == nil)
        #expect(try await git.commit(lost, in: repository.key) != nil)
    }

    @Test("a writer and the collector exclude each other, and a use in between is seen")
    func lock() throws {
        let folder = try TemporaryDirectory()
        let lock = WritersLock(repository: folder.path)
        let use = try lock.lastUse()
        #expect(try lock.exclusive(unchangedSince: use) { 1 } == 1)
        try lock.shared {}
        #expect(try lock.exclusive(unchangedSince: use) { 1 } == nil)
        #expect(try lock.exclusive(unchangedSince: try lock.lastUse()) { 1 } == 1)
    }

    @Test("marks are kept while a file is the same, and begin anew when it was touched")
    func marks() throws {
        let id = ObjectID.blob(of: [1])
        var state = UnreachableObjects()
        state.update([id: 5], now: 100)
        state.update([id: 5], now: 200)
        #expect(state.due(now: 300, grace: 200) == [id])
        state.update([id: 6], now: 300)
        #expect(state.due(now: 300, grace: 200).isEmpty)
        // The clock was set back: what is marked in the future is marked now.
        state.update([id: 6], now: 50)
        #expect(state.marks[id]?.markedAt == 50)
        state.update([:], now: 60)
        #expect(state.marks.isEmpty)

        let folder = try TemporaryDirectory()
        state.fingerprint = "abc"
        state.update([id: 9], now: 70)
        try state.write(to: folder.path)
        #expect(UnreachableObjects(of: folder.path) == state)
        try folder.write(Array("abc\nnonsense\n\(id.hex) x y\n".utf8), to: "unreachable")
        #expect(UnreachableObjects(of: folder.path).marks.isEmpty)
    }

    @Test("small packs are put together, and a large one is left until as much has come")
    func geometry() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let source = try fixture.workspace()
        try source.write("large.txt", (0..<9_000).map { "\($0 &* 7_919)" }.joined())
        try source.commit("large")
        var last = "HEAD"
        for number in 0..<6 {
            let pack = try source.pack(last)
            let result = try await fixture.store.intakePack(
                in: 1, keepMessage: "test", limits: PackLimits(), chunks: Chunks(bytes: pack))
            try await fixture.store.releaseKeep(result, in: 1)
            let head = try fixture.id(["rev-parse", "HEAD"], in: source.directory)
            try source.write("small-\(number).txt", "\(number)")
            try source.commit("small \(number)")
            last = "HEAD\n^\(head.hex)"
        }
        let folder = try ObjectFolder(at: fixture.store.directory(of: 1) + "/objects", abandonedBefore: .min)
        #expect(folder.packs.count == 6)
        let small = folder.small(beyond: 3)
        let large = try #require(folder.packs.max { $0.bytes < $1.bytes })
        #expect(small.count == 5 && !small.contains(large))
        #expect(folder.small(beyond: 6).isEmpty)
        var settings = ReclaimSettings()
        settings.packs = 3
        let upkeep = try await fixture.store.upkeep(1, roots: nil, settings: settings, now: 0)
        #expect(upkeep.isConsolidated)
        let after = try ObjectFolder(at: fixture.store.directory(of: 1) + "/objects", abandonedBefore: .min)
        #expect(after.packs.count == 2 && after.packs.contains(large))
    }
}
