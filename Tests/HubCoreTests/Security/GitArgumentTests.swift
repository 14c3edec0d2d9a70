import Foundation
import Testing

@testable import HubCore

/// What our git children are started with, seen by a program that stands where git does, notes everything and then is
/// git.
@Suite("Children of git")
struct GitArgumentTests {
    /// What one child was given.
    private struct Call {
        let arguments: [String]
        let environment: [String: String]
    }

    private let fixture: GitFixture
    private let store: GitStore
    private let notes: String

    init() throws {
        fixture = try GitFixture()
        notes = fixture.folder + "/notes"
        let program = fixture.folder + "/git-that-notes"
        try """
        #!/bin/sh
        { printf '%s\\0' "$@"; printf '\\1\\0'; tr '\\0' '\\2' < /proc/$$/environ; printf '\\0\\3\\0'; } >> '\(notes)'
        exec git "$@"
        """.write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        store = GitStore(root: fixture.folder + "/git", gitExecutable: program, threadCount: 2)
    }

    private func calls() throws -> [Call] {
        let text = String(decoding: FileManager.default.contents(atPath: notes) ?? Data(), as: UTF8.self)
        return text.components(separatedBy: "\0\u{3}\0").dropLast().map { part in
            let halves = part.components(separatedBy: "\u{1}\0")
            var environment: [String: String] = [:]
            for pair in (halves.last ?? "").split(separator: "\u{2}") {
                let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                environment[String(words[0])] = words.count > 1 ? String(words[1]) : ""
            }
            let words = (halves.first ?? "").components(separatedBy: "\0")
            return Call(arguments: words.last == "" ? words.dropLast() : words, environment: environment)
        }
    }

    /// A history whose every name is an attack: options for files and branches, submodules that would run programs, a
    /// hook in the repository's own folder.
    private func work() async throws -> CommitID {
        let work = try fixture.workspace()
        try work.write("--upload-pack=touch pwned", "1")
        try work.write("-x/--exec=evil", "2")
        try work.write("$(evil)", "3")
        try work.write(
            ".gitattributes", "* filter=evil diff=evil merge=evil\n")
        let commit = try work.commit("--evil=message")
        try await store.create(1)
        _ = try await store.receive(
            in: 1, limits: PackLimits(), pack: Chunks(bytes: try work.pack("main"), size: 1 << 16)
        ) { objects, _ in
            _ = try await objects.tips([commit])
            _ = try await objects.contents(of: [commit], beyond: [], largest: 1 << 20)
            _ = try await objects.hasMoreEntries(commit, than: 1_000)
            return ((), true)
        }
        let hooks = store.directory(of: 1) + "/hooks"
        try FileManager.default.createDirectory(atPath: hooks, withIntermediateDirectories: true)
        for hook in ["pre-receive", "update", "post-update", "reference-transaction", "post-index-change"] {
            try "#!/bin/sh\ntouch '\(fixture.folder)/pwned'\n".write(
                toFile: "\(hooks)/\(hook)", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(hooks)/\(hook)")
        }
        try await store.publish(
            refs: [Ref(name: refName("refs/heads/--evil"), target: commit)], head: nil, hidden: [], in: 1)
        return commit
    }

    private func use(_ commit: CommitID) async throws {
        for path in ["--upload-pack=touch pwned", "-x", "-x/--exec=evil", "$(evil)"] {
            let path = try #require(GitPath(path))
            _ = try await store.history(from: commit, in: 1, path: path, skip: 0, limit: 5)
        }
        _ = try await store.lastCommits(of: GitPath("-x"), commit: commit, in: 1)
        for header in ["version=2", "version=2:--evil=1", "--evil"] {
            try await store.advertiseUploadPack(in: 1, protocolVersion: header) { _ in }
        }
        let wants: [PktLine] = [
            .text("command=fetch"), .delimiter, .text("want \(commit)"), .text("done"), .flush,
        ]
        try await store.uploadPack(
            in: 1, protocolVersion: "version=2", advertise: false, request: Chunks(bytes: wants.flatMap(\.encoded))
        ) { _ in }
    }

    @Test("S30: no name that somebody chose stands where an option could")
    func options() async throws {
        try await use(try await work())
        let calls = try calls()
        #expect(calls.count >= 8)
        for call in calls {
            let end = call.arguments.firstIndex { $0 == "--" || $0 == "--end-of-options" } ?? call.arguments.endIndex
            for word in call.arguments[..<end] {
                #expect(!word.contains("evil") && !word.contains("pwned") && word != "-x", "\(call.arguments)")
            }
        }
        #expect(calls.contains { $0.arguments.contains("-x/--exec=evil") })
        #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/pwned"))
    }

    @Test(
        "S31: children inherit nothing, run no hook, read no configuration but ours, and leave the repository's alone")
    func environment() async throws {
        setenv("GIT_SSH_COMMAND", "evil", 1)
        setenv("GIT_EXTERNAL_DIFF", "evil", 1)
        setenv("GIT_CONFIG_PARAMETERS", "'core.pager=evil'", 1)
        defer { for name in ["GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_CONFIG_PARAMETERS"] { unsetenv(name) } }
        let commit = try await work()
        let configuration = store.directory(of: 1) + "/config"
        let before = FileManager.default.contents(atPath: configuration)
        try await use(commit)
        let allowed: Set<String> = [
            "PATH", "LC_ALL", "HOME", "PWD", "SHLVL", "_", "OLDPWD", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL",
            "GIT_ATTR_NOSYSTEM", "GIT_TERMINAL_PROMPT", "GIT_NO_REPLACE_OBJECTS", "GIT_LITERAL_PATHSPECS",
            "GIT_OPTIONAL_LOCKS", "GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL", "GIT_CONFIG_COUNT", "GIT_DIR",
            "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PROTOCOL",
        ]
        let calls = try calls()
        #expect(!calls.isEmpty)
        for call in calls {
            let names = call.environment.keys.filter {
                !$0.hasPrefix("GIT_CONFIG_KEY_") && !$0.hasPrefix("GIT_CONFIG_VALUE_")
            }
            #expect(Set(names).subtracting(allowed) == [], "\(call.arguments)")
            #expect(
                call.environment["GIT_CONFIG_NOSYSTEM"] == "1" && call.environment["GIT_CONFIG_GLOBAL"] == "/dev/null")
            let settings = Dictionary(
                uniqueKeysWithValues: (0..<(Int(call.environment["GIT_CONFIG_COUNT"] ?? "") ?? 0)).map { index in
                    (
                        call.environment["GIT_CONFIG_KEY_\(index)"] ?? "",
                        call.environment["GIT_CONFIG_VALUE_\(index)"] ?? ""
                    )
                })
            #expect(settings["core.hooksPath"] == "/dev/null" && settings["protocol.allow"] == "never", "\(settings)")
            #expect(call.environment["GIT_PROTOCOL"]?.contains("evil") != true)
        }
        #expect(FileManager.default.contents(atPath: configuration) == before)
        #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/pwned"))
    }

