import Foundation
import Testing

@testable import HubCore

/// Drill F6. Runs where `WEIR_SMALL_DISK` names an empty directory on a file system of 80 MiB:
/// `mount -t tmpfs -o size=80m tmpfs /mnt/small && WEIR_SMALL_DISK=/mnt/small swift test --filter BlobDiskFull`
private let smallDisk = ProcessInfo.processInfo.environment["WEIR_SMALL_DISK"]

@Suite("A disk that fills up", .enabled(if: smallDisk != nil), .serialized)
struct BlobDiskFullTests {
    @Test("a body of unknown size fails with storage-full, gives its space back, and the next one is stored")
    func wholeBody() async throws {
        let root = try #require(smallDisk)
        let store = try FileBlobStore(root: root + "/blobs")
        let bytes = BlobFixture.bytes(1 << 20)
        let endless = AsyncThrowingStream<[UInt8], any Error> { bytes }
        let free = try PosixFile.space(at: root).free
        let error = await #expect(throws: HubError.self) { try await store.store(nil, size: nil, from: endless) }
        #expect(error?.code == .storageFull)
        #expect(try PosixFile.space(at: root).free >= free - 65_536)
        let stored = try await store.store(nil, size: nil, from: BlobFixture.chunks(bytes))
        #expect(try await store.verify(stored.id))
    }

    @Test("a download whose disk is filled by somebody else fails its readers, and resumes nothing it lost")
    func download() async throws {
        let root = try #require(smallDisk)
        let store = try FileBlobStore(root: root + "/blobs")
        let bytes = BlobFixture.bytes(4 << 20)
        let id = BlobID(hashing: bytes)
        let partial = try await store.partial(id, size: Int64(bytes.count))
        try await partial.append(Array(bytes.prefix(1 << 20)))
        let following = try #require(try await partial.reader().following)
        let filler = root + "/filler"
        #expect(FileManager.default.createFile(atPath: filler, contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: filler))
        while (try? handle.write(contentsOf: Data(count: 1 << 20))) != nil {}
        try handle.close()
        let error = await #expect(throws: HubError.self) { try await partial.append(Array(bytes.dropFirst(1 << 20))) }
        #expect(error?.code == .storageFull)
        await #expect(throws: HubError.self) { try await following.released(past: 0) }
        let refused = await #expect(throws: HubError.self) { try await store.partial(id, size: Int64(bytes.count)) }
        #expect(refused?.code == .storageFull)
        try FileManager.default.removeItem(atPath: filler)
        let again = try await store.partial(id, size: Int64(bytes.count))
        #expect(await again.written == 0)
        try await again.append(bytes)
        try await again.finish()
        #expect(try await store.verify(id))
    }
}
