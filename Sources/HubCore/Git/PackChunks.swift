import Synchronization

/// Reads the twelve bytes at the head of a pack and counts the rest against limits. Pure.
///
/// - SeeAlso: gitformat-pack(5).
struct PackHeaderReader: Sendable {
    private let limits: PackLimits
    private var head: [UInt8] = []

    /// Bytes seen.
    private(set) var byteCount: Int64 = 0
    /// Objects the header announces, once it has been read.
    private(set) var objectCount: Int?

    init(limits: PackLimits) {
        self.limits = limits
    }

    /// - Throws: `upstream-corrupt` when this is no pack of version 2 or 3; `payload-too-large` above the limits.
    mutating func append(_ bytes: [UInt8]) throws {
        byteCount += Int64(bytes.count)
        guard byteCount <= limits.maximumBytes else {
            throw HubError(.payloadTooLarge, "The pack is larger than \(limits.maximumBytes) bytes.")
        }
        guard objectCount == nil else { return }
        head.append(contentsOf: bytes.prefix(12 - head.count))
        guard head.count == 12 else { return }
        let version = head[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard head.starts(with: "PACK".utf8), version == 2 || version == 3 else {
            throw HubError(.upstreamCorrupt, "What was sent is not a git pack.")
        }
        let count = Int(head[8..<12].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        guard count <= limits.maximumObjects else {
            throw HubError(
                .payloadTooLarge, "The pack holds \(count) objects; at most \(limits.maximumObjects) are taken.")
        }
        objectCount = count
    }
}

/// A pack's bytes passing through a `PackHeaderReader`, which can be read afterwards.
final class PackChunks<Base: AsyncSequence<[UInt8], any Error> & Sendable>: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        let owner: PackChunks

        mutating func next() async throws -> [UInt8]? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            guard let chunk = try await base.next(isolation: actor) else { return nil }
            try owner.header.withLock { try $0.append(chunk) }
            return chunk
        }
    }

    private let base: Base
    private let header: Mutex<PackHeaderReader>

    init(_ base: Base, limits: PackLimits) {
        self.base = base
        header = Mutex(PackHeaderReader(limits: limits))
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator(), owner: self) }

    /// What has been read so far.
    var read: PackHeaderReader { header.withLock { $0 } }
}
