package import HubCore

/// A pack on its way from an upstream.
package struct UpstreamPack: Sendable {
    /// Commits whose parents are left out of this answer.
    package let shallow: [ObjectID]
    /// Commits that were such a boundary and have their parents now.
    package let unshallow: [ObjectID]
    /// The raw pack, to be read once.
    package let chunks: UpstreamPackChunks

    package init(shallow: [ObjectID], unshallow: [ObjectID], chunks: UpstreamPackChunks) {
        self.shallow = shallow
        self.unshallow = unshallow
        self.chunks = chunks
    }
}

/// The bytes of a pack as they arrive; nothing is read ahead of the reader.
///
/// Ends only after the upstream said that the pack is whole.
/// Throws `HubError` with `.upstreamCorrupt` when the stream breaks off or is no git answer, and with `.upstreamUnavailable`
/// when the upstream gave up.
package struct UpstreamPackChunks: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    private let read: @Sendable () async throws -> [UInt8]?

    /// - Parameter read: gives the next bytes, nil at the end; called by one reader at a time.
    package init(read: @escaping @Sendable () async throws -> [UInt8]?) { self.read = read }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let read: @Sendable () async throws -> [UInt8]?

        package mutating func next() async throws -> [UInt8]? { try await read() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(read: read) }
}
