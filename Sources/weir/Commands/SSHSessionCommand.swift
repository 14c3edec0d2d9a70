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
            guard let owner = try await hub.identities.account(named: user), owner.kind != .robot else {
                throw HubError(.forbidden, "There is no user called '\(user)'.")
            }
            let target = try await hub.store.deployKeys.target(of: owner)
            // A key without its repository opens nothing.
            guard owner.kind == .person || target != nil else {
                throw HubError(.forbidden, "The deploy key is in use no more.")
            }
            let caller = Caller(
                account: owner, address: environment["SSH_CONNECTION"]?.split(separator: " ").first.map(String.init),
                target: target)
            try await serve(command, for: caller, hub, protocolVersion: environment["GIT_PROTOCOL"])
            await hub.close()
        }
    }

    /// Whose key it is, from where it is used, and the one repository it opens when it is a deploy key.
    private struct Caller {
        let account: User
        let address: String?
        let target: (repository: Int64, canWrite: Bool)?

        func scope(isUpload: Bool) -> TokenGrant.Scope { isUpload && target?.canWrite != false ? .write : .read }

        func principal(for id: RepositoryID) -> Principal {
            Principal(
                user: account,
                token: TokenGrant(
                    id: 0, name: "ssh", scope: scope(isUpload: true), createdAt: account.createdAt,
                    resources: target == nil ? nil : [.repository(id)])
            ).seen(from: address)
        }

        /// Lets nobody on who came by another repository's key: for him it is as if it were not there.
        func admit(to repository: Repository) throws {
            guard let target, target.repository != repository.key else { return }
            throw Authorizer.notFound(repository.id, repository.principal)
        }
    }

    private func serve(_ command: SSHCommand, for caller: Caller, _ hub: Hub, protocolVersion: String?) async throws {
        let authorizer = Authorizer(store: hub.store, source: nil)
        func open(_ verb: Verb, _ id: RepositoryID) async throws -> Repository {
            let repository = try await authorizer.open(caller.principal(for: id), verb, id)
            try caller.admit(to: repository)
            return repository
        }
        let repositories = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        switch command {
        case .uploadPack(let id):
            let repository = try await open(.contentRead, id)
            try await repositories.uploadPackConversation(
                of: repository, protocolVersion: protocolVersion, input: StandardInput()
            ) { try StandardOutput.write($0) }
            try await hub.pulls.flush()
        case .receivePack(let id):
            let repository = try await open(.contentWrite, id)
            try await WriteSurface.$current.withValue(.ssh) { try await receivePack(to: repository, repositories) }
        case .authenticateLFS(let id, let isUpload):
            let repository =
                isUpload
                ? try await authorizer.openForUpload(caller.principal(for: id), id) : try await open(.contentRead, id)
            try caller.admit(to: repository)
            try await authenticateLFS(for: caller, repository, isUpload: isUpload, hub)
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
    private func authenticateLFS(for caller: Caller, _ repository: Repository, isUpload: Bool, _ hub: Hub) async throws
    {
        guard let url else {
            // What git-lfs takes for a server without this command: it goes on by HTTP with credentials of its own.
            CommandFailure.complain("git-lfs-authenticate: command not found", prefix: "")
            throw ExitCode(127)
        }
        let token = try await hub.identities.createLFSToken(
            for: caller.account, to: repository, isUpload: isUpload)
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
