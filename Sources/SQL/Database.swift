/// A database: transactions, each a synchronous body.
///
/// Bodies are synchronous so that no transaction stays open across a suspension.
package protocol Database: Sendable {
    /// Runs `body` on one consistent snapshot. Writing is refused.
    /// - Throws: `DatabaseError`, or what `body` throws.
    func read<T: Sendable>(_ body: @Sendable (any Connection) throws -> T) async throws -> T

    /// Runs `body` in one transaction, and returns once it is durable. A body that throws leaves nothing behind.
    ///
    /// The body may share its commit with others, and is not run twice. Cancelling the caller does not take back a
    /// write that is queued: half of a program's cleaning up is writing.
    /// - Throws: `DatabaseError`, or what `body` throws.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// What it holds now, to know later whether anything changed; nil where that cannot be told.
    ///
    /// Costs nothing to speak of: no statement runs.
    var version: DatabaseVersion? { get }

    /// Finishes the writes that are queued and closes every connection. Later calls throw `misuse`.
    func close() async
}

extension Database {
    package var version: DatabaseVersion? { nil }
}
