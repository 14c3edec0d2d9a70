import SQL
import Testing

@testable import HubCore

@Suite("The chain of the audit log")
struct AuditChainTests {
    private let fixture: HubFixture
    private var log: AuditLog { AuditLog(database: fixture.hub.database) }

    init() async throws {
        fixture = try await HubFixture()
        for number in 1...9 { try await fixture.create("model:ada/m\(number)") }
    }

    private func change(_ sql: String) async throws {
        _ = try await fixture.hub.database.write { try $0.execute(sql) }
    }

    @Test(
        "S61: a record that is altered, taken out, moved or put in is named",
        arguments: [
            ("UPDATE audit SET actor = 'eve' WHERE seq = 4", 4),
            ("UPDATE audit SET object = 'model:ada/m5' WHERE seq = 4", 4),
            ("UPDATE audit SET at = at + 1 WHERE seq = 9", 9),
            ("UPDATE audit SET token_id = 7 WHERE seq = 2", 2),
            ("UPDATE audit SET detail = 'null' WHERE seq = 1", 1),
            ("UPDATE audit SET hash = previous WHERE seq = 3", 3),
            ("DELETE FROM audit WHERE seq = 5", 5),
            ("DELETE FROM audit WHERE seq = 1", 1),
            (
                "UPDATE audit SET seq = 99 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = 7; "
                    + "UPDATE audit SET seq = 7 WHERE seq = 99", 6
            ),
            (
                "INSERT INTO audit (seq, at, actor, action, object, detail, previous, hash) "
                    + "SELECT 10, at, actor, action, object, detail, previous, hash FROM audit WHERE seq = 9", 10
            ),
        ] as [(String, Int64)])
    func altered(sql: String, record: Int64) async throws {
        #expect(try await log.verify().count == 9)
        #expect(try await log.verify().broken == nil)
        try await change(sql)
        #expect(try await log.verify().broken == record)
    }

    @Test("S61: a record that was given the hash of its new words is found by the one behind it")
    func rehashed() async throws {
        let record = try #require(try await log.records(before: 5, limit: 1).first)
        let fields = [
            String(record.sequence), String(record.at), "eve", record.token.map(String.init) ?? "", record.action,
            record.object, record.detail, record.previous,
        ]
        let hash = BlobID(hashing: [1] + fields.flatMap { Array("\($0.utf8.count):\($0),".utf8) }).hex
        try await change("UPDATE audit SET actor = 'eve', hash = '\(hash)' WHERE seq = \(record.sequence)")
        #expect(try await log.verify().broken == record.sequence + 1)
    }

    @Test("S61: a log that was cut, or written anew, agrees with itself and not with its anchor")
    func anchors() async throws {
        let whole = try await log.verify()
        let anchor = try #require(AuditAnchor(parsing: "\(whole.count):\(whole.head)"))
        try await fixture.create("model:ada/more")
        #expect(try await log.verify(anchors: [anchor]).broken == nil)
        try await change("DELETE FROM audit WHERE seq >= 8")
        #expect(try await log.verify().broken == nil)
        #expect(try await log.verify(anchors: [anchor]).broken == 8)
        for number in 1...4 { try await fixture.create("model:eve/m\(number)") }
        #expect(try await log.verify().broken == nil)
        #expect(try await log.verify(anchors: [anchor]).broken == 9)
    }

    @Test("S61: what is no anchor is not taken for one")
    func texts() {
        let hash = String(repeating: "a", count: 64)
        #expect(AuditAnchor(parsing: "7:\(hash)")?.description == "7:\(hash)")
        for text in ["", "7", "0:\(hash)", "-1:\(hash)", "7:\(hash)0", "7:\(hash.uppercased())", "7::\(hash)"] {
            #expect(AuditAnchor(parsing: text) == nil, "\(text)")
        }
    }
}
