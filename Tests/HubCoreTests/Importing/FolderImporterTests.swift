import Foundation
import Testing

@testable import HubCore

@Suite("Importing folders")
struct FolderImporterTests {
    private func run(_ fixture: HubFixture, _ files: [String: [UInt8]], as id: String = "model:acme/demo") async throws
        -> ImportReport
    {
        try await fixture.hub.importer.run(
            folder: try fixture.write(files), as: HubFixture.id(id), isPrivate: false)
    }

    private func paths(_ fixture: HubFixture) async throws -> [String] {
        try await fixture.tree("model:acme/demo").map(\.path)
    }

    @Test("text becomes git, binary and large files become LFS, an empty file stays an empty file")
    func kinds() async throws {
        let fixture = try await HubFixture()
        let big = [UInt8](repeating: UInt8(ascii: "a"), count: 10 << 20)
        let report = try await run(
            fixture,
            ["README.md": Array("---\nlicense: mit\n---\n".utf8), "model.bin": [0, 1, 2], "big.txt": big, "empty": []])
        #expect(report.files == 4 && report.large == 2 && !report.isUnchanged)
        let tree = try await fixture.tree("model:acme/demo")
        #expect(tree.filter { $0.lfs != nil }.map(\.path) == ["big.txt", "model.bin"])
        #expect(tree.first { $0.path == "empty" }?.size == 0)
        #expect(try await fixture.hub.blobs.size(of: BlobID(hashing: big)) == Int64(big.count))
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, report.repository)
        #expect(try await fixture.hub.store.summary(of: repository).tags == ["license:mit"])
        let check = try await StorageCheck(store: fixture.hub.store, git: fixture.hub.git, blobs: fixture.hub.blobs)
            .run { Issue.record("\($0)") }
        #expect(check.problems == 0 && check.blobs == 2)
    }

    @Test("the same folder again changes nothing; another content replaces all of the old")
    func again() async throws {
        let fixture = try await HubFixture()
        let first = try await run(fixture, ["a": [1], "b/c": [0, 2], "b/d": [3]])
        let second = try await run(fixture, ["a": [1], "b/c": [0, 2], "b/d": [3]])
        #expect(second.isUnchanged && second.commit == first.commit)
        let third = try await run(fixture, ["a": [9], "e": [4]])
        #expect(!third.isUnchanged)
        #expect(try await paths(fixture) == ["a", "e"])
        let feed = try await fixture.hub.store.feed(after: 0, limit: 10, for: .anonymous)
        #expect(feed.entries.count == 2)
    }

    @Test("a file may take the place of a folder, and a folder that of a file")
    func replacing() async throws {
        let fixture = try await HubFixture()
        _ = try await run(fixture, ["a": [1], "b/c": [2], "d/e/f": [3]])
        _ = try await run(fixture, ["a/x": [1], "b": [2], "d/e": [3]])
        #expect(try await paths(fixture) == ["a/x", "b", "d/e"])
        _ = try await run(fixture, ["a": [1], "b/c": [2], "d/e/f": [3]])
        #expect(try await paths(fixture) == ["a", "b/c", "d/e/f"])
    }

    @Test("two spellings of one letter are two names")
    func unicode() async throws {
        let fixture = try await HubFixture()
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        _ = try await run(fixture, [composed: [1], "日本語 モデル.txt": [2]])
        _ = try await run(fixture, [decomposed: [1], "日本語 モデル.txt": [2]])
        let found = try await fixture.tree("model:acme/demo").map { Array($0.path.utf8) }
        #expect(found.contains(Array(decomposed.utf8)) && !found.contains(Array(composed.utf8)))
        #expect(found.count == 2)
    }

    @Test("attributes name the large files only, and an existing file of them is kept")
    func attributes() async throws {
        let fixture = try await HubFixture()
        let existing = "*.bin filter=lfs diff=lfs merge=lfs -text\r\n# mine\r\n"
        _ = try await run(
            fixture,
            [
                ".gitattributes": Array(existing.utf8), "a.bin": [0], "small.data": [1], "large.data": [0],
                "odd [1] name": [0], "line\nbreak": [0], "x.gguf": [0],
            ])
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, HubFixture.id("model:acme/demo"))
        let snapshot = try await fixture.repositories.snapshot(of: repository, at: nil)
        let entry = try await fixture.repositories.entry(at: ".gitattributes", in: snapshot)
        let text = String(
            decoding: try await fixture.hub.git.blob(entry.id, in: repository.key, limit: 10_000), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        let filter = " filter=lfs diff=lfs merge=lfs -text"
        #expect(
            lines == [
                "*.bin" + filter, "# mine", "/large.data" + filter, "/line[[:space:]]break" + filter,
                "/odd[[:space:]]\\[1\\][[:space:]]name" + filter, "*.gguf" + filter,
            ])
        // What git itself makes of them.
        let folder = fixture.folder.appending("model")
        try text.write(toFile: folder + "/.gitattributes", atomically: true, encoding: .utf8)
        for (path, value) in [
            ("a.bin", "lfs"), ("small.data", "unspecified"), ("large.data", "lfs"), ("odd [1] name", "lfs"),
            ("line\nbreak", "lfs"), ("x.gguf", "lfs"), ("odd 1 name", "unspecified"),
        ] {
            #expect(try Self.attribute(of: path, in: folder) == value, "\(path)")
        }
    }

    @Test("the executable bit is kept")
    func executable() async throws {
        let fixture = try await HubFixture()
        let folder = try fixture.write(["run.sh": Array("#!/bin/sh\n".utf8), "a": [1]])
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/run.sh")
        _ = try await fixture.hub.importer.run(folder: folder, as: HubFixture.id("model:acme/demo"), isPrivate: false)
        let tree = try await fixture.tree("model:acme/demo")
        #expect(tree.first { $0.path == "run.sh" }?.kind == .executable)
        #expect(tree.first { $0.path == "a" }?.kind == .file)
    }

    @Test(
        "S27: a link that leads out of the folder is refused, one within it is its file, and tools' folders are left out"
    )
    func links() async throws {
        let fixture = try await HubFixture()
        let folder = try fixture.write(["real": [1], ".git/config": [2], ".cache/x": [3], "sub/.git.txt": [4]])
        let files = FileManager.default
        try files.createSymbolicLink(atPath: folder + "/inner", withDestinationPath: "real")
        let report = try await fixture.hub.importer.run(
            folder: folder, as: HubFixture.id("model:acme/demo"), isPrivate: false)
        #expect(report.files == 3)
        #expect(try await paths(fixture) == ["inner", "real", "sub/.git.txt"])
        for target in ["/etc/hostname", "..", "nowhere", "sub"] {
            try files.createSymbolicLink(atPath: folder + "/outer", withDestinationPath: target)
            let error = await hubError {
                _ = try await fixture.hub.importer.run(
                    folder: folder, as: HubFixture.id("model:acme/demo"), isPrivate: false)
            }
            #expect(error?.code == .unprocessable || error?.code == .notFound, "\(target)")
            try files.removeItem(atPath: folder + "/outer")
        }
    }

    @Test("a snapshot of the Hugging Face cache is read through its links")
    func cacheSnapshot() async throws {
        let fixture = try await HubFixture()
        let cache = fixture.folder.appending("models--acme--demo")
        try fixture.folder.write([0, 1], to: "models--acme--demo/blobs/abc")
        try fixture.folder.write([2], to: "models--acme--demo/snapshots/123/plain")
        try FileManager.default.createSymbolicLink(
            atPath: cache + "/snapshots/123/model.bin", withDestinationPath: "../../blobs/abc")
        _ = try await fixture.hub.importer.run(
            folder: cache + "/snapshots/123", as: HubFixture.id("model:acme/demo"), isPrivate: false)
        #expect(try await paths(fixture) == [".gitattributes", "model.bin", "plain"])
    }

    @Test("a pointer is taken where its bytes are here, and refused where they are not")
    func pointers() async throws {
        let fixture = try await HubFixture()
        let pointer = LFSPointer(oid: BlobID(hashing: [0, 7]), size: 2)
        let error = await hubError { _ = try await run(fixture, ["m.bin": pointer.encoded]) }
        #expect(error?.code == .unprocessable && error?.message.contains("m.bin") == true)
        _ = try await run(fixture, ["m.bin": [0, 7]], as: "model:acme/source")
        let report = try await run(fixture, ["m.bin": pointer.encoded, "x": [1]])
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, report.repository)
        let snapshot = try await fixture.repositories.snapshot(of: repository, at: nil)
        let entry = try await fixture.repositories.entry(at: "m.bin", in: snapshot)
        guard case .blob(let reader) = try await fixture.repositories.open(entry, in: snapshot).content else {
            Issue.record("no blob")
            return
        }
        #expect(reader.size == 2)
    }

    @Test("two imports at once: both stand in the history, or the later one is told to try again")
    func concurrent() async throws {
        let fixture = try await HubFixture()
        let folders = try (0..<4).map { try fixture.write(["f": [UInt8($0)]], to: "folder\($0)") }
        let errors = await withTaskGroup(of: HubError?.self) { group in
            for folder in folders {
                group.addTask {
                    await hubError {
                        _ = try await fixture.hub.importer.run(
                            folder: folder, as: HubFixture.id("model:acme/demo"), isPrivate: false)
                    }
                }
            }
            return await group.reduce(into: [HubError?]()) { $0.append($1) }
        }
        let done = errors.count { $0 == nil }
        #expect(done >= 1)
        #expect(errors.compactMap(\.self).allSatisfy { $0.code == .preconditionFailed })
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, HubFixture.id("model:acme/demo"))
        let snapshot = try await fixture.repositories.snapshot(of: repository, at: nil)
        #expect(try await fixture.repositories.history(of: snapshot, path: nil, skip: 0, limit: 10).count == done)
    }

    @Test("an import goes on where one ended between the row and the folder of a repository")
    func interrupted() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.hub.store.createLocal(
            HubFixture.id("model:acme/demo"), visibility: .public, defaultBranch: "main")
        _ = try await run(fixture, ["a": [1]])
        #expect(try await paths(fixture) == ["a"])
    }

    @Test("a mirror's name, an empty folder, no folder and a name git cannot hold are refused")
    func refusals() async throws {
        let fixture = try await HubFixture()
        try await fixture.mirror("model:up/demo")
        #expect(await hubError { _ = try await run(fixture, ["a": [1]], as: "model:up/demo") }?.code == .conflict)
        #expect(await hubError { _ = try await run(fixture, ["a": [1]], as: "model:up/other") }?.code == .conflict)
        #expect(await hubError { _ = try await run(fixture, ["a/.GIT/x": [1]]) }?.code == .unprocessable)
        let importer = fixture.hub.importer
        let empty = fixture.folder.appending("empty")
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        for (folder, code) in [(empty, HubError.Code.unprocessable), ("/nowhere", .notFound)] {
            let error = await hubError {
                _ = try await importer.run(folder: folder, as: HubFixture.id("model:acme/demo"), isPrivate: false)
            }
            #expect(error?.code == code)
        }
    }

    @Test("a tag names the imported commit, once")
    func tags() async throws {
        let fixture = try await HubFixture()
        let first = try await run(fixture, ["a": [1]])
        let tag = try #require(RefName.tag("v1"))
        try await fixture.hub.importer.tag(tag, first)
        try await fixture.hub.importer.tag(tag, first)
        let second = try await run(fixture, ["a": [2]])
        #expect(await hubError { try await fixture.hub.importer.tag(tag, second) }?.code == .conflict)
    }

    private static func attribute(of path: String, in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "sh", "-c", "git init -q . && git check-attr -z filter -- \"$1\" | tail -z -n 1 | tr -d '\\0'", "sh", path,
        ]
        process.currentDirectoryURL = URL(filePath: folder)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
