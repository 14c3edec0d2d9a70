import Foundation
import HubCore

/// A store in a temporary folder and the real `git` beside it.
final class GitFixture: Sendable {
    let folder: String
    let store: GitStore

    init(transferLimit: Int = 4, transferQueueLimit: Int = 16) throws {
        folder = NSTemporaryDirectory() + "git-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = GitStore(
            root: folder + "/git", threadCount: 2, transferLimit: transferLimit,
            transferQueueLimit: transferQueueLimit)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs git in a folder and gives its standard output.
    @discardableResult
    func git(_ arguments: [String], in directory: String? = nil, input: [UInt8]? = nil, at date: Int = 1_700_000_000)
        throws -> [UInt8]
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory ?? folder)
        process.environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
            "GIT_AUTHOR_DATE": "\(date) +0200", "GIT_COMMITTER_DATE": "\(date) +0200", "LC_ALL": "C",
        ]
        let output = folder + "/out-" + UUID().uuidString
        let errors = folder + "/err-" + UUID().uuidString
        let given = folder + "/in-" + UUID().uuidString
        for (path, content) in [(output, []), (errors, []), (given, input ?? [])] {
            _ = FileManager.default.createFile(atPath: path, contents: Data(content))
        }
        defer { for path in [output, errors, given] { try? FileManager.default.removeItem(atPath: path) } }
        process.standardInput = FileHandle(forReadingAtPath: given)
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let words = String(decoding: FileManager.default.contents(atPath: errors) ?? Data(), as: UTF8.self)
            throw Failure(description: "git \(arguments): \(words)")
        }
        return Array(FileManager.default.contents(atPath: output) ?? Data())
    }

    /// Runs git and gives its output as text without the last line feed.
    func text(_ arguments: [String], in directory: String? = nil, input: [UInt8]? = nil) throws -> String {
        String(decoding: try git(arguments, in: directory, input: input), as: UTF8.self)
            .trimmingCharacters(in: .newlines)
    }

    /// Runs git and reads its output as an object id.
    func id(_ arguments: [String], in directory: String? = nil, input: [UInt8]? = nil) throws -> ObjectID {
        let line = try text(arguments, in: directory, input: input)
        guard let id = ObjectID(line) else { throw Failure(description: "no id: \(line)") }
        return id
    }

    /// A working repository to make history in.
    func workspace(_ name: String = "work") throws -> Workspace {
        try git(["init", "-q", "-b", "main", name])
        return Workspace(fixture: self, directory: folder + "/" + name)
    }

    /// The arguments that point git at a repository of the store.
    func gitDirectory(_ key: Int64) -> String { "--git-dir=" + store.directory(of: key) }

    /// A stored repository with everything a workspace has.
    func stored(_ workspace: Workspace, as key: Int64 = 1) async throws -> Int64 {
        try await store.create(key)
        try git([gitDirectory(key), "fetch", "-q", workspace.directory, "+refs/*:refs/*"])
        return key
    }

    /// What `git fsck` complains about; empty when it does not.
    func complaints(_ key: Int64) throws -> String {
        do {
            return try text([gitDirectory(key), "fsck", "--strict", "--no-dangling", "--no-progress"])
        } catch let failure as Failure {
            return failure.description
        }
    }
}

/// A working tree in which tests make history with the real git.
struct Workspace {
    let fixture: GitFixture
    let directory: String

    func write(_ path: String, _ content: String) throws {
        let full = directory + "/" + path
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(content.utf8).write(to: URL(fileURLWithPath: full))
    }

    @discardableResult
    func commit(_ message: String, at date: Int = 1_700_000_000) throws -> CommitID {
        try fixture.git(["add", "-A"], in: directory)
        try fixture.git(["commit", "-q", "--allow-empty", "-m", message], in: directory, at: date)
        return try fixture.id(["rev-parse", "HEAD"], in: directory)
    }

    @discardableResult
    func git(_ arguments: String..., at date: Int = 1_700_000_000) throws -> [UInt8] {
        try fixture.git(arguments, in: directory, at: date)
    }

    /// A pack of what a revision list names.
    func pack(_ revisions: String, thin: Bool = false) throws -> [UInt8] {
        try fixture.git(
            ["pack-objects", "--stdout", "--revs", "-q"] + (thin ? ["--thin"] : []), in: directory,
            input: Array((revisions + "\n").utf8))
    }
}

/// Bytes cut into chunks, with an error at the end when asked.
struct Chunks: AsyncSequence, Sendable {
    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        let size: Int
        let failure: (any Error)?

        mutating func next() async throws -> [UInt8]? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            guard !rest.isEmpty else {
                if let failure { throw failure }
                return nil
            }
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
    }

    let bytes: [UInt8]
    var size = 1000
    var failure: (any Error)?

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes[...], size: size, failure: failure) }
}

extension Signature {
    static let ada = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_000, offsetMinutes: 120)
}

/// A path the test knows to be valid.
func gitPath(_ text: String) throws -> GitPath {
    guard let path = GitPath(text) else { throw GitFixture.Failure(description: "no path: \(text)") }
    return path
}

/// A ref name the test knows to be valid.
func refName(_ text: String) throws -> RefName {
    guard let name = RefName(text) else { throw GitFixture.Failure(description: "no ref name: \(text)") }
    return name
}
