/// Asks the server's own collector to run; several questions while it runs are one more run.
package final class ReclaimRequests: Sendable {
    /// One element for each run that was asked for. It has one reader.
    package let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func ask() { continuation.yield() }
}
