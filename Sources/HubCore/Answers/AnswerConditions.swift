import Synchronization

/// What an answer that is being made holds on, beside the content of the database: whoever reads a time or does
/// something that every request has to do says so here.
///
/// An answer is given again only where its route says that it may be and nobody says otherwise.
package final class AnswerConditions: Sendable {
    /// Those of the answer that is being made; nil where nobody keeps answers.
    @TaskLocal package static var current: AnswerConditions?

    private struct State {
        var mayBeKept = false
        var isBarred = false
        var end = Int64.max
    }

    private let state = Mutex(State())

    package init() {}

    /// The answer says nothing but what the database says, to the one who asked.
    package static func keep() { current?.state.withLock { $0.mayBeKept = true } }

    /// Something was done or looked at that the next request has to do or look at again.
    package static func bar() { current?.state.withLock { $0.isBarred = true } }

    /// Something that was read counts until then.
    /// - Parameter end: milliseconds since 1970; nil for always.
    package static func hold(until end: Int64?) {
        guard let end else { return }
        current?.state.withLock { $0.end = min($0.end, end) }
    }

    /// Milliseconds since 1970 until which the answer may be given again; nil when it may not.
    package var end: Int64? {
        state.withLock { $0.mayBeKept && !$0.isBarred ? $0.end : nil }
    }
}
