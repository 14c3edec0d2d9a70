import SQL
import Synchronization
import Testing

@testable import HubCore

@Suite("Webhooks")
struct WebhookTests {
    /// A receiver that answers as it is told and keeps what it got.
    private final class Receiver: WebhookTransport {
        struct Message: Sendable {
            let body: [UInt8]
            let headers: [(String, String)]

            var json: JSONValue { JSONText.decode(String(decoding: body, as: UTF8.self)) ?? .null }
        }

        private let state = Mutex<(status: Int, messages: [Message])>((200, []))
        var messages: [Message] { state.withLock { $0.messages } }

        func answer(_ status: Int) { state.withLock { $0.status = status } }

        func post(_ body: [UInt8], headers: [(String, String)], to url: String) async throws -> Int {
            state.withLock { state in
                state.messages.append(Message(body: body, headers: headers))
                return state.status
            }
        }
    }

    private let world: CommunityWorld
    private let webhooks: Webhooks
    private let receiver = Receiver()
    private let dispatcher: WebhookDispatcher

    init() async throws {
        world = try await CommunityWorld()
        webhooks = Webhooks(store: world.fixture.hub.store)
        dispatcher = WebhookDispatcher(
            store: world.fixture.hub.store, authorizer: world.fixture.authorizer, transport: receiver,
            baseURL: "https://hub.test")
    }

    @discardableResult
    private func watch(_ name: String, as user: String, type: String = "model", secret: String? = nil) async throws
        -> Webhook
    {
        var change = WebhookChange()
        change.url = "https://receiver.test/hook"
        change.watched = [try Webhook.Watched(type: type, name: name)]
        change.secret = secret
        return try await webhooks.create(change, by: try await world.fixture.principal(user))
    }

    private func states() async throws -> [String] {
        try await world.fixture.hub.database.read { connection in
            try connection.query("SELECT state FROM webhook_deliveries ORDER BY id").map { try $0.text("state") }
        }
    }

    @Test("S60: commits and comments are told with their facts, signed, and once")
    func told() async throws {
        let hook = try await watch("ada/m", as: "bob", secret: "s3cret")
        let commit = try await world.commit(["x": "1"], as: "ada")
        let num = try await world.discussions.open(
            title: "Topic", description: nil, in: try await world.open("carl")
        ).num
        _ = try await world.discussions.comment("hello", on: num, in: try await world.open("carl"))
        while try await dispatcher.dispatchDue() > 0 {}
        func scope(_ message: Receiver.Message) -> String { message.json["event"]?["scope"]?.string ?? "" }
        let messages = receiver.messages.sorted { scope($0) < scope($1) }
        #expect(messages.map(scope) == ["discussion", "discussion.comment", "repo.content"])
        #expect(messages.allSatisfy { $0.json["webhook"]?["id"]?.string == hook.id.description })
        let update = try #require(messages.last)
        guard case .array(let refs)? = update.json["updatedRefs"] else {
            Issue.record("no refs are told")
            return
        }
        #expect(refs.map { $0["ref"]?.string } == ["refs/heads/main"])
        #expect(refs.first?["newSha"]?.string == commit.hex)
        #expect(update.json["repo"]?["url"]?["web"]?.string == "https://hub.test/ada/m")
        #expect(update.json["repo"]?["headSha"]?.string == commit.hex)
        #expect(messages[1].json["comment"]?["content"]?.string == "hello")
        let headers = Dictionary(update.headers, uniquingKeysWith: { first, _ in first })
        #expect(headers["X-Webhook-Secret"] == "s3cret")
        #expect(
            headers["X-Webhook-Signature"]
                == WebhookDispatcher.signature(
                    of: update.body, at: world.fixture.hub.clock.now() / 1_000, with: Secret("s3cret")))
        #expect(try await states() == ["sent", "sent", "sent"])
    }

    @Test("S5: what happened while its owner could see it is not told once he cannot")
    func revoked() async throws {
        try await watch("ada/m", as: "bob")
        try await world.commit(["x": "1"], as: "ada")
        try await world.repositories.setVisibility(.private, of: try await world.open("ada", "model:ada/m", .settings))
        while try await dispatcher.dispatchDue() > 0 {}
        #expect(receiver.messages.isEmpty)
        #expect(try await states() == ["dropped"])
    }

    @Test("a private repository's removal is told to its owner and to nobody else")
    func removed() async throws {
        try await world.fixture.create("model:ada/hidden", .private)
        try await watch("ada", as: "bob", type: "user")
        let mine = try await watch("ada", as: "ada", type: "user")
        try await world.repositories.delete(try await world.open("ada", "model:ada/hidden", .delete))
        while try await dispatcher.dispatchDue() > 0 {}
        #expect(receiver.messages.map { $0.json["webhook"]?["id"]?.string } == [mine.id.description])
        #expect(receiver.messages.first?.json["event"]?["action"]?.string == "delete")
    }

    @Test("a receiver that fails is tried again later and later, and given up in the end")
    func retries() async throws {
        try await watch("ada/m", as: "ada")
        receiver.answer(500)
        try await world.commit(["x": "1"], as: "ada")
        #expect(try await dispatcher.dispatchDue() == 1)
        #expect(try await dispatcher.dispatchDue() == 0)
        for _ in 0..<10 {
            world.fixture.pass(seconds: 86_400)
            try await dispatcher.dispatchDue()
        }
        #expect(receiver.messages.count == 6)
        #expect(try await states() == ["failed"])
        world.fixture.pass(seconds: 8 * 86_400)
        try await dispatcher.forgetOld()
        #expect(try await states() == [])
    }

    @Test("a webhook is seen and changed by its owner alone, with a token that writes")
    func owners() async throws {
        let hook = try await watch("ada/m", as: "ada", secret: "s3cret")
        let bob = try await world.fixture.principal("bob")
        let read = await hubError { _ = try await webhooks.webhook(hook.id, of: bob) }
        #expect(read?.code == .notFound)
        let disabling = await hubError { _ = try await webhooks.setDisabled(true, hook.id, by: bob) }
        #expect(disabling?.code == .notFound)
        let removal = await hubError { try await webhooks.delete(hook.id, by: bob) }
        #expect(removal?.code == .notFound)
        #expect(try await webhooks.list(for: bob).isEmpty)
        let reader = try await world.fixture.principal("ada", scope: .read)
        let reading = await hubError { _ = try await webhooks.list(for: reader) }
        #expect(reading?.code == .forbidden)
        #expect(!"\(hook)".contains("s3cret"))
    }

    @Test(
        "a disabled webhook is told nothing, and what is no URL is refused",
        arguments: ["ftp://x", "javascript:1", "http://a b", ""])
    func disabled(url: String) async throws {
        let hook = try await watch("ada/m", as: "ada")
        let ada = try await world.fixture.principal("ada")
        _ = try await webhooks.setDisabled(true, hook.id, by: ada)
        try await world.commit(["x": "1"], as: "ada")
        #expect(try await dispatcher.dispatchDue() == 0)
        var change = WebhookChange()
        change.url = url
        let error = await hubError { _ = try await webhooks.update(hook.id, change, by: ada) }
        #expect(error?.code == .badRequest)
    }
}
