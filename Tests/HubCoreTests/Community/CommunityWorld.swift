@testable import HubCore

/// A hub with the model `ada/m`, which has one commit, and whoever is asked for.
struct CommunityWorld: Sendable {
    let fixture: HubFixture

    init() async throws {
        fixture = try await HubFixture()
        for name in ["ada", "bob", "carl"] {
            _ = try await fixture.hub.identities.createUser(name, isAdministrator: false)
        }
        try await fixture.create("model:ada/m")
        _ = try await commit(["README.md": "# Model\n", "notes.txt": "one\ntwo\n"], as: "ada")
    }

    var repositories: RepositoryService { fixture.repositories }
    var discussions: Discussions { Discussions(repositories: repositories, authorizer: fixture.authorizer) }

    func open(_ user: String, _ id: String = "model:ada/m", _ verb: Verb = .discuss) async throws -> Repository {
        try await fixture.authorizer.open(try await fixture.principal(user), verb, try HubFixture.id(id))
    }

    static func draft(_ files: [String: String], to ref: String, removing gone: [String] = []) throws -> CommitDraft {
        guard let ref = RefName(ref) else { throw HubError(.badRequest, "'\(ref)' is no ref.") }
        let writes: [CommitOperation] = try files.sorted { $0.key < $1.key }.map { name, text in
            .write(path: try path(name), bytes: Array(text.utf8))
        }
        return CommitDraft(
            ref: ref, operations: try gone.map { .delete(path: try path($0)) } + writes, summary: "Change files")
    }

    private static func path(_ text: String) throws -> GitPath {
        guard let path = GitPath(text) else { throw HubError(.badRequest, "'\(text)' is no path.") }
        return path
    }

    @discardableResult
    func commit(
        _ files: [String: String], to ref: String = "refs/heads/main", as user: String, _ verb: Verb = .contentWrite,
        removing gone: [String] = []
    ) async throws -> CommitID {
        fixture.pass(seconds: 1)
        return try await repositories.commit(
            try Self.draft(files, to: ref, removing: gone), to: try await open(user, "model:ada/m", verb)
        ).commit
    }

    /// Where a ref of `ada/m` stands.
    func target(_ ref: String) async throws -> CommitID? {
        guard let ref = RefName(ref) else { return nil }
        return try await fixture.hub.store.ref(ref, of: try await open("ada").key)?.target
    }
}
