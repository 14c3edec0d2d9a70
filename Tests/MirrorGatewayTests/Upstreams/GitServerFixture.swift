import Foundation
import HubCore
import MirrorGateway

/// A repository on disk and the real `git upload-pack` behind the shape of smart HTTP.
struct GitServerFixture: Sendable {
    let folder: URL
    /// Answers as servers did before version 2.
    let speaksV2: Bool

    private static let binary = ["/usr/bin/git", "/usr/local/bin/git", "/opt/homebrew/bin/git"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static var isPossible: Bool { binary != nil }

    /// Makes `origin.git` with three commits on `main`, a tag object and a branch of its own.
    init(speaksV2: Bool = true) throws {
        self.speaksV2 = speaksV2
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("upstream-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try git("init", "-q", "-b", "main", "work")
        for number in 1...3 {
            // Text that does not pack well, so that packs span several side-band lines.
            let noise = (0..<40_000).map { String(($0 &* 2_654_435_761 &+ number &* 97) % 1_000_003, radix: 36) }
            try noise.joined(separator: "\n").write(
                to: folder.appendingPathComponent("work/file\(number).txt"), atomically: true, encoding: .utf8)
            try git("-C", "work", "add", ".")
            try git("-C", "work", "commit", "-q", "-m", "commit \(number)")
        }
        try git("-C", "work", "tag", "-a", "-m", "first", "v1", "HEAD~1")
        try git("-C", "work", "branch", "side", "HEAD~2")
        try git("clone", "-q", "--bare", "work", "origin.git")
        try git("-C", "origin.git", "config", "uploadpack.allowAnySHA1InWant", "true")
        try git("init", "-q", "--bare", "-b", "main", "mirror.git")
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    var transport: AnswerTable {
        AnswerTable { sent in
            let request = sent.request
            let version = request.headers.first { $0.0 == "Git-Protocol" }?.1
            if request.method == "GET" {
                let advertised = try run(
                    ["upload-pack", "--stateless-rpc", "--advertise-refs", "origin.git"], protocol: version)
                let service = [PktLine.text("# service=git-upload-pack"), .flush].flatMap(\.encoded)
                return sent.reply(200, "application/x-git-upload-pack-advertisement", service + advertised)
            }
            // What git refuses it says in its answer, and then it fails.
            let answer = try run(
                ["upload-pack", "--stateless-rpc", "origin.git"], input: request.body ?? [], protocol: version,
                mayFail: true)
            // Pieces of an awkward size, as networks deliver them.
            let pieces = stride(from: 0, to: answer.count, by: 1447).map {
                Array(answer[$0..<min($0 + 1447, answer.count)])
            }
            return EgressResponse(
                status: 200, headers: EgressHeaders([("Content-Type", "application/x-git-upload-pack-result")]),
                finalURL: request.url, body: EgressBody(pieces))
        }
    }

    /// Runs git in the folder and gives back what it prints.
    @discardableResult
    func git(_ arguments: String...) throws -> String {
        String(decoding: try run(arguments), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func run(
        _ arguments: [String], input: [UInt8] = [], protocol version: String? = nil, mayFail: Bool = false
    ) throws -> [UInt8] {
        let input = try scratch(Data(input))
        let output = try scratch(Data())
        defer {
            try? FileManager.default.removeItem(at: input)
            try? FileManager.default.removeItem(at: output)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.binary ?? "/usr/bin/git")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
        ]
        if speaksV2, let version { environment["GIT_PROTOCOL"] = version }
        process.environment = environment
        let reading = try FileHandle(forReadingFrom: input)
        let writing = try FileHandle(forWritingTo: output)
        process.standardInput = reading
        process.standardOutput = writing
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 || mayFail else {
            throw HubError(.internalError, "git \(arguments.joined(separator: " ")) failed")
        }
        return Array(try Data(contentsOf: output))
    }

    private func scratch(_ data: Data) throws -> URL {
        let file = folder.appendingPathComponent("io-\(UUID().uuidString)")
        try data.write(to: file)
        return file
    }
}
