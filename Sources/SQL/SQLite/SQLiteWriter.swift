import Foundation

/// The one connection that writes, on its own thread, with group commit.
///
/// An fsync costs milliseconds, a small write microseconds: everything that queued up while the last group was being
/// made durable shares the next transaction. Each write has its own savepoint, so a body that throws takes back its own
/// work only.
///
/// `@unchecked Sendable`: the queue is guarded by `condition`, and `handle` belongs to the thread.
final class SQLiteWriter: @unchecked Sendable {
    /// A write that waits for its turn.
    struct Pending: Sendable {
        /// Runs the body, and returns what tells the caller once the group is durable.
        let run: @Sendable (any Connection) throws -> @Sendable () -> Void
        /// Tells the caller that nothing was written.
        let fail: @Sendable (any Error) -> Void
    }

    /// Bounds how long the first of a group waits for the last.
    private static let groupLimit = 512

    private let condition = NSCondition()
    private var pending: [Pending] = []
    private var isClosed = false
    private var hasEnded = false
    private var waitingForEnd: [@Sendable () -> Void] = []

    private let open: @Sendable () throws -> SQLiteHandle
    private var handle: SQLiteHandle?

    /// Opens the connection and starts the thread, which lives until `close`.
    /// - Throws: `DatabaseError` when the file cannot be opened.
    init(open: @escaping @Sendable () throws -> SQLiteHandle) throws {
        self.open = open
        handle = try open()
        let thread = Thread { self.work() }
        thread.name = "sqlite-writer"
        thread.start()
    }

    /// Queues a write. It fails at once when the writer is closed.
    func enqueue(_ write: Pending) {
        condition.lock()
        let accepted = !isClosed
        if accepted { pending.append(write) }
        condition.signal()
        condition.unlock()
        if !accepted { write.fail(Self.closed) }
    }

    /// Lets the thread end once the queue is empty; `ended` is called then.
    func close(ended: @escaping @Sendable () -> Void = {}) {
        condition.lock()
        isClosed = true
        let alreadyEnded = hasEnded
        if !alreadyEnded { waitingForEnd.append(ended) }
        condition.signal()
        condition.unlock()
        if alreadyEnded { ended() }
    }

    static let closed = DatabaseError(.misuse, "The database is closed.", sql: "")

    private func work() {
        while let group = nextGroup() { commit(group) }
        handle = nil
        condition.lock()
        hasEnded = true
        let waiting = waitingForEnd
        waitingForEnd = []
        condition.unlock()
        for ended in waiting { ended() }
    }

    private func nextGroup() -> [Pending]? {
        condition.lock()
        defer { condition.unlock() }
        while pending.isEmpty {
            if isClosed { return nil }
            condition.wait()
        }
        let group = Array(pending.prefix(Self.groupLimit))
        pending.removeFirst(group.count)
        return group
    }

    private func commit(_ group: [Pending]) {
        var outcomes: [Outcome] = []
        var groupError: (any Error)?
        do {
            let handle = try usableHandle()
            try handle.execute("BEGIN IMMEDIATE")
            for write in group { outcomes.append(try perform(write, on: handle)) }
            try handle.execute("COMMIT")
        } catch {
            groupError = error
            recover()
        }
        for (index, write) in group.enumerated() {
            switch (index < outcomes.count ? outcomes[index] : nil, groupError) {
            case (.failed(let error), _): write.fail(error)
            case (_, let error?): write.fail(error)
            case (.written(let resume), nil): resume()
            // Cannot be: without an error of the group there is an outcome of each.
            case (nil, nil): write.fail(Self.closed)
            }
        }
    }

    private enum Outcome {
        case written(@Sendable () -> Void)
        case failed(any Error)
    }

    /// Runs one body in its savepoint.
    /// - Throws: only when the whole transaction is lost: a full disk or an I/O error may roll back everything.
    private func perform(_ write: Pending, on handle: SQLiteHandle) throws -> Outcome {
        try handle.execute("SAVEPOINT one_write")
        let connection = SQLiteConnection(handle)
        defer { connection.invalidate() }
        do {
            let resume = try write.run(connection)
            // A deferred foreign key is checked at the commit, where it would fail the writes of others.
            guard !handle.hasUnresolvedForeignKeys else {
                throw DatabaseError(.constraint(.foreign), "FOREIGN KEY constraint failed", sql: "COMMIT")
            }
            try handle.execute("RELEASE one_write")
            return .written(resume)
        } catch {
            guard handle.isInTransaction else { throw error }
            try handle.execute("ROLLBACK TO one_write")
            try handle.execute("RELEASE one_write")
            return .failed(error)
        }
    }

    private func usableHandle() throws -> SQLiteHandle {
        if let handle { return handle }
        let fresh = try open()
        handle = fresh
        return fresh
    }

    /// Brings the connection back after a failed transaction; one that cannot roll back is opened anew.
    private func recover() {
        if let handle, !handle.rollback() { self.handle = nil }
    }
}
