import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("The codec against git's own upload-pack", .enabled(if: GitServerFixture.isPossible))
struct UpstreamGitTests {
    private func upstream(_ server: GitServerFixture) throws -> (any Upstream, UpstreamPath) {
        (
            try Sample.upstream(.gitLFS, "https://git.example", transport: server.transport),
            UpstreamPath(try Sample.id("model:acme/big"))
        )
    }

    /// Fetches and has git index the pack into the mirror.
    private func fetch(
        _ server: GitServerFixture, _ upstream: any Upstream, _ repository: UpstreamPath, wants: [ObjectID],
        haves: [ObjectID] = [], depth: Int? = nil, shallow: [ObjectID] = []
    ) async throws -> UpstreamPack {
        let pack = try await upstream.pack(of: repository, wants: wants, haves: haves, depth: depth, shallow: shallow)
        var bytes: [UInt8] = []
        for try await chunk in pack.chunks { bytes += chunk }
        #expect(bytes.starts(with: "PACK".utf8))
        // Boundaries come before objects, as in git: index-pack checks that nothing else is missing.
        try setShallow(server, shallow.filter { !pack.unshallow.contains($0) } + pack.shallow)
        _ = try server.run(["-C", "mirror.git", "index-pack", "--stdin", "--fix-thin", "--strict"], input: bytes)
        return pack
    }

    private func id(_ server: GitServerFixture, _ name: String) throws -> ObjectID {
        try #require(ObjectID(try server.git("-C", "origin.git", "rev-parse", name)))
    }

    private func setShallow(_ server: GitServerFixture, _ ids: [ObjectID]) throws {
        let file = server.folder.appendingPathComponent("mirror.git/shallow")
        if ids.isEmpty {
            try? FileManager.default.removeItem(at: file)
        } else {
            try ids.map { $0.hex + "\n" }.joined().write(to: file, atomically: true, encoding: .utf8)
        }
    }

    private func commits(_ server: GitServerFixture, from id: ObjectID) throws -> String {
        try server.git("-C", "mirror.git", "rev-list", "--objects", "--count", id.hex)
            + " " + (try server.git("-C", "mirror.git", "rev-list", "--count", id.hex))
    }

    @Test("refs with the head and peeled tags, in version 2 and before", arguments: [true, false])
    func references(speaksV2: Bool) async throws {
        let server = try GitServerFixture(speaksV2: speaksV2)
        defer { server.remove() }
        let (upstream, repository) = try upstream(server)
        let all = try await upstream.references(of: repository, prefixes: [])
        #expect(all.head?.name == "refs/heads/main")
        #expect(all.refs.map(\.name.name) == ["refs/heads/main", "refs/heads/side", "refs/tags/v1"])
        #expect(all.refs.last?.peeled == (try id(server, "main~1")))
        #expect(all.refs.last?.target == (try id(server, "v1")))
        let tags = try await upstream.references(of: repository, prefixes: ["refs/tags/"])
        #expect(tags.refs.map(\.name.name) == ["refs/tags/v1"])
        #expect(tags.head?.name == "refs/heads/main")
    }

    @Test("everything at once", arguments: [true, false])
    func full(speaksV2: Bool) async throws {
        let server = try GitServerFixture(speaksV2: speaksV2)
        defer { server.remove() }
        let (upstream, repository) = try upstream(server)
        let main = try id(server, "main")
        let pack = try await fetch(server, upstream, repository, wants: [main, try id(server, "v1")])
        #expect(pack.shallow.isEmpty && pack.unshallow.isEmpty)
        #expect(try commits(server, from: main).hasSuffix(" 3"))
    }

    @Test("one commit first, its history after, then only what is new", arguments: [true, false])
    func shallowThenWhole(speaksV2: Bool) async throws {
        let server = try GitServerFixture(speaksV2: speaksV2)
        defer { server.remove() }
        let (upstream, repository) = try upstream(server)
        let main = try id(server, "main")
        let first = try await fetch(server, upstream, repository, wants: [main], depth: 1)
        #expect(first.shallow == [main])
        #expect(try commits(server, from: main).hasSuffix(" 1"))

        let second = try await fetch(server, upstream, repository, wants: [main], haves: [main], shallow: [main])
        #expect(second.unshallow == [main] && second.shallow.isEmpty)
        #expect(try commits(server, from: main).hasSuffix(" 3"))

        try server.git("-C", "work", "commit", "-q", "--allow-empty", "-m", "more")
        try server.git("-C", "work", "push", "-q", "../origin.git", "main")
        let newer = try id(server, "main")
        _ = try await fetch(server, upstream, repository, wants: [newer], haves: [main])
        #expect(try commits(server, from: newer).hasSuffix(" 4"))
    }

    @Test("a shallow history moves on by one commit", arguments: [true, false])
    func shallowIncrement(speaksV2: Bool) async throws {
        let server = try GitServerFixture(speaksV2: speaksV2)
        defer { server.remove() }
        let (upstream, repository) = try upstream(server)
        let main = try id(server, "main")
        let parent = try id(server, "main~1")
        _ = try await fetch(server, upstream, repository, wants: [parent], depth: 1)
        let second = try await fetch(
            server, upstream, repository, wants: [main], haves: [parent], depth: 1, shallow: [parent])
        #expect(second.shallow == [main])
        #expect(try commits(server, from: main).hasSuffix(" 1"))
    }
}
