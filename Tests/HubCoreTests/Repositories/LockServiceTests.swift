import Testing

@testable import HubCore

@Suite("Locks of a repository")
struct LockServiceTests {
    private let fixture: HubFixture
    private let repository: Repository
    private var locks: LockService { fixture.hub.locks }

    init() async throws {
        fixture = try await HubFixture()
        let owner = try await fixture.principal("acme")
        try await fixture.create("model:acme/demo")
        try await fixture.create("model:acme/other")
        repository = try await fixture.authorizer.open(owner, .contentWrite, HubFixture.id("model:acme/demo"))
    }

    private func create(_ path: String, in repository: Repository) async throws -> FileLock? {
        let path = try #require(GitPath(path))
        if case .created(let lock) = try await locks.create(path, ref: nil, in: repository) { return lock }
        return nil
    }

    /// The same repository, for somebody else who was let write to it.
    private func colleague() async throws -> Repository {
        let principal = try await fixture.principal("bob")
        let owned = try await fixture.authorizer.open(repository.principal, .memberAdmin, repository.id)
        _ = try await fixture.hub.store.grants.add(
            .user(try #require(principal.user).id), role: .standard(.writer), effect: .allow, expiresAt: nil,
            at: try await fixture.authorizer.openGrants(on: owned))
        return try await fixture.authorizer.open(principal, .contentWrite, repository.id)
    }

    @Test("of ten who want a path at once one gets it, and the others are told who has it")
    func race() async throws {
        let path = try #require(GitPath("a/model.bin"))
        let outcomes = try await withThrowingTaskGroup(of: FileLockOutcome.self) { group in
            for _ in 0..<10 { group.addTask { try await locks.create(path, ref: "refs/heads/main", in: repository) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let created = outcomes.compactMap { if case .created(let lock) = $0 { lock } else { nil } }
        let taken = outcomes.compactMap { if case .taken(let lock) = $0 { lock } else { nil } }
        #expect(created.count == 1 && taken.count == 9)
        #expect(Set(taken) == Set(created))
    }

    @Test("S2, S15: a lock of another repository is not there, and stays")
    func foreign() async throws {
        let lock = try #require(try await create("model.bin", in: repository))
        let other = try await fixture.authorizer.open(
            repository.principal, .contentWrite, HubFixture.id("model:acme/other"))
        for isForced in [false, true] {
            let error = await hubError {
                _ = try await locks.remove(lock.id, byForce: isForced, in: other, authorizer: fixture.authorizer)
            }
            #expect(error?.code == .notFound)
        }
        #expect(try await locks.list(FileLockFilter(id: lock.id), limit: 1, in: other).locks == [])
        #expect(try await locks.list(limit: 10, in: repository).locks == [lock])
        #expect(try await create("model.bin", in: other) != nil, "each repository has its own paths")
    }

    @Test("S15: another's lock goes only by force, and force is for who may change the settings")
    func force() async throws {
        let colleague = try await colleague()
        let theirs = try #require(try await create("model.bin", in: colleague))
        func remove(_ isForced: Bool) async throws -> FileLock {
            try await locks.remove(theirs.id, byForce: isForced, in: repository, authorizer: fixture.authorizer)
        }
        #expect(await hubError { _ = try await remove(false) }?.code == .forbidden)
        #expect(try await remove(true) == theirs)
        #expect(await hubError { _ = try await remove(true) }?.code == .notFound)
        let mine = try #require(try await create("model.bin", in: repository))
        for isForced in [false, true] {
            let refused = await hubError {
                _ = try await locks.remove(
                    mine.id, byForce: isForced, in: colleague, authorizer: fixture.authorizer)
            }
            #expect(refused?.code == .forbidden, "by force: \(isForced)")
        }
        #expect(
            try await locks.remove(mine.id, byForce: false, in: repository, authorizer: fixture.authorizer) == mine)
        let actions = try await AuditLog(database: fixture.hub.database).records(limit: 4).map(\.action)
        #expect(actions == ["lock.remove", "lock.create", "lock.remove", "lock.create"])
    }

    @Test("lists come in pages that are whole together, and can be asked for one path or id")
    func pages() async throws {
        for number in 0..<7 { _ = try await create("file\(number)", in: repository) }
        var paths: [String] = []
        var cursor: Int64?
        repeat {
            let page = try await locks.list(after: cursor, limit: 3, in: repository)
            #expect(page.locks.count <= 3)
            paths += page.locks.map(\.path)
            cursor = page.next
        } while cursor != nil
        #expect(paths == (0..<7).map { "file\($0)" })
        let one = try await locks.list(FileLockFilter(path: "file3"), limit: 100, in: repository).locks
        #expect(one.map(\.path) == ["file3"] && one.first?.owner == "acme")
        #expect(try await locks.list(FileLockFilter(path: "file3", id: 1), limit: 5, in: repository).locks == [])
    }
}
