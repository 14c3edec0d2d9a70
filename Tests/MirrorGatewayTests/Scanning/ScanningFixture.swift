import Foundation
import HubCore
import Logging
import Policies

@testable import MirrorGateway

/// A hub whose blobs are scanned.
final class ScanningFixture: Sendable {
    let hub: Hub
    let scanning: Scanning
    let metrics = MetricRegistry()
    let folder: URL

    init(clamd: String? = nil, workers: Int = 1, sharing other: ScanningFixture? = nil) async throws {
        folder =
            other?.folder
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("scans-\(UInt64.random(in: 0 ... .max))")
        hub = try await Hub(path: folder.appendingPathComponent("data").path)
        var settings = ScanningSettings()
        settings.clamdSocket = clamd
        settings.workers = workers
        settings.interval = 20
        scanning = Scanning(hub: hub, settings: settings, metrics: metrics, logger: Self.logger)
    }

    static var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func store(_ bytes: [UInt8]) async throws -> BlobID {
        let (id, size) = try await hub.blobs.store(
            nil, size: nil,
            from: AsyncThrowingStream { continuation in
                continuation.yield(bytes)
                continuation.finish()
            })
        try await hub.store.noteBlob(id, size: size)
        return id
    }

    /// Overwrites the file of a blob.
    func damage(_ id: BlobID, with bytes: [UInt8]) throws {
        let path = folder.appendingPathComponent(
            "data/blobs/sha256/\(id.hex.prefix(2))/\(id.hex.dropFirst(2).prefix(2))/\(id.hex)"
        ).path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// `os.system("id")`, of protocol 0.
    static let dangerousPickle = Array("cos\nsystem\n(S'id'\ntR.".utf8)
    /// The same of a function that nobody vouches for.
    static let unknownPickle = Array("cacme.models\nRecipe\n(tR.".utf8)
    static let cleanText = Array("Nothing but words.\n".utf8)
    static let sevenZip: [UInt8] = [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4] + [UInt8](repeating: 7, count: 200)
}