    @Test(
        "S29: submodules made to run something are data or refused, and nothing is started for them",
        arguments: [
            "ext::sh -c evil", "--upload-pack=evil", "file:///etc", "https://h/a\rb", "-u./evil", "../../../etc",
            "https://example.org/plain.git",
        ])
    func submodules(url: String) async throws {
        let isPlain = url.hasSuffix("/plain.git")
        let work = try fixture.workspace()
        try work.write(
            ".gitmodules", "[submodule \"s\"]\n\tpath = s\n\turl = \"\(url)\"\n\(isPlain ? "" : "\tupdate = !evil\n")")
        try work.git("add", ".gitmodules")
        try work.git(
            "update-index", "--add", "--cacheinfo", "160000,1234567890123456789012345678901234567890,s")
        try work.git("commit", "-q", "-m", "a submodule")
        let commit = try fixture.id(["rev-parse", "HEAD"], in: work.directory)
        try await store.create(1)
        do {
            _ = try await store.receive(
                in: 1, limits: PackLimits(), pack: Chunks(bytes: try work.pack("main"), size: 1 << 16)
            ) { objects, _ in
                _ = try await objects.contents(of: [commit], beyond: [], largest: 1 << 20)
                return ((), true)
            }
            let entries = try await store.list(nil, commit: commit, in: 1, recursive: true) ?? []
            #expect(entries.contains { $0.kind == .submodule })
        } catch let error as HubError {
            #expect(error.code == .unprocessable, "\(error)")
        }
        // Without one that is taken nothing would be seen of what happens to those.
        let isTaken = try await store.contains(commit, in: 1)
        #expect(isTaken || !isPlain)
        for call in try calls() { #expect(call.environment["GIT_ALLOW_PROTOCOL"] == "none", "\(call.arguments)") }
        let commands = Set(try calls().compactMap { call in call.arguments.first { !$0.hasPrefix("-") } })
        #expect(commands.isSubset(of: ["index-pack", "rev-list", "cat-file", "ls-tree"]), "\(commands)")
    }
}
