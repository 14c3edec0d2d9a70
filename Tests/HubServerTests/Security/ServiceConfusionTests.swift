import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Which of git's services is asked for")
struct ServiceConfusionTests {
    @Test("S7: what is executed decides, and path, query and type of the body must agree")
    func confusion() async throws {
        let world = try await SurfaceWorld()
        try await world.create("model:ada/open")
        _ = try await world.put("content", into: "model:ada/open")
        let head = try await world.hub.store.refs(of: try await key(world)).first?.target
        let commit = try #require(head).hex
        let line = "\(commit) \(String(repeating: "0", count: 40)) refs/heads/main\0report-status"
        let body = PktLine.text(line).encoded + PktLine.flush.encoded
        let reader = try await world.token("ada", .read)
        let stranger = try await world.token("eve", .write)
        for (path, type) in [
            ("git-receive-pack", "receive-pack"), ("git-receive-pack", "upload-pack"),
            ("git-upload-pack", "receive-pack"),
        ] {
            for query in ["", "?service=git-upload-pack", "?service=git-receive-pack"] {
                for token in [nil, reader, stranger] {
                    let answer = try await world.ask(
                        .post, "/ada/open.git/\(path)\(query)", token: token,
                        headers: [.contentType: "application/x-git-\(type)-request"],
                        body: String(decoding: body, as: UTF8.self))
                    let isRefused = answer.status >= 400 || answer.text.contains("ERR ")
                    #expect(isRefused, "\(path) \(type) \(query): \(answer.status) \(answer.text)")
                }
            }
        }
        // The right ones, with a query that names the other service.
        let owner = try await world.token("ada", .write)
        for service in ["upload-pack", "receive-pack"] {
            let other = service == "upload-pack" ? "receive-pack" : "upload-pack"
            let answer = try await world.ask(
                .post, "/ada/open.git/git-\(service)?service=git-\(other)", token: owner,
                headers: [.contentType: "application/x-git-\(service)-request"], body: "0000")
            #expect(answer.text.contains("for something else"), "\(answer.status) \(answer.text)")
        }
        let advertised = try await world.ask(
            .get, "/ada/open.git/info/refs?service=git-receive-pack", token: reader)
        #expect(!advertised.text.contains(commit), "\(advertised.text)")
        #expect(try await world.hub.store.refs(of: try await key(world)).first?.target == head)
    }

    private func key(_ world: SurfaceWorld) async throws -> Int64 {
        try await world.authorizer.openAsOperator(.metaRead, world.id("model:ada/open")).key
    }
}
