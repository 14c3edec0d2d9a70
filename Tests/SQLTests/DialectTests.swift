import Testing

@testable import SQL

@Suite("Upserts of each dialect")
struct DialectTests {
    @Test("SQLite and PostgreSQL resolve the conflict on the key")
    func onConflict() throws {
        for dialect in [Dialect.sqlite, .postgreSQL] {
            #expect(
                try dialect.upsert(into: "t", key: ["a", "b"], values: ["c"])
                    == "INSERT INTO t (a, b, c) VALUES (?, ?, ?) ON CONFLICT (a, b) DO UPDATE SET c = excluded.c")
            #expect(
                try dialect.upsert(into: "t", key: ["a"], values: [])
                    == "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO NOTHING")
        }
    }

    @Test("MariaDB updates on a duplicate key")
    func onDuplicateKey() throws {
        #expect(
            try Dialect.mariaDB.upsert(into: "t", key: ["a"], values: ["c"])
                == "INSERT INTO t (a, c) VALUES (?, ?) ON DUPLICATE KEY UPDATE c = VALUES(c)")
        #expect(
            try Dialect.mariaDB.upsert(into: "t", key: ["a"], values: [])
                == "INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = a")
    }
}
