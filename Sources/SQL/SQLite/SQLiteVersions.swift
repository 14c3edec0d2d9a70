import CSQLite
import Synchronization

/// Tells whether anything was committed, by looking at the head of the write-ahead log's index: every commit of every
/// process counts up there and leaves its checksum, before it is acknowledged. `PRAGMA data_version` says the same at
/// the price of a statement.
///
/// A look may fall between two words of a commit that is being made. What it finds then is equal to no version before or
/// after, which only costs a look at the database.
///
/// - SeeAlso: https://www.sqlite.org/walformat.html, "WAL-Index Header".
final class SQLiteVersions: Sendable {
    /// `@unchecked Sendable`: the index is only read, word by word and atomically; the connection runs no more statements.
    private final class Source: @unchecked Sendable {
        /// Keeps the index mapped.
        let handle: SQLiteHandle
        let index: UnsafeRawPointer

        init?(_ handle: SQLiteHandle) throws {
            guard let index = try handle.logIndex() else { return nil }
            self.handle = handle
            self.index = index
        }
    }

    private let source: Mutex<Source?>

    /// - Parameter handle: a connection of its own, which reads nothing else.
    /// - Throws: `DatabaseError` when it cannot read.
    init(_ handle: SQLiteHandle) throws { source = Mutex(try Source(handle)) }

    /// Nil where processes share no index, and once it is closed.
    var current: DatabaseVersion? {
        source.withLock { source in
            guard let source else { return nil }
            var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
            withUnsafeMutableBytes(of: &words) { bytes in
                guard let start = bytes.bindMemory(to: UInt64.self).baseAddress else { return }
                sqlite_shim_log_header(source.index, start)
            }
            return DatabaseVersion(words: SIMD8(words.0, words.1, words.2, words.3, words.4, words.5, 0, 0))
        }
    }

    func close() { source.withLock { $0 = nil } }
}
