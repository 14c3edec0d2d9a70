import HubCore
import Policies
import Synchronization

/// Tells scans under way to end.
final class ScanStopSign: Sendable {
    private let isRaised = Mutex(false)

    func raise() { isRaised.withLock { $0 = true } }

    /// - Throws: `CancellationError` once it was raised.
    func check() throws { if isRaised.withLock({ $0 }) { throw CancellationError() } }
}

/// The bytes of a stored file, read where a scan asks for them.
struct StoredSource: ScanSource {
    let file: OpenFile
    let stop: ScanStopSign

    var size: Int64 { file.size }

    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        try stop.check()
        guard offset >= 0, count > 0, offset < size else { return [] }
        return try file.read(at: offset, count: Int(min(Int64(count), size - offset)))
    }
}

/// Bytes that are in memory, such as an object of git.
struct BytesSource: ScanSource {
    let bytes: [UInt8]

    var size: Int64 { Int64(bytes.count) }

    func read(at offset: Int64, count: Int) -> [UInt8] {
        guard offset >= 0, count > 0, offset < size, let start = Int(exactly: offset) else { return [] }
        return Array(bytes[start..<min(bytes.count, start + min(count, bytes.count - start))])
    }
}
