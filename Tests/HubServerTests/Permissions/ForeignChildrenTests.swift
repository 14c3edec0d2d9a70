import HTTPTypes
import HubCore
import Testing

@testable import HubServer

/// The right person at the wrong thing: ids of what belongs to another repository or account (S2, S15).
@Suite("Children of others")
struct ForeignChildrenTests {
    /// Captures that name a repository, an account or a place in it, and nothing that has an owner of its own.
    private static let names: Set<String> = [
        "namespace", "name", "kind", "path...", "rest...", "branch...", "revision...", "category", "part", "user",
        "username", "organization", "organisation", "generation", "hash",
        "repo_type", "token_value",
    ]

    @Test("S2: what belongs to another repository is not found by any route of this one, and nothing changes")
    func repositories() async throws {
        let world = try await PermissionWorld([.model])
        let foreign = try await ForeignChildren(world)
        let token = try #require(world.tokens["admin"])
        let before = try await world.dump()
        var count = 0
        for (name, route) in Self.routes(of: world) where PermissionMatrixTests.rows[name]?.verb != nil {
            let row = try #require(PermissionMatrixTests.rows[name])
            for capture in Self.captures(of: route) {
                // Writes name branches by these, which are nobody's.
                if route.method != .get, capture == "revision" || capture == "ref" { continue }
                let value = try #require(
                    foreign.value(of: capture, in: route.pattern),
                    "'{\(capture)}' of \(name) is neither among the names nor among the foreign children")
                let answer = try await world.ask(
                    route, route.method, .model, Place.closed.path, as: token,
                    .init(body: row.valid ?? row.body, captures: [capture: value]))
                #expect(answer.status == row.foreign, "\(name) with {\(capture)} of another: \(answer)")
                #expect(!answer.text.contains(ForeignChildren.secret), "\(name)")
                count += 1
            }
        }
        #expect(count > 30)
        let changes = try await Set(world.dump()).symmetricDifference(before)
        #expect(changes.isEmpty, "\(changes.prefix(5))")
    }

    @Test("S2: what belongs to another account is not found by any route of accounts, and nothing changes")
    func accounts() async throws {
        let world = try await PermissionWorld([.model])
        let foreign = try await ForeignChildren(world)
        let token = try #require(world.tokens["outsider"])
        let before = try await world.dump()
        var count = 0
        for (name, route) in Self.routes(of: world) {
            let row = try #require(PermissionMatrixTests.rows[name], "\(name)")
            guard row.access == .account || row.isOwned else { continue }
            for capture in Self.captures(of: route) {
                let ways = try #require(
                    foreign.ways(to: capture, of: route.pattern),
                    "'{\(capture)}' of \(name) is neither among the names nor among the foreign children")
                for way in ways {
                    var captures = way
                    captures["username"] = "outsider"
                    let answer = try await world.ask(
                        route, route.method, .model, "\(way["namespace"] ?? "ada")/none", as: token,
                        .init(body: row.valid ?? row.body, captures: captures))
                    #expect(answer.status == row.foreign, "\(name) with \(way): \(answer)")
                    count += 1
                }
            }
        }
        #expect(count > 50)
        let changes = try await Set(world.dump()).symmetricDifference(before)
        #expect(changes.isEmpty, "\(changes.prefix(5))")
    }

    /// One route of each row, for models, at the root.
    private static func routes(of world: PermissionWorld) -> [(String, Route)] {
        Dictionary(grouping: world.routes, by: PermissionWorld.row).compactMapValues { routes in
            routes.first { PermissionWorld.kinds(of: $0).contains(.model) }
        }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The captures of a pattern that name something with an owner.
    private static func captures(of route: Route) -> [String] {
        route.pattern.split(separator: "/").compactMap { segment in
            guard segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") else { return nil }
            let name = String(segment[segment.index(after: segment.startIndex)..<end])
            let isOfKey = name == "name" && route.pattern.hasSuffix("/ssh_key/{name}")
            return name.contains(":") || Self.names.contains(name) && !isOfKey ? nil : name
        }
    }
}

/// One of each child that routes name by an id, owned by `ada` and her private repository.
private struct ForeignChildren {
    static let secret = "what-only-ada-knows"

    private let oid: String
    private let commit: String
    private let comment: CommunityID
    private let lock: Int64
    private let grant: Int64
    private let discussion: Int64
    /// A discussion that everybody may see.
    private let openDiscussion: Int64
    private let deployKey: Int64
    private let collection: CommunityID
    private let slug: String
    private let ownCollection: CommunityID
    private let ownSlug: String
    private let item: CommunityID
    private let webhook: CommunityID
    private let repository: Int64
    private let job: Int64
    private let approval: Int64
    private let credentials: ForeignCredentials
    private let organisation: ForeignOrganisation

