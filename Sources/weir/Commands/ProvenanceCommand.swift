import ArgumentParser
import Foundation
import HubCore
import Logging
import MirrorGateway

/// What was stated and signed about revisions.
struct ProvenanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provenance", abstract: "Where revisions came from, and whether that is signed and true.",
        subcommands: [Show.self, Verify.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show what was stated about a revision, or what a file of statements says.")

        @Argument(
            help: ArgumentHelp(
                "A repository as in model:acme/demo@main, or a file.", valueName: "kind:ns/name[@rev]|file"))
        var subject: String
        @Flag(help: "Print the envelopes themselves, one on each line.") var json = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                if FileManager.default.fileExists(atPath: subject) {
                    for document in try SignedDocument.all(in: ProvenanceCommand.read(subject)) {
                        if json {
                            print(String(decoding: document.envelope.json, as: UTF8.self))
                        } else {
                            ProvenanceCommand.lines(of: document).forEach { print($0) }
                        }
                    }
                    return
                }
                let hub = try await Hub(path: data.path)
                let revision = try await StoredRevision(subject, in: hub)
                let stored = try await revision.statements()
                if !json { print("\(revision.repository.id) at \(revision.commit): \(stored.count) statements") }
                for statement in stored {
                    if json {
                        print(String(decoding: statement.envelope, as: UTF8.self))
                        continue
                    }
                    print("")
                    print("\(statement.source.text), \(JSONDate.text(milliseconds: statement.storedAt))")
                    let document = try SignedDocument(json: statement.envelope)
                    ProvenanceCommand.lines(of: document).forEach { print($0) }
                }
                await hub.close()
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Verify signatures, and that they are over exactly what is here.",
            discussion: """
                For a repository all its stored content is read and compared with what the statements say. Without --keys
                those are believed that signed here. For a folder, as it was cloned or downloaded, --with names the
                statements or the bundle; nothing is asked of any server.
                Ends with 65 when nothing verifies, or when what verifies is about something else.
                """)

        @Argument(
            help: ArgumentHelp(
                "A repository as in model:acme/demo@main, or a folder.", valueName: "kind:ns/name@rev|dir"))
        var subject: String
        @Option(
            parsing: .upToNextOption, help: ArgumentHelp("Files of public keys in PEM form.", valueName: "file"))
        var keys: [String] = []
        @Option(
            parsing: .upToNextOption,
            help: ArgumentHelp("Files of statements, or a bundle of OpenSSF Model Signing.", valueName: "file"))
        var with: [String] = []
        @Flag(help: "In a folder, take symbolic links for the files they lead to.") var followLinks = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                var trusted: [VerifyingKey] = []
                for file in keys {
                    trusted += try VerifyingKey.all(
                        pem: String(decoding: ProvenanceCommand.read(file), as: UTF8.self))
                }
                var isDirectory: ObjCBool = false
                if FileManager.default.fileExists(atPath: subject, isDirectory: &isDirectory), isDirectory.boolValue {
                    try verifyFolder(trusted)
                } else {
                    try await verifyStored(trusted)
                }
            }
        }

        private func verifyFolder(_ trusted: [VerifyingKey]) throws {
            guard !with.isEmpty, !trusted.isEmpty else {
                throw HubError(
                    .badRequest, "A folder is verified with --with FILE and --keys FILE.",
                    remedy: "Get both from /api/gateway/v1/provenance/…/statements?format=jsonl and /keys?format=pem.")
            }
            let files = try FolderDigests.read(subject, except: with + keys, followsLinks: followLinks)
            var verdict = Verdict()
            for file in with {
                for document in try SignedDocument.all(in: ProvenanceCommand.read(file)) {
                    verdict.judge(document, files: files, names: [], commit: nil, keys: trusted, mustVerify: false)
                }
            }
            try verdict.finish(files: files.count)
        }

        private func verifyStored(_ given: [VerifyingKey]) async throws {
            let hub = try await Hub(path: data.path)
            let revision = try await StoredRevision(subject, in: hub)
            var trusted = given
            if trusted.isEmpty { trusted = try await hub.knownKeys.all().map(\.key) }
            let files = try await hub.digests.digests(of: revision.commit, in: revision.repository.key)
            var verdict = Verdict()
            for statement in try await revision.statements() {
                verdict.judge(
                    try SignedDocument(json: statement.envelope), files: files, names: try await revision.names(),
                    commit: revision.commit, keys: trusted, mustVerify: given.isEmpty && statement.source == .own)
            }
            for file in with {
                for document in try SignedDocument.all(in: ProvenanceCommand.read(file)) {
                    verdict.judge(
                        document, files: files, names: try await revision.names(), commit: revision.commit,
                        keys: trusted, mustVerify: false)
                }
            }
            for line in try await revision.corruptFiles(files) { verdict.fail(line) }
            await hub.close()
            try verdict.finish(files: files.count)
        }
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HubError(.notFound, "The file '\(path)' cannot be read.")
        }
        return Array(data)
    }

    /// What a document says, for people.
    static func lines(of document: SignedDocument) -> [String] {
        var lines = ["type: \(document.predicateType.onOneLine)", "files: \(document.count)"]
        for signature in document.envelope.signatures {
            lines.append("signed by: \(signature.keyID.isEmpty ? "a key it does not name" : signature.keyID.onOneLine)")
        }
        guard case .statement(let statement, _) = document else { return lines }
        let predicate = statement.predicate
        let build = predicate["buildDefinition"]
        let facts: [(String, String?)] = [
            ("about", statement.subjects.first?.name),
            ("commit", StatementMatch.commit(in: statement)),
            ("upstream", build?["externalParameters"]?["upstream"]?["url"]?.string),
            ("policy", build?["externalParameters"]?["policy"]?["digest"]?.string),
            ("account", predicate["account"]?["name"]?.string),
            ("surface", predicate["surface"]?.string),
            ("ref", predicate["ref"]?.string),
            ("at", predicate["writtenAt"]?.string ?? predicate["runDetails"]?["metadata"]?["finishedOn"]?.string),
            ("result", predicate["verificationResult"]?.string),
        ]
        return lines + facts.compactMap { name, value in value.map { "\(name): \($0.prefix(300).onOneLine)" } }
    }
}

