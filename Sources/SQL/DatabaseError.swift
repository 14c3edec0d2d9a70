/// What a database refused or failed to do, with the statement that was attempted.
///
/// The statement's arguments are left out: they may be secrets.
package struct DatabaseError: Error, Sendable, Equatable {
    /// What a caller may want to tell apart.
    package enum Kind: Sendable, Hashable {
        /// Another connection holds the lock, and it did not let go within the busy timeout. A retry may succeed.
        case busy
        case constraint(Constraint)
        /// The file is damaged or no database.
        case corrupt
        /// No space left. The connection stays usable, and writes succeed again once there is space.
        case full
        case readOnly
        /// The caller's mistake: a wrong number of arguments, a connection used after its body, a closed database.
        case misuse
        case other
    }

    /// Which constraint a write hurt.
    package enum Constraint: Sendable, Hashable {
        /// A primary key or unique index.
        case unique
        /// A foreign key.
        case foreign
        /// `CHECK`, `NOT NULL` and the rest.
        case other
    }

    package var kind: Kind
    /// The database's own words.
    package var message: String
    /// The statement that failed; empty where there was none.
    package var sql: String

    package init(_ kind: Kind, _ message: String, sql: String) {
        self.kind = kind
        self.message = message
        self.sql = sql
    }
}

extension DatabaseError: CustomStringConvertible {
    package var description: String {
        sql.isEmpty ? "\(kind): \(message)" : "\(kind): \(message) [\(sql)]"
    }
}
