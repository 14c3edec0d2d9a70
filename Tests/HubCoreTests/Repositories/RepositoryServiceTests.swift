import HubTestSupport
import Testing

@testable import HubCore

@Suite("Reads of local repositories")
struct RepositoryServiceTests {
    @Test("a branch whose name is made of hex digits is found in its own case, a commit by its beginning in any")
    func hexNames() async throws {
        let fixture = try await HubFixture()
        let folder = try fixture.write(["a": [1]])
        let report = try await fixture.hub.importer.run(
            folder: folder, as: HubFixture.id("model:a/b"), isPrivate: false)
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, report.repository)
        try await fixture.hub.store.createRef(
            try #require(RefName.branch("FEED")), of: repository.key, at: report.commit)
        let service = fixture.repositories
        #expect(try await service.snapshot(of: repository, at: Revision("FEED")).commit == report.commit)
        let beginning = String(report.commit.hex.prefix(8))
        #expect(try await service.snapshot(of: repository, at: Revision(beginning)).commit == report.commit)
        #expect(
            try await service.snapshot(of: repository, at: Revision(beginning.uppercased())).commit == report.commit)
        #expect(try await service.snapshot(of: repository, at: Revision("master")).commit == report.commit)
        #expect(
            await hubError { _ = try await service.snapshot(of: repository, at: Revision("feed")) }?.code
                == .revisionNotFound)
    }

    @Test("an impossible path has no history; it is not everybody's")
    func history() async throws {
        let fixture = try await HubFixture()
        let report = try await fixture.hub.importer.run(
            folder: try fixture.write(["a": [1]]), as: HubFixture.id("model:a/b"), isPrivate: false)
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, report.repository)
        let snapshot = try await fixture.repositories.snapshot(of: repository, at: nil)
        for path in ["../a", "a//b", ".git/config"] {
            let error = await hubError {
                _ = try await fixture.repositories.history(of: snapshot, path: path, skip: 0, limit: 10)
            }
            #expect(error?.code == .entryNotFound)
        }
        #expect(try await fixture.repositories.history(of: snapshot, path: nil, skip: 0, limit: 10).count == 1)
    }

    @Test("S13: a blob that another repository has is not given to one that has only a pointer to it")
    func foreignBlobs() async throws {
        let fixture = try await HubFixture()
        let secret: [UInt8] = [0, 1, 2, 3]
        _ = try await fixture.hub.importer.run(
            folder: try fixture.write(["m.bin": secret]), as: HubFixture.id("model:a/secret"), isPrivate: true)
        let key = try await fixture.create("model:b/thief")
        let pointer = LFSPointer(oid: BlobID(hashing: secret), size: 4)
        let blob = try await fixture.hub.git.writeBlob(pointer.encoded, in: key)
        let signature = Signature(name: "B", email: "b@example.org", seconds: 0)
        let commit = try await fixture.hub.git.commit(
            changes: [.put(path: try #require(GitPath("m.bin")), blob: blob, executable: false)], parents: [],
            author: signature, committer: signature, message: "", in: key)
        try await fixture.hub.store.moveRef(
            try #require(RefName.branch("main")), of: key, from: nil, to: commit, changeLog: "", card: nil, tags: [],
            links: [])
        let repository = try await fixture.authorizer.open(.anonymous, .contentRead, HubFixture.id("model:b/thief"))
        let snapshot = try await fixture.repositories.snapshot(of: repository, at: nil)
        let entry = try await fixture.repositories.entry(at: "m.bin", in: snapshot)
        #expect(await hubError { _ = try await fixture.repositories.open(entry, in: snapshot) }?.code == .blobNotFound)
        #expect(try await fixture.repositories.lfsLinks(to: [pointer], of: repository).isEmpty)
    }
}
