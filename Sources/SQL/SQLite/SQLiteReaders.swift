import Synchronization

/// The connections that read, each behind its own mutex.
///
/// A read runs on the caller's thread: it takes microseconds, less than a hop to another thread would.
final class SQLiteReaders: Sendable {
    private final class Stripe: Sendable {
        let handle: Mutex<SQLiteHandle?>
        init(_ handle: SQLiteHandle) { self.handle = Mutex(handle) }
    }

    private let stripes: [Stripe]
    private let turn = Atomic<Int>(0)

    /// - Throws: `DatabaseError` when a connection cannot be opened.
    init(count: Int, open: () throws -> SQLiteHandle) throws {
        stripes = try (0..<max(1, count)).map { _ in Stripe(try open()) }
    }

    /// Runs `body` in a deferred transaction on a connection that is free, or else on the next that becomes so.
    func read<T: Sendable>(_ body: @Sendable (any Connection) throws -> T) throws -> T {
        let start = turn.wrappingAdd(1, ordering: .relaxed).oldValue & Int.max
        for offset in 0..<stripes.count {
            let stripe = stripes[(start % stripes.count + offset) % stripes.count]
            let answer = stripe.handle.withLockIfAvailable { handle in
                Result { try Self.read(on: handle, body) }
            }
            if let answer { return try answer.get() }
        }
        return try stripes[start % stripes.count].handle.withLock { try Self.read(on: $0, body) }
    }

    /// Waits for the reads that run, and closes the connections.
    func close() {
        for stripe in stripes { stripe.handle.withLock { $0 = nil } }
    }

    private static func read<T: Sendable>(
        on handle: SQLiteHandle?, _ body: @Sendable (any Connection) throws -> T
    ) throws -> T {
        guard let handle else { throw SQLiteWriter.closed }
        try handle.execute("BEGIN DEFERRED")
        let connection = SQLiteConnection(handle)
        defer { connection.invalidate() }
        do {
            let answer = try body(connection)
            try handle.execute("COMMIT")
            return answer
        } catch {
            _ = handle.rollback()
            throw error
        }
    }
}
