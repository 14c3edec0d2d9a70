/// Lets one commit after the other go to a ref, in the order they came.
///
/// Compare-and-swap alone is right, and unfair: whoever takes longer to build loses to those who are quick, again and
/// again, and every loss is a commit built and made durable for nothing. Other processes are not held off: they are met
/// by compare-and-swap.
actor CommitTurns {
    struct Place: Hashable, Sendable {
        let repository: Int64
        let ref: RefName
    }

    /// Who waits behind the one whose turn it is; without an entry it is nobody's.
    private var waiting: [Place: [CheckedContinuation<Void, Never>]] = [:]

    /// Runs `body` when it is its turn.
    /// - Throws: what `body` throws; `CancellationError` for whoever was cancelled while waiting.
    nonisolated func take<Result: Sendable>(
        at place: Place, _ body: () async throws -> Result
    ) async throws -> Result {
        await enter(place)
        do {
            try Task.checkCancellation()
            let result = try await body()
            await leave(place)
            return result
        } catch {
            await leave(place)
            throw error
        }
    }

    private func enter(_ place: Place) async {
        guard waiting[place] != nil else {
            waiting[place] = []
            return
        }
        await withCheckedContinuation { waiting[place]?.append($0) }
    }

    private func leave(_ place: Place) {
        guard var queue = waiting[place], !queue.isEmpty else {
            waiting[place] = nil
            return
        }
        let next = queue.removeFirst()
        waiting[place] = queue
        next.resume()
    }
}
