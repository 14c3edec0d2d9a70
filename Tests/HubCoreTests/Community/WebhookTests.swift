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
        #expect(try await states() == ["dropped", "dropped"])
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

    @Test("other names, settings and removals are told as Hugging Face tells them, and values of no other setting")
    func changes() async throws {
        try await watch("ada", as: "ada", type: "user")
        let repositories = world.repositories
        try await repositories.setVisibility(.private, of: try await world.open("ada", "model:ada/m", .settings))
        let settings = try await world.open("ada", "model:ada/m", .settings)
        try await world.fixture.hub.store.set("xetEnabled", to: .boolean(false), of: settings)
        try await world.fixture.hub.store.set("gated", to: .string("manual"), of: settings)
        let id = try HubFixture.id("model:ada/n")
        try await repositories.rename(
            try await world.open("ada", "model:ada/m", .delete), to: id, authorizer: world.fixture.authorizer)
        try await repositories.delete(try await world.open("ada", "model:ada/n", .delete))
        while try await dispatcher.dispatchDue() > 0 {}
        func told(_ action: String, _ scope: String) -> [JSONValue] {
            receiver.messages.map(\.json).filter {
                $0["event"]?["action"]?.string == action && $0["event"]?["scope"]?.string == scope
            }
        }
        let configured = try told("update", "repo.config").map { try #require($0["updatedConfig"]) }
        #expect(
            Set(configured) == [
                .object([.init(key: "private", value: .boolean(true))]),
                .object([.init(key: "xetEnabled", value: .boolean(false))]), .object([]),
            ])
        #expect(told("update", "repo.config").allSatisfy { $0["repo"]?["private"] == .boolean(true) })
        let moved = try #require(told("move", "repo").first)
        #expect(moved["repo"]?["name"]?.string == "ada/m")
        #expect(moved["movedTo"]?["name"]?.string == "ada/n")
        #expect(moved["movedTo"]?["owner"]?["id"]?.string == "ada")
        #expect(told("delete", "repo").map { $0["repo"]?["name"]?.string } == ["ada/n"])
    }

    @Test("the log shows what was sent and what became of it, never the secret, and to the webhook's owner alone")
    func log() async throws {
        let hook = try await watch("ada/m", as: "ada", secret: "s3cret")
        let ada = try await world.fixture.principal("ada")
        receiver.answer(500)
        try await world.commit(["x": "1"], as: "ada")
        try await dispatcher.dispatchDue()
        let authorizer = world.fixture.authorizer
        let failing = try #require(
            try await webhooks.deliveries(of: hook.id, for: ada, authorizer: authorizer).first)
        #expect(failing.state == .waiting && failing.status == 500 && failing.attempts == 1)
        #expect(failing.note == "answered 500" && failing.nextAt != nil)
        receiver.answer(200)
        let again = try await webhooks.redeliver(failing.id, of: hook.id, by: ada)
        try await dispatcher.dispatchDue()
        let all = try await webhooks.deliveries(of: hook.id, for: ada, authorizer: authorizer)
        #expect(all.map(\.id) == [again, failing.id] && all.map(\.state) == [.sent, .waiting])
        #expect(all.first?.payload == all.last?.payload && all.first?.scope == "repo.content")
        #expect(receiver.messages.count == 2)
        #expect(!"\(all)".contains("s3cret"))
        #expect(
            try await webhooks.deliveries(of: hook.id, before: again, for: ada, authorizer: authorizer).map(\.id)
                == [failing.id])
        let bob = try await world.fixture.principal("bob")
        let own = try await watch("ada/m", as: "bob")
        for id in [hook.id, own.id] {
            let error = await hubError { _ = try await webhooks.redeliver(failing.id, of: id, by: bob) }
            #expect(error?.code == .notFound)
        }
        let read = await hubError {
            _ = try await webhooks.deliveries(of: hook.id, for: bob, authorizer: authorizer)
        }
        #expect(read?.code == .notFound)
        _ = try await webhooks.setDisabled(true, hook.id, by: ada)
        let off = await hubError { _ = try await webhooks.redeliver(failing.id, of: hook.id, by: ada) }
        #expect(off?.code == .badRequest)
    }

    @Test("S5: the log tells nothing of what its owner was not told and may not see, and neither does telling it again")
    func closedLog() async throws {
        let hook = try await watch("ada/m", as: "bob")
        let bob = try await world.fixture.principal("bob")
        try await world.commit(["told": "1"], as: "ada")
        while try await dispatcher.dispatchDue() > 0 {}
        try await world.commit(["untold": "1"], as: "ada")
        try await world.repositories.setVisibility(.private, of: try await world.open("ada", "model:ada/m", .settings))
        let authorizer = world.fixture.authorizer
        for _ in 0..<2 {
            let log = try await webhooks.deliveries(of: hook.id, for: bob, authorizer: authorizer)
            #expect(log.map { $0.payload != nil } == [false, false, true])
            #expect(log.map { $0.repository != nil } == [false, false, true])
            while try await dispatcher.dispatchDue() > 0 {}
        }
        let told = try #require(
            try await webhooks.deliveries(of: hook.id, for: bob, authorizer: authorizer).last)
        _ = try await webhooks.redeliver(told.id, of: hook.id, by: bob)
        while try await dispatcher.dispatchDue() > 0 {}
        #expect(receiver.messages.count == 1)
        #expect(try await states() == ["sent", "dropped", "dropped", "dropped"])
    }
}
