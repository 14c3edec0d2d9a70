import Synchronization

/// Answers of `git upload-pack` to clones, in files: the next reader with the same question costs no process, and those
/// who come while it is made follow it.
///
/// Only names and sizes are in memory; who may ask what is decided before anybody comes here.
final class UploadPackAnswers: Sendable {
    /// Bytes of packs beyond which a repository's answers are not kept.
    static let largestRepository: Int64 = 256 << 20
    /// Bytes of all answers together.
    private static let room: Int64 = 1 << 30
    private static let mostAnswers = 256
    private static let lifetime = Duration.seconds(3_600)

    struct Stored: Sendable {
        let repository: Int64
        let path: String
        let size: Int64
        let made: ContinuousClock.Instant
        var used: ContinuousClock.Instant
    }

    private struct State: Sendable {
        var stored: [String: Stored] = [:]
        var growing: [String: GrowingAnswer] = [:]
    }

    enum Found: Sendable {
        case stored(OpenFile)
        /// Somebody makes it already.
        case growing(GrowingAnswer)
        /// The one who asks has to have it made.
        case new(GrowingAnswer)
    }

    private let state = Mutex(State())

    /// What there is under a name. Blocks.
    /// - Parameter make: opens the file of an answer that is to be made.
    func find(_ name: String, _ make: () throws -> GrowingAnswer) throws -> Found {
        try state.withLock { state in
            if var stored = state.stored[name] {
                let now = ContinuousClock.now
                if stored.made.duration(to: now) < Self.lifetime, let file = try? OpenFile(path: stored.path),
                    file.size == stored.size
                {
                    stored.used = now
                    state.stored[name] = stored
                    return .stored(file)
                }
                state.stored[name] = nil
                try? PosixFile.remove(stored.path)
            }
            if let growing = state.growing[name], growing.join() { return .growing(growing) }
            let growing = try make()
            state.growing[name] = growing
            return .new(growing)
        }
    }

    /// Keeps an answer that is whole, or forgets one that is not. Blocks.
    func settle(_ name: String, _ answer: GrowingAnswer, of repository: Int64, isKept: Bool) {
        let size = answer.size
        let isStored = state.withLock { state in
            if state.growing[name] === answer { state.growing[name] = nil }
            guard isKept, size > 0, size <= 2 * Self.largestRepository, state.stored[name] == nil else { return false }
            state.stored[name] = Stored(
                repository: repository, path: answer.path, size: size, made: .now, used: .now)
            return true
        }
        if !isStored { try? PosixFile.remove(answer.path) }
        expire()
    }

    /// Removes what is too old, and the longest unused of what is too much. Blocks.
    func expire() {
        let now = ContinuousClock.now
        remove { stored in
            var gone = Set(stored.filter { $0.value.made.duration(to: now) >= Self.lifetime }.keys)
            let left = stored.filter { !gone.contains($0.key) }.sorted { $0.value.used > $1.value.used }
            var (bytes, count) = (Int64(0), 0)
            for (name, answer) in left {
                bytes += answer.size
                count += 1
                if bytes > Self.room || count > Self.mostAnswers { gone.insert(name) }
            }
            return gone
        }
    }

    /// Removes the answers of a repository.
    func forget(_ repository: Int64) {
        remove { stored in Set(stored.filter { $0.value.repository == repository }.keys) }
    }

    private func remove(_ choose: ([String: Stored]) -> Set<String>) {
        let gone = state.withLock { state in
            choose(state.stored).compactMap { state.stored.removeValue(forKey: $0)?.path }
        }
        for path in gone { try? PosixFile.remove(path) }
    }
}
