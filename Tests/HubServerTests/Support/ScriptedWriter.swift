import HubCore
import Synchronization

/// A writer of a growing blob that releases bytes as a test says.
final class ScriptedWriter: BlobFollowing {
    enum Ending {
        case complete, failure, silence
    }

    let cancellations: AsyncStream<Void>
    private let cancelled: AsyncStream<Void>.Continuation
    private let marks: Mutex<[Int64]>
    private let ending: Ending

    init(marks: [Int64], ending: Ending) {
        self.marks = Mutex(marks)
        self.ending = ending
        (cancellations, cancelled) = AsyncStream<Void>.makeStream()
    }

    func released(past offset: Int64) async throws -> Int64 {
        if let mark = marks.withLock({ marks in marks.first { $0 > offset } }) { return mark }
        switch ending {
        case .complete, .failure:
            throw HubError(.upstreamCorrupt, "The digest differs.")
        case .silence:
            do {
                try await Task.sleep(for: .seconds(600))
            } catch {
                cancelled.yield()
                throw error
            }
            throw HubError(.upstreamUnavailable, "Upstream is silent.")
        }
    }
}
