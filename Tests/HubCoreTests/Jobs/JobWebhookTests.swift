import SQL
import Testing

@testable import HubCore

@Suite("Jobs: webhooks")
struct JobWebhookTests {
    @Test("whoever watches a repository is told when its job begins and how it ends; nobody is told of others")
    func told() async throws {
        let fixture = try await HubFixture()
        try await fixture.mirror("model:acme/demo")
        var change = WebhookChange()
        change.url = "https://receiver.test/hook"
        change.watched = [try Webhook.Watched(type: "model", name: "acme/demo")]
        _ = try await Webhooks(store: fixture.hub.store).create(change, by: try await fixture.principal("amy"))

        let jobs = fixture.hub.jobs
        for subject in ["model:acme/demo@main", "model:acme/other", "mirror:test"] {
            try await jobs.enqueue(
                JobDraft(kind: "sync", subject: subject, account: "mirror:test", mirror: "test", payload: .null))
        }
        while let lease = try await jobs.claim(by: "me", lease: 15_000) {
            _ = try await jobs.finish(lease, .failed(HubError(.upstreamRefused, "No.")))
        }
        let messages = try await fixture.hub.database.read { connection in
            try connection.query("SELECT message FROM webhook_deliveries ORDER BY id").compactMap {
                JSONText.decode(try $0.text("message"))
            }
        }
        #expect(messages.map { $0["event"]?["scope"]?.string } == ["repo.sync", "repo.sync"])
        let events = messages.map { $0["job"]?["event"]?.string }
        #expect(events == ["sync.started", "sync.failed"])
        #expect(messages.last?["job"]?["code"]?.string == "upstream-refused")
    }
}
