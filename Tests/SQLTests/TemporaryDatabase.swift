import Foundation
import SQL

/// A directory with a database in it, removed with the object.
final class TemporaryDatabase: Sendable {
    let directory: URL
    let database: SQLiteDatabase

    var path: String { directory.appendingPathComponent("test.sqlite").path }

    init(readers: Int = 4) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("sql-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        database = try SQLiteDatabase(
            path: directory.appendingPathComponent("test.sqlite").path, readers: readers)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}

/// What a test's body throws on purpose.
struct Deliberate: Error, Equatable {}
