import Foundation

@testable import HubCore

/// A blob store in a temporary directory.
struct BlobFixture: Sendable {
    let directory: TemporaryDirectory
    let store: FileBlobStore

    init(now: @escaping @Sendable () -> Date = { Date() }) throws {
        directory = try TemporaryDirectory()
        store = try FileBlobStore(root: directory.appending("blobs"), threads: 2, now: now)
    }

    /// A second store on the same files, as another process would have it.
    func reopened(now: @escaping @Sendable () -> Date = { Date() }) throws -> FileBlobStore {
        try FileBlobStore(root: directory.appending("blobs"), threads: 2, now: now)
    }

    /// Bytes that look like none of their neighbours.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    /// A body that comes in chunks.
    static func chunks(_ bytes: [UInt8], of size: Int = 100_000) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            var rest = bytes[...]
            while !rest.isEmpty {
                continuation.yield(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            continuation.finish()
        }
    }

    /// Reads a blob as a client would, following its writer.
    static func readAll(_ reader: BlobReader) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < Int(reader.size) {
            let released = try await reader.following?.released(past: Int64(bytes.count)) ?? reader.size
            bytes += try reader.file.read(at: Int64(bytes.count), count: Int(released) - bytes.count)
        }
        return bytes
    }

    /// Lets the tasks that were started run until they wait.
    static func settle() async {
        for _ in 0..<1000 { await Task.yield() }
    }
}
