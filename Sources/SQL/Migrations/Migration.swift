/// One step of a schema, in portable SQL. Once released it never changes: its checksum is remembered.
package struct Migration: Sendable {
    /// Its place in the order, from 1.
    package let number: Int
    /// What it makes, for people.
    package let name: String
    /// One or more statements.
    package let sql: String

    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// FNV-1a, 64 bits, of the statements, as 16 hexadecimal digits. It finds mistakes, not attackers.
    /// - SeeAlso: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
    var checksum: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in sql.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