/// What came of a verification.
private struct Verdict {
    private var verified = 0
    private var failures = 0

    mutating func judge(
        _ document: SignedDocument, files: [FileDigest], names: [String], commit: CommitID?, keys: [VerifyingKey],
        mustVerify: Bool
    ) {
        let name = document.predicateType.onOneLine
        guard let key = document.envelope.signer(among: keys) else {
            if mustVerify {
                fail("\(name): its signature is none of this hub's keys")
            } else {
                print("not verified: \(name): signed by none of the keys")
            }
            return
        }
        if let problem = document.problem(with: files, names: names, commit: commit) {
            fail("\(name): signed by \(key.id.prefix(16)), but \(problem)")
            return
        }
        verified += 1
        print("verified: \(name): signed by \(key.id.prefix(16)) over \(document.count) files")
    }

    mutating func fail(_ line: String) {
        failures += 1
        CommandFailure.complain(line, prefix: "failed: ")
    }

    func finish(files: Int) throws {
        guard failures == 0, verified > 0 else {
            CommandFailure.complain(
                failures > 0 ? "\(failures) of what was looked at is not as it was signed." : "Nothing verifies.")
            throw CommandFailure.corrupt
        }
        print("\(files) files are as they were signed")
    }
}

/// A revision of a data directory, looked at without asking any upstream.
private struct StoredRevision {
    let hub: Hub
    let repository: Repository
    let commit: CommitID

    init(_ text: String, in hub: Hub) async throws {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        guard let name = parts.first,
            let id = RepositoryID(parsing: name) ?? RepositoryID(kind: .model, path: name),
            parts.count == 1 || Revision(parts[1]) != nil
        else {
            throw HubError(
                .badRequest, "'\(text)' is neither a file nor a repository.",
                remedy: "Write it as model:acme/demo@main.")
        }
        self.hub = hub
        repository = try await Authorizer(store: hub.store, source: nil).openAsOperator(.metaRead, id)
        let repositories = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        commit = try await repositories.snapshot(
            of: repository, at: parts.count == 2 ? Revision(parts[1]) : nil
        ).commit
    }

    func statements() async throws -> [StoredStatement] {
        try await RevisionStatements(
            hub: hub, policies: nil, signatures: nil, logger: Logger(label: "weir")
        ).statements(of: repository.key, commit: commit)
    }

    /// The name, the upstream's, and those it had before.
    func names() async throws -> [String] {
        var names = [StatementMatch.name(repository.id.kind, repository.id.path)]
        if case .mirror(let origin) = repository.origin {
            names.append(StatementMatch.name(repository.id.kind, origin.path))
        }
        return names + (try await hub.provenance.formerNames(of: repository.key))
    }

    /// What is stored of the files and is not what it was, each as a line for people. What is not stored is told.
    func corruptFiles(_ files: [FileDigest]) async throws -> [String] {
        var lines: [String] = []
        var absent = 0
        var seen: Set<String> = []
        for file in files where file.isLarge && seen.insert(file.sha256).inserted {
            guard let blob = BlobID(file.sha256) else { continue }
            guard try await hub.blobs.size(of: blob) != nil else {
                absent += 1
                continue
            }
            if try await !hub.blobs.verify(blob) { lines.append("'\(file.path.onOneLine)' is stored with other bytes") }
        }
        // The remembered digests of small files are compared with what git has.
        for file in files where !file.isLarge && seen.insert(file.sha256).inserted {
            let bytes = try await hub.git.blob(
                file.object, in: repository.key, limit: RepositoryService.maximumObjectSize)
            if FileDigest.sha256(of: bytes) != file.sha256 {
                lines.append("'\(file.path.onOneLine)' is stored with other bytes")
            }
        }
        if absent > 0 { print("\(absent) large files are not stored here and were not looked at") }
        return lines
    }
}
