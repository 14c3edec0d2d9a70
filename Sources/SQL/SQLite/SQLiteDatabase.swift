#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A database in one SQLite file, in WAL mode; several processes may use the file at once.
///
/// Every acknowledged write is on disk (`synchronous = FULL`). Reads run on the caller's thread on one of several
/// connections; writes run on one thread and share commits.
package final class SQLiteDatabase: Database {
    private let writer: SQLiteWriter
    private let readers: SQLiteReaders
    private let versions: SQLiteVersions

    /// Opens the file at `path`, which is made when it is missing, readable by its owner only.
    /// - Parameters:
    ///   - readers: connections for reading; reads beyond that number wait for one another.
    ///   - busyTimeout: how long a write waits for another process's transaction.
    /// - Throws: `DatabaseError`.
    package init(path: String, readers: Int = 4, busyTimeout: Duration = .seconds(10)) throws {
        guard !path.isEmpty, path != ":memory:" else {
            throw DatabaseError(.misuse, "A database needs a file: its connections share it.", sql: "")
        }
        Self.makePrivateFile(at: path)
        let milliseconds = Int32(clamping: busyTimeout.components.seconds * 1000)
        writer = try SQLiteWriter {
            try SQLiteHandle(path: path, role: .writer, busyMilliseconds: milliseconds)
        }
        do {
            self.readers = try SQLiteReaders(count: readers) {
                try SQLiteHandle(path: path, role: .reader, busyMilliseconds: milliseconds)
            }
            versions = try SQLiteVersions(
                try SQLiteHandle(path: path, role: .reader, busyMilliseconds: milliseconds))
        } catch {
            writer.close()
            throw error
        }
    }

    deinit { writer.close() }

    /// SQLite gives the -wal and -shm files the mode of the database, and that holds tokens' hashes.
    ///
    /// `O_EXCL`: a file that exists is not even opened, because closing it would drop the POSIX locks that other
    /// connections of this process hold on it. What fails here, SQLite reports when it opens the file.
    private static func makePrivateFile(at path: String) {
        let descriptor = path.withCString { createExclusively($0) }
        if descriptor >= 0 { closeDescriptor(descriptor) }
    }

    package func read<T: Sendable>(_ body: @Sendable (any Connection) throws -> T) async throws -> T {
        try readers.read(body)
    }

    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            writer.enqueue(
                SQLiteWriter.Pending(
                    run: { connection in
                        let answer = try body(connection)
                        return { continuation.resume(returning: answer) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    package var version: DatabaseVersion? { versions.current }

    package func close() async {
        await withCheckedContinuation { continuation in
            writer.close { continuation.resume() }
        }
        readers.close()
        versions.close()
    }
}

// `open` and `close` by other names: inside the class its own methods hide them.
private func createExclusively(_ path: UnsafePointer<CChar>) -> CInt {
    open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
}

private func closeDescriptor(_ descriptor: CInt) {
    _ = close(descriptor)
}
