import HTTPTypes
import HubCore
import Logging
import Testing

@testable import HubServer

extension AnswerCacheTests {
    private static func text(_ target: String, _ scene: Scene, method: String = "GET", _ more: [String] = []) -> String
    {
        let lines =
            ["\(method) \(target) HTTP/1.1", "Host: hub.example", "Authorization: Bearer \(scene.token)"] + more
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test("answers leave in the order of their requests, kept or made, however many come at once")
    func order() async throws {
        try await run { scene in
            let info = try await scene.ask(Self.info).body
            let tree = try await scene.ask(Self.tree).body
            let given = scene.answers.answersGiven
            let asked = (0..<30).map { _ in Self.text(Self.info, scene) + Self.text(Self.tree, scene) }
            let made = Self.text("/acme/Demo/resolve/main/config.json", scene)
            try await scene.server.client { client in
                try client.send(asked.joined() + made + asked.joined())
                for number in 0..<60 {
                    if number == 30 { #expect(try client.response().status == 200) }
                    let answers = [try client.response(), try client.response()]
                    #expect(answers.map(\.body) == [info, tree])
                    #expect(answers.allSatisfy { $0.headers["server"] == "weir" && $0.headers["date"] != nil })
                    #expect(answers.allSatisfy { $0.headers["x-content-type-options"] == "nosniff" })
                }
            }
            #expect(scene.answers.answersGiven == given + 120)
            let lines = scene.server.log.metadata(of: "request")
            #expect(Set(lines.compactMap { $0["req"]?.description }).count == 123)
            #expect(lines.filter { $0["bytes_out"]?.description == String(tree.count) }.count == 61)
        }
    }

    @Test("a question that comes in pieces is answered when it is there, and one that breaks off is not")
    func pieces() async throws {
        try await run { scene in
            let paths = try await scene.askPaths("paths=README.md").body
            let head = Self.text(
                Self.paths, scene, method: "POST",
                ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 15"])
            try await scene.server.client { client in
                try client.send(head + "paths=")
                #expect(client.isSilent())
                try client.send("README.md")
                #expect(try client.response().body == paths)
                // What is not asked for is read over, and the next request is found.
                try client.send(Self.text(Self.info, scene, ["Content-Length: 3"]) + "abc")
                #expect(try client.response().status == 200)
                try client.send(Self.text("/api/models/acme/none", scene))
                #expect(try client.response().status == 404)
            }
            #expect(scene.answers.answersGiven == 1)
            try await scene.server.client { try $0.send(head + "paths=") }
            #expect(try await scene.askPaths("paths=README.md").body == paths)
        }
    }

    @Test("the last request of a connection is the last, and a broken one ends it")
    func last() async throws {
        try await run { scene in
            _ = try await scene.ask(Self.info)
            try await scene.server.client { client in
                let next = Self.text(Self.info, scene)
                try client.send(Self.text(Self.info, scene, ["Connection: close"]) + next)
                #expect(try client.response().status == 200)
                #expect(client.isClosed())
            }
            try await scene.server.client { client in
                #expect(
                    try client.get(Self.info, headers: ["Authorization: Bearer none", "Connection: Keep-Alive"]).status
                        == 401)
                try client.send(Self.text(Self.info, scene) + "GET / HTTP/1.1\r\nno header\r\n\r\n")
                #expect(try client.response().status == 200)
                #expect(try client.response().status == 400)
                #expect(client.isClosed())
            }
        }
    }

    @Test("a client that asks without reading is given what it asked for when it reads")
    func slowReader() async throws {
        try await run { scene in
            let files = (0..<400).map { ("folder/a-file-of-a-certain-length-\($0).txt", TestHub.File.git("\($0)")) }
            try await scene.hub.commit(Dictionary(uniqueKeysWithValues: files), to: try await scene.open(.metaRead).key)
            let tree = try await scene.ask(Self.tree).body
            #expect(tree.count > 50_000)
            #expect(try await scene.ask(Self.tree).body == tree)
            try await scene.server.client { client in
                try client.send((0..<200).map { _ in Self.text(Self.tree, scene) }.joined())
                #expect(!client.isSilent())
                for _ in 0..<200 { #expect(try client.response().body == tree) }
            }
        }
    }

    @Test(
        "dates are those of HTTP",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        ])
    func dates(second: Int, text: String) {
        #expect(DateHeader.text(second) == text)
    }
}
