import Foundation
import Synchronization
import Testing

@testable import HubCore

@Suite("Answers to fetches without git")
struct UploadPackAnswerTests {
    /// A repository with a branch, an annotated tag, a hidden ref and a branch that names a commit not here yet.
    private func served(_ fixture: GitFixture) async throws -> CommitID {
        let work = try fixture.workspace()
        try work.write("a", "1")
        let commit = try work.commit("one")
        try work.git("tag", "-a", "-m", "v1", "v1")
        try await fixture.store.create(1)
        _ = try await fixture.store.intakePack(
            in: 1, keepMessage: "t", limits: PackLimits(),
            chunks: Chunks(bytes: try work.pack("main\nv1"), size: 1 << 16))
        let tag = try fixture.id(["rev-parse", "v1"], in: work.directory)
        try await publish(commit, tag, in: fixture)
        return commit
    }

    private func publish(_ commit: CommitID, _ tag: ObjectID?, head: String = "main", in fixture: GitFixture)
        async throws
    {
        let absent = try #require(ObjectID(String(repeating: "1", count: 40)))
        var refs = [
            Ref(name: try refName("refs/heads/main"), target: commit),
            Ref(name: try refName("refs/heads/new"), target: absent),
        ]
        if let tag { refs.append(Ref(name: try refName("refs/tags/v1"), target: tag)) }
        try await fixture.store.publish(
            refs: refs, head: try refName("refs/heads/\(head)"),
            hidden: [Ref(name: try refName("refs/hub/keep/1"), target: commit)], in: 1)
    }

    private func body(_ lines: [PktLine]) -> [UInt8] { lines.flatMap(\.encoded) }

    private func answer(_ body: [UInt8], in fixture: GitFixture) async throws -> [UInt8] {
        var output: [UInt8] = []
        try await fixture.store.answer(
            try UploadPackRequestParser.parse(body, version: .v2), in: 1, protocolVersion: "version=2", body: body
        ) { output += $0 }
        return output
    }

    private func gitsAnswer(_ body: [UInt8], in fixture: GitFixture) async throws -> [UInt8] {
        var output: [UInt8] = []
        try await fixture.store.uploadPack(
            in: 1, protocolVersion: "version=2", advertise: false, request: ByteChunks(bytes: body)
        ) { output += $0 }
        return output
    }

    private func clone(of commit: CommitID, agent: String) -> [UInt8] {
        body([
            .text("command=fetch"), .text("agent=\(agent)"), .text("object-format=sha1"), .delimiter,
            .text("no-progress"), .text("ofs-delta"), .text("want \(commit)"), .text("done"), .flush,
        ])
    }

    /// The pack of an answer. Git cuts the same pack into other lines each time, by how the bytes come to it.
    private func pack(in answer: [UInt8]) throws -> [UInt8] {
        var parser = PktLineParser()
        parser.append(answer)
        var pack: [UInt8] = []
        while let line = try parser.next() {
            if case .data(let bytes) = line, bytes.first == 1 { pack += bytes.dropFirst() }
        }
        return pack
    }

    private func kept(_ fixture: GitFixture) throws -> [String] {
        try PosixFile.names(in: fixture.store.answersDirectory)
    }

    @Test(
        "refs are listed as git lists them",
        arguments: [
            [], ["peel", "symrefs", "unborn"], ["ref-prefix refs/heads/"], ["symrefs", "ref-prefix HEAD"],
            ["peel", "ref-prefix refs/tags/", "ref-prefix refs/heads/m"], ["ref-prefix refs/hub/"],
        ])
    func lists(arguments: [String]) async throws {
        let fixture = try GitFixture()
        let commit = try await served(fixture)
        let lines =
            [.text("command=ls-refs"), .text("agent=git/2"), .delimiter] + arguments.map(PktLine.text) + [.flush]
        #expect(ListedRefs(request: body(lines)) != nil)
        #expect(try await answer(body(lines), in: fixture) == gitsAnswer(body(lines), in: fixture))
        try await publish(commit, nil, head: "unborn", in: fixture)
        #expect(try await answer(body(lines), in: fixture) == gitsAnswer(body(lines), in: fixture))
    }

    @Test("what git alone can judge is left to it")
    func leavesOthers() {
        #expect(ListedRefs(request: body([.text("command=ls-refs"), .text("server-option=x"), .flush])) == nil)
        #expect(ListedRefs(request: body([.text("command=ls-refs"), .delimiter, .text("novel"), .flush])) == nil)
        #expect(ListedRefs(request: body([.text("command=ls-refs"), .delimiter, .text("peel")])) == nil)
    }

    @Test("a clone is made once, whoever asks, and again when a ref has moved")
    func keepsClones() async throws {
        let fixture = try GitFixture()
        let commit = try await served(fixture)
        let first = try await answer(clone(of: commit, agent: "git/1"), in: fixture)
        let gits = try await gitsAnswer(clone(of: commit, agent: "git/1"), in: fixture)
        #expect(try pack(in: first) == pack(in: gits))
        #expect(try pack(in: first).starts(with: Array("PACK".utf8)))
        #expect(try kept(fixture).count == 1)
        #expect(try await answer(clone(of: commit, agent: "git/2"), in: fixture) == first)
        #expect(try kept(fixture).count == 1)
        try await publish(commit, nil, in: fixture)
        _ = try await answer(clone(of: commit, agent: "git/1"), in: fixture)
        #expect(try kept(fixture).count == 2)
    }

    @Test("a clone that git refuses is answered with git's words and not kept")
    func keepsNoRefusal() async throws {
        let fixture = try GitFixture()
        _ = try await served(fixture)
        let absent = try #require(CommitID(String(repeating: "2", count: 40)))
        let answer = try await answer(clone(of: absent, agent: "git/1"), in: fixture)
        #expect(String(decoding: answer, as: UTF8.self).contains("ERR"))
        while try !kept(fixture).isEmpty { await Task.yield() }
    }

    @Test("the answers of a repository go with it")
    func forgets() async throws {
        let fixture = try GitFixture()
        let commit = try await served(fixture)
        _ = try await answer(clone(of: commit, agent: "git/1"), in: fixture)
        try await fixture.store.remove(1)
        while try !kept(fixture).isEmpty {
            fixture.store.answers.forget(1)
            await Task.yield()
        }
    }

    @Test("many packs are put together, and nothing is lost")
    func gathers() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        try await fixture.store.create(1)
        var commits: [CommitID] = []
        for number in 0..<18 {
            try work.write("a", "\(number)")
            commits.append(try work.commit("\(number)"))
            let pack = try await fixture.store.intakePack(
                in: 1, keepMessage: "t", limits: PackLimits(),
                chunks: Chunks(bytes: try work.pack("main"), size: 1 << 16))
            try await fixture.store.releaseKeep(pack, in: 1)
        }
        try await fixture.store.noteArrival(in: 1)
        var arrivals = fixture.store.gathered.makeAsyncIterator()
        #expect(await arrivals.next() == 1)
        try await fixture.store.consolidate(1)
        let packs = try PosixFile.names(in: fixture.store.directory(of: 1) + "/objects/pack")
        #expect(packs.count { $0.hasSuffix(".pack") } < 16)
        for commit in commits { #expect(try await fixture.store.commit(commit, in: 1) != nil) }
        await fixture.store.rest(after: .zero)
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
        }
        #expect(!open.contains { $0.hasPrefix(fixture.store.directory(of: 1)) })
    }
}