    init(_ world: PermissionWorld) async throws {
        let hub = world.hub
        let authorizer = world.authorizer
        let ada = try await world.principal("ada")
        let outsider = try await world.principal("outsider")
        let id = try #require(RepositoryID(kind: .model, path: Place.personal.path))
        let talk = try await authorizer.open(ada, .discuss, id)
        let written = try await authorizer.open(ada, .contentWrite, id)
        repository = written.key

        (oid, commit) = try await world.commit(Self.secret, to: written)
        let second = try await world.discussions.open(title: Self.secret, description: nil, in: talk)
        #expect(second.num == 2)
        comment = try await world.discussions.comment(Self.secret, on: 2, in: talk).id
        let path = try #require(GitPath("model.bin"))
        guard case .created(let made) = try await hub.locks.create(path, ref: nil, in: written) else {
            throw HubError(.conflict, "The path is locked.")
        }
        lock = made.id
        let user = try #require(ada.user)
        let owned = try await authorizer.open(ada, .memberAdmin, written.id)
        grant = try await hub.store.grants.add(
            .user(user.id), role: .standard(.reader), effect: .allow, expiresAt: nil,
            at: try await authorizer.openGrants(on: owned)
        ).id

        deployKey = try await hub.store.deployKeys.add(
            SSHPublicKey(
                parsing: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKCSWknNuOTbVqh38bDg1nDK8NN3mMgc5bOWv0FXD1HL"),
            name: Self.secret, canWrite: false, expiresAt: nil, to: owned,
            at: try await authorizer.openGrants(on: owned)
        ).account.id

        let reason = Approval.Reason(
            key: "k", rule: "r", file: "f.yaml", line: 1, action: "review", text: Self.secret)
        approval = try await hub.approvals.ask(
            ApprovalDraft(
                repository: id, mirror: "none", upstreamPath: id.path, commit: nil, revision: "main",
                reasons: [reason], evidence: .null, policyDigest: "", isQuarantined: false), by: ada
        ).approval.id
        job = try await hub.jobs.enqueue(
            JobDraft(
                kind: "sync", subject: Self.secret, account: "user:ada", requestedBy: "ada", payload: .object([]))
        ).id
        let identifiers = DiscussionIdentifiers(store: hub.store)
        discussion = try #require(try await identifiers.entries(of: [second], in: talk)[2]?.id)
        let open = try #require(RepositoryID(kind: .model, path: Place.everybodys.path))
        let hall = try await authorizer.open(outsider, .discuss, open)
        let first = try await world.discussions.details(1, of: hall).0
        openDiscussion = try #require(try await identifiers.entries(of: [first], in: hall)[1]?.id)

        let collections = Collections(store: hub.store, authorizer: authorizer)
        func collect(_ namespace: String, _ principal: Principal) async throws -> RepositoryCollection {
            let creation = try await collections.create(
                title: Self.secret, description: nil, namespace: namespace, isPrivate: true, by: principal)
            guard case .made(let collection) = creation,
                case .made(let filled) = try await collections.add(
                    .repository(open), note: nil, to: collection.id, in: namespace, by: principal)
            else { throw HubError(.conflict, "There is such a collection.") }
            return filled
        }
        let theirs = try await collect("ada", ada)
        collection = theirs.id
        slug = String(theirs.slug.drop { $0 != "/" }.dropFirst())
        item = try #require(theirs.items.first).id
        let own = try await collect("outsider", outsider)
        ownCollection = own.id
        ownSlug = String(own.slug.drop { $0 != "/" }.dropFirst())

        var change = WebhookChange()
        change.url = "https://hooks.example.com/\(Self.secret)"
        change.watched = [try Webhook.Watched(type: "user", name: "ada")]
        webhook = try await Webhooks(store: hub.store).create(change, by: ada).id
        credentials = try await ForeignCredentials(of: ada, in: world)
        organisation = try await ForeignOrganisation(of: ada, beside: outsider, in: world)
    }

    /// The value of a capture of a repository's route; nil for a capture nobody here knows.
    func value(of capture: String, in pattern: String) -> String? {
        switch capture {
        case "num": "2"
        case "comment": comment.description
        case "oid": oid
        case "revision", "ref": commit
        case "range": "\(commit)...\(commit)"
        case "id" where pattern.contains("/commit/"): commit
        case "id" where pattern.contains("/locks/"): String(lock)
        case "id" where pattern.contains("/grants/"): String(grant, radix: 16)
        case "id" where pattern.contains("/deploy-keys/"): String(deployKey, radix: 16)
        default: nil
        }
    }

    /// Each way to name it by a route of accounts; nil for a capture nobody here knows.
    func ways(to capture: String, of pattern: String) -> [[String: String]]? {
        if let ways = credentials.ways(to: capture, of: pattern) ?? organisation.ways(to: capture, of: pattern) {
            return ways
        }
        return switch capture {
        case "webhook": [["webhook": webhook.description]]
        case "delivery": [["webhook": webhook.description, "delivery": webhook.description]]
        case "id" where pattern.contains("/collections/"): [["id": String(collection.key)]]
        case "repository" where pattern.contains("/collections/"):
            [["id": String(ownCollection.key), "repository": String(repository)]]
        case "repository": [["repository": String(repository)]]
        case "account": [["account": "ada"]]
        case "job": [["job": String(job)]]
        // No account's own either.
        case "bundle": [["bundle": String(repeating: "a", count: 64)]]
        case "approval": [["approval": String(approval), "path": "README.md"]]
        // Nobody's mirror has it: what upstreams have is no account's own.
        case "upstream", "kind": [["upstream": "elsewhere", "kind": "model"]]
        case "id" where pattern.contains("/discussions/"):
            [["id": String(discussion), "comment": String(comment.key)]]
        case "comment": [["id": String(openDiscussion), "comment": String(comment.key)]]
        case "slug":
            ["ada", "outsider"].map { ["namespace": $0, "slug": slug, "item": item.description] }
        case "item": [["namespace": "outsider", "slug": ownSlug, "item": item.description]]
        default: nil
        }
    }
}
