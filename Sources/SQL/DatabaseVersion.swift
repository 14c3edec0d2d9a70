/// What a database held at a moment, as far as two moments can be compared: equal versions have nothing committed
/// between them, by this process or another.
///
/// Who keeps what he read takes the version first and then reads; once a write has been acknowledged, to whomever,
/// no older version is equal to the database's.
package struct DatabaseVersion: Sendable, Hashable {
    let words: SIMD8<UInt64>
}
