import NIOCore

/// Where the bytes of a response go: each `send` returns when they have left.
protocol BodySink: Sendable {
    func send(_ data: IOData) async throws
    /// Whether file regions may be sent.
    var takesFileRegions: Bool { get }
}
