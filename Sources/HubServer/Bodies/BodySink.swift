import NIOCore

/// Where the bytes of a response go: each `send` returns when they have left.
protocol BodySink: Sendable {
    func send(_ data: IOData) async throws
    /// Whether file regions may be sent.
    var takesFileRegions: Bool { get }
    /// Sends a stretch of a file in windows, other connections taking their turns between two of them.
    /// - Parameter sent: told the bytes of each window that has left.
    func send(
        _ file: FileRegionSource, _ stretch: Range<Int64>, window: Int64, sent: @escaping @Sendable (Int64) -> Void
    ) async throws
}

extension BodySink {
    func send(
        _ file: FileRegionSource, _ stretch: Range<Int64>, window: Int64, sent: @escaping @Sendable (Int64) -> Void
    ) async throws {
        var offset = stretch.lowerBound
        while offset < stretch.upperBound {
            let end = min(offset + window, stretch.upperBound)
            try await send(.fileRegion(file.region(offset..<end)))
            sent(end - offset)
            offset = end
        }
    }
}
