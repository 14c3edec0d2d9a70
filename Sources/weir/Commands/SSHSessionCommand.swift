import ArgumentParser
import Foundation
import HubCore

/// The one thing that a connection over SSH runs, whatever it asked for: what it asked is in `SSH_ORIGINAL_COMMAND`,
/// and only git's and git-lfs's own requests are understood.
struct SSHSessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssh", abstract: "Serve one git connection over SSH; started by sshd (see 'weir ssh-keys').")

    @Option(help: "Who is connected.") var user: String
    @Option(help: ArgumentHelp("Where the hub is reached by HTTP, for git-lfs.", valueName: "url")) var url: String?
    @OptionGroup var data: DataOption

    /// Bytes that are read over behind a push, until the client has read our answer and leaves.
    private static let readOver = 4 << 30

    func run() async throws {
        try await CommandFailure.report {
            let environment = ProcessInfo.processInfo.environment
            guard let command = SSHCommand(parsing: environment["SSH_ORIGINAL_COMMAND"] ?? "") else {
                throw HubError(
                    .forbidden, "Hello \(user). This account serves git alone.",
                    remedy: "Clone with 'git clone ssh://...'.")
            }
            let hub = try await Hub(path: data.path)
            guard let owner = try await hub.identities.user(named: user) else {
                throw HubError(.forbidden, "There is no user called '\(user)'.")
            }
            try await serve(command, for: owner, hub, protocolVersion: environment["GIT_PROTOCOL"])
            await hub.close()
        }
    }

    private func serve(_ command: SSHCommand, for owner: User, _ hub: Hub, protocolVersion: String?) async throws {
        let principal = Principal(
            user: owner, token: TokenGrant(id: 0, name: "ssh", scope: .write, createdAt: owner.createdAt))
        let authorizer = Authorizer(store: hub.store, source: nil)
        let repositories = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        switch command {
        case .uploadPack(let id):
            let repository = try await authorizer.open(principal, .contentRead, id)
            try await repositories.uploadPackConversation(
                of: repository, protocolVersion: protocolVersion, input: StandardInput()
            ) { try StandardOutput.write($0) }
        case .receivePack(let id):
            let repository = try await authorizer.open(principal, .contentWrite, id)
            try await receivePack(to: repository, repositories)
        case .authenticateLFS(let id, let isUpload):
            let repository = try await authorizer.open(principal, isUpload ? .contentWrite : .contentRead, id)
            try await authenticateLFS(for: owner, repository, isUpload: isUpload, hub)
        }
    }

    private func receivePack(to repository: Repository, _ repositories: RepositoryService) async throws {
        let refs = try await repositories.refsToPush(to: repository)
        try StandardOutput.write(ReceivePackAdvertisement.encoded(refs, withService: false))
        let input = StandardInput()
        var parser = ReceivePackRequestParser()
        for try await piece in input {
            try parser.append(piece)
            if parser.isComplete { break }
        }
        try parser.finish()
        let push = parser.request
        guard !push.commands.isEmpty else { return }
        let report: ReceivePackReport
        do {
            report = try await repositories.push(
                push, pack: InputBehind(head: parser.takePack(), rest: input), to: repository)
        } catch let error as HubError {
            report = ReceivePackReport(refusing: push, because: error)
        }
        try StandardOutput.write(report.encoded(for: push))
        // A client that was refused still sends its pack; it reads our answer afterwards, and leaves.
        var left = Self.readOver
        for try await piece in input {
            left -= piece.count
            if left < 0 { break }
        }
    }

    /// - SeeAlso: git-lfs `docs/api/server-discovery.md`, "SSH".
    private func authenticateLFS(for owner: User, _ repository: Repository, isUpload: Bool, _ hub: Hub) async throws {
        guard let url else {
            // What git-lfs takes for a server without this command: it goes on by HTTP with credentials of its own.
            CommandFailure.complain("git-lfs-authenticate: command not found", prefix: "")
            throw ExitCode(127)
        }
        let token = try await hub.identities.createLFSToken(for: owner, to: repository, isUpload: isUpload)
        let document = LFSCredentials(
            href: "\(url)/\(repository.id.kind.gitPlural)/\(repository.id.path).git/info/lfs",
            header: ["Authorization": "Bearer \(token.reveal())"], expires_in: IdentityStore.lfsTokenLifetime)
        try StandardOutput.write(try JSONEncoder().encode(document))
    }
}

/// What git-lfs reads.
private struct LFSCredentials: Encodable {
    var href: String
    var header: [String: String]
    var expires_in: Int64
}

/// The pack of a push: what came along with the commands, then what follows.
private struct InputBehind: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let head: [UInt8]
    let rest: StandardInput

    struct AsyncIterator: AsyncIteratorProtocol {
        var head: [UInt8]
        var rest: StandardInput.AsyncIterator

        mutating func next() async throws -> [UInt8]? {
            guard head.isEmpty else {
                defer { head = [] }
                return head
            }
            return try await rest.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(head: head, rest: rest.makeAsyncIterator()) }
}
