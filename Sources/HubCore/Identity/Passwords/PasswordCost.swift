/// What checking one password costs whoever does it.
///
/// - SeeAlso: OWASP Password Storage Cheat Sheet, "Argon2id"; RFC 9106 §4.
struct PasswordCost: Sendable, Hashable {
    /// Memory, in KiB.
    let memory: UInt32
    /// How often all of it is gone through.
    let passes: UInt32
    /// Threads.
    let lanes: UInt32

    /// What new hashes cost: 19 MiB, twice. A hash of another cost is made anew at the next sign-in.
    static let current = PasswordCost(memory: 19_456, passes: 2, lanes: 1)
}
