import Foundation
import Testing

@testable import HubCore

@Suite("What need not be hashed again")
struct VerifiedFilesTests {
    private static let size = Int(VerifiedFiles.smallest) + 5

    private static func path(of id: BlobID, in fixture: BlobFixture) -> String {
        fixture.directory.appending(
            "blobs/sha256/\(id.hex.prefix(2))/\(id.hex.dropFirst(2).prefix(2))/\(id.hex)")
    }

    private static func isVerified(_ id: BlobID, in store: FileBlobStore) async throws -> Bool {
        let reader = try #require(try await store.open(id))
        return store.isVerified(id, in: reader.file)
    }

    @Test("what this process hashed as it came counts as verified, here alone and until somebody forgets it")
    func stored() async throws {
        let fixture = try BlobFixture()
        let bytes = BlobFixture.bytes(Self.size)
        let (id, _) = try await fixture.store.store(nil, size: nil, from: BlobFixture.chunks(bytes))
        #expect(try await Self.isVerified(id, in: fixture.store))
        #expect(try await !Self.isVerified(id, in: fixture.reopened()))
        fixture.store.forgetVerification(of: id)
        #expect(try await !Self.isVerified(id, in: fixture.store))
    }

    @Test("a download counts as verified once its digest has matched")
    func downloaded() async throws {
        let fixture = try BlobFixture()
        let bytes = BlobFixture.bytes(Self.size, seed: 2)
        let id = BlobID(hashing: bytes)
        let partial = try await fixture.store.partial(id, size: Int64(bytes.count))
        try await partial.write(Array(bytes[1_000...]), at: 1_000)
        try await partial.write(Array(bytes[..<1_000]), at: 0)
        try await partial.finish()
        #expect(try await Self.isVerified(id, in: fixture.store))
    }

    @Test("a small blob is always hashed: change times of older kernels may miss what happens in the same moment")
    func small() async throws {
        let fixture = try BlobFixture()
        let (id, _) = try await fixture.store.store(nil, size: nil, from: BlobFixture.chunks(BlobFixture.bytes(1_000)))
        #expect(try await !Self.isVerified(id, in: fixture.store))
    }

    @Test("whatever touches the file ends it", arguments: ["write", "mode", "time", "replace"])
    func touched(how: String) async throws {
        let fixture = try BlobFixture()
        let bytes = BlobFixture.bytes(Self.size, seed: 3)
        let (id, _) = try await fixture.store.store(nil, size: nil, from: BlobFixture.chunks(bytes))
        let path = Self.path(of: id, in: fixture)
        // A moment that any kernel can tell from that of the storing.
        try await Task.sleep(for: .milliseconds(20))
        switch how {
        case "write":
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            try handle.seek(toOffset: 7)
            try handle.write(contentsOf: Data([bytes[7] ^ 1]))
            try handle.close()
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
        case "mode":
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        case "time":
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
        default:
            try FileManager.default.removeItem(atPath: path)
            try Data(bytes).write(to: URL(filePath: path))
        }
        #expect(try await !Self.isVerified(id, in: fixture.store))
    }
}
