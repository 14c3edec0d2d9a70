import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Queries made to reach the database")
struct HostileQueryTests {
    private static let attacks = [
        "'", "''", "\"", "' OR '1'='1", "1) OR 1=1 --", "'; DROP TABLE users; --",
        "' UNION SELECT token_hash FROM access_tokens --",
        "token_hash", "created_by", "users.name", "%", "_", "\\", "*", "/*", "0x27", "(SELECT name FROM users)",
        "name,is_administrator",
        "9223372036854775807", "-1", "1e309", "NaN", String(repeating: "(", count: 2_000),
        String(repeating: "'", count: 500),
    ]

    @Test("S53: no value of any parameter of a list reaches the database as anything but a value")
    func injection() async throws {
        let world = try await SurfaceWorld()
        try await world.create("model:ada/secret", .private)
        try await world.create("model:ada/open")
        let eve = try await world.token("eve")
        let lists = [
            ("/api/models", ["search", "author", "filter", "sort", "direction", "limit", "cursor", "expand", "full"]),
            ("/api/datasets", ["search", "sort"]),
            ("/api/collections", ["owner", "item", "sort", "q", "limit", "cursor"]),
            (
                "/api/v1/models",
                [
                    "search", "sort", "page", "per", "source", "tag_category", "tag_name", "tag_group", "framework",
                    "license_tag", "task_tag", "language_tag",
                ]
            ),
            ("/api/models/ada/open/discussions", ["p", "type", "status", "author", "sort"]),
            ("/api/models/ada/open/likers", ["limit", "cursor"]),
            ("/api/v1/tags", ["category", "scope", "search"]), ("/api/gateway/v1/organizations", ["cursor", "limit"]),
        ]
        for (path, names) in lists {
            for name in names {
                for attack in Self.attacks {
                    let value = PercentCoding.encode(attack)
                    let answer = try await world.ask(.get, "\(path)?\(name)=\(value)", token: eve)
                    let place: Comment = "\(path)?\(name)=\(attack): \(answer.status) \(answer.text.prefix(200))"
                    #expect(answer.status < 500, place)
                    #expect(!answer.text.contains("ada/secret") && !answer.text.lowercased().contains("sql"), place)
                }
            }
        }
        #expect(try await world.hub.identities.user(named: "eve") != nil)
    }

    @Test("S51: to read an escaped text twice as long takes twice the looks at it")
    func escapes() {
        for pattern in ["%41", "%", "%4", "+", "a%C3%A9", "%FF"] {
            var before = 0
            for count in [200, 400, 800, 1_600, 3_200] {
                let text = CountedText(Array(String(repeating: pattern, count: count).utf8))
                _ = PercentCoding.decode(utf8: text)
                if before > 1_000 { #expect(text.looks * 10 <= before * 23, "\(pattern) \(count): \(text.looks)") }
                before = text.looks
            }
        }
    }
}

/// Bytes that count how often they are looked at: what a parser costs, without a clock.
private final class CountedText: RandomAccessCollection {
    private let bytes: [UInt8]
    private(set) var looks = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }

    subscript(position: Int) -> UInt8 {
        looks += 1
        return bytes[position]
    }
}
