import Crypto
package import HubCore
package import Logging
import Policies

/// What is stated about revisions here: it signs what is due, makes what is attached, and takes in what others signed.
package struct RevisionStatements: Sendable {
    private let hub: Hub
    private let policies: PolicyEngine?
    private let signatures: SignatureFacts?
    let signer: StatementSigner
    private let logger: Logger

    /// Raised when documents are made in another way, so that they are made again.
    private static let documentVersion = 1
    /// Bytes of a `config.json` that are read.
    private static let maximumConfiguration = 1 << 20

    package init(hub: Hub, policies: PolicyEngine?, signatures: SignatureFacts?, logger: Logger) {
        self.hub = hub
        self.policies = policies
        self.signatures = signatures
        signer = StatementSigner(ring: hub.signingKeys, register: hub.knownKeys)
        self.logger = logger
    }

    // MARK: Statements

    /// All statements about a commit; one that is due is signed first.
    package func statements(of key: Int64, commit: CommitID) async throws -> [StoredStatement] {
        for due in try await hub.provenance.due(of: key, commit: commit, limit: 1) { try await settle(due) }
        return try await hub.provenance.statements(of: key, commit: commit)
    }

    /// Signs what is due, the oldest first.
    /// - Returns: how many there were, at most `limit`.
    package func settle(limit: Int = 16) async throws -> Int {
        let due = try await hub.provenance.due(limit: limit)
        for one in due {
            do {
                try await settle(one)
            } catch let error as HubError {
                logger.warning(
                    "a commit could not be stated",
                    metadata: [
                        "repository": "\(one.repository)", "commit": "\(one.commit)", "error": "\(error.line)",
                    ])
                try await hub.provenance.noteFailure(of: one)
            }
        }
        return due.count
    }

    private func settle(_ due: DueStatement) async throws {
        guard let info = try await hub.git.commit(due.commit, in: due.key),
            let entries = try await hub.git.list(nil, commit: due.commit, in: due.key, recursive: true)
        else { throw HubError(.revisionNotFound, "The commit \(due.commit) is not stored here.") }
        let digests = try await hub.digests.digests(of: entries, in: due.key)
        var before: [TreeEntry] = []
        if let old = due.previous ?? info.parents.first, try await hub.git.contains(old, in: due.key) {
            before = try await hub.git.list(nil, commit: old, in: due.key, recursive: true) ?? []
        }
        let key = try await signer.key(for: nil)
        let statement = CommitStatement(
            due: due, info: info, files: digests, changes: TreeComparison(from: before, to: entries))
        guard !digests.isEmpty else {
            // A statement needs a subject: a commit without files has none.
            return try await hub.provenance.forget(due)
        }
        try await hub.provenance.settle(
            due, by: try NewStatement(signing: statement.statement(by: key.publicKey), with: key), digests: digests)
    }

    /// Takes in a statement that somebody else signed about a commit.
    /// - Parameter account: who gives it.
    /// - Returns: whether it was new.
    /// - Throws: `.badRequest` for what is no statement, `.unprocessable` for one that is not about exactly this.
    package func add(_ envelope: [UInt8], about commit: CommitID, of repository: Repository, by account: String)
        async throws -> Bool
    {
        let new = try NewStatement(envelope: envelope, source: .account(account))
        let payload = try InTotoStatement(json: try DSSEEnvelope(json: new.envelope).payload)
        let files = try await hub.digests.digests(of: commit, in: repository.key)
        switch StatementMatch(payload, names: SubjectNames.all(of: repository), commit: commit, files: files) {
        case .exact: break
        case .otherName(let name):
            throw HubError(.unprocessable, "The statement is about \(name.onOneLine), not about \(repository.id).")
        case .mismatch(let reason):
            throw HubError(
                .unprocessable, "The statement is not about \(repository.id) at \(commit): \(reason).",
                remedy: "Name every file of the commit as a subject, as in models/acme/big/config.json.")
        }
        let added = try await hub.provenance.add([new], of: repository.key, commit: commit) > 0
        if added { signatures?.forget() }
        return added
    }

    /// States what came of the checks of a commit, when their results are there: SLSA's verification summary.
    /// - Parameters:
    ///   - isPassed: whether policy lets it through.
    ///   - findings: what was looked at and what came of it, such as `scan: clean`.
    package func summarise(
        _ commit: CommitID, of repository: Repository, isPassed: Bool, findings: [(name: String, result: String)]
    ) async throws {
        let files = try await hub.digests.digests(of: commit, in: repository.key)
        guard !files.isEmpty else { return }
        let mirror = policies?.current.mirror(of: repository)
        let key = try await signer.key(for: mirror)
        let name = StatementMatch.name(repository.id.kind, repository.id.path)
        let statement = InTotoStatement(
            subjects: files.map { .init(name: "\(name)/\($0.path)", sha256: $0.sha256) },
            predicateType: StatementTypes.verification,
            predicate: .members([
                ("verifier", .members([("id", .string(StatementTypes.key(key.publicKey.id)))])),
                ("timeVerified", .string(JSONDate.text(milliseconds: hub.clock.now()))),
                ("resourceUri", .string("\(name)@\(commit.hex)")),
                (
                    "policy",
                    .members([
                        ("uri", .string("weir:mirror:\(mirror?.name ?? "none")")),
                        ("digest", policies.map { .members([("sha256", .string($0.current.digest))]) }),
                    ])
                ),
                ("verificationResult", .string(isPassed ? "PASSED" : "FAILED")),
                ("verifiedLevels", .array([])),
                (
                    "findings",
                    .array(
                        findings.map {
                            .members([("name", .string($0.name)), ("result", .string($0.result))])
                        })
                ),
            ]))
        try await hub.provenance.add(
            [NewStatement(signing: statement, with: key)], of: repository.key, commit: commit)
    }

    // MARK: Keys

    /// All keys that signed here or sign now, the newest first. Asking for them writes nothing down.
    package func keys() async throws -> [KnownSigningKey] {
        var current: [(owner: String, key: VerifyingKey)] = []
        for algorithm in SigningAlgorithm.allCases {
            current.append(("hub", try hub.signingKeys.current(algorithm).publicKey))
        }
        for mirror in policies?.current.mirrors ?? [] {
            if let key = mirror.keys.signing { current.append(("mirror:\(mirror.name)", key.publicKey)) }
        }
        let known = try await hub.knownKeys.all()
        let now = hub.clock.now()
        let unused = current.filter { one in !known.contains { $0.key == one.key } }.map { one in
            KnownSigningKey(key: one.key, owner: one.owner, firstUsedAt: now, lastUsedAt: now, supersededAt: nil)
        }
        return unused + known
    }

    // MARK: Attachments

    /// A document about a revision, made when it is asked for first.
    /// - Parameter base: what addresses of files here begin with, where the document has some.
    package func attachment(
        _ kind: StoredAttachment.Kind, of repository: Repository, commit: CommitID, base: String = ""
    ) async throws -> StoredAttachment {
        let inputs = inputs(of: kind, repository, commit, base: base)
        if let known = try await hub.provenance.attachment(kind, of: repository.key, commit: commit),
            known.inputs == inputs
        {
            return known
        }
        let content: [UInt8]
        var keyID = ""
        switch kind {
        case .oms:
            let files = try await hub.digests.digests(of: commit, in: repository.key)
            let mirror = policies?.current.mirror(of: repository)
            let key = try await signer.key(for: mirror, algorithm: .p256, only: true)
            content = try ModelSigningBundle.sign(files, name: repository.id.name, with: key)
            keyID = key.publicKey.id
        case .cycloneDX:
            content = try Self.bytes(BillOfMaterials(facts: try await facts(of: repository, commit)).json)
        case .croissant:
            content = try Self.bytes(
                CroissantDocument(facts: try await facts(of: repository, commit), base: base).json)
        }
        return try await hub.provenance.keep(
            StoredAttachment(kind: kind, inputs: inputs, keyID: keyID, content: content, madeAt: hub.clock.now()),
            of: repository.key, commit: commit)
    }

    /// Makes what the mirror's policy has attached to each revision that comes in. What fails is made when it is asked for.
    func attach(to repository: Repository, commit: CommitID) async {
        for asked in policies?.current.mirror(of: repository)?.document.provenance?.attach ?? [] {
            let kind: StoredAttachment.Kind? =
                switch asked {
                case .slsa: nil
                case .cycloneDX: .cycloneDX
                case .modelSigning: .oms
                }
            guard let kind else { continue }
            do {
                _ = try await attachment(kind, of: repository, commit: commit)
            } catch {
                logger.warning(
                    "a document could not be made",
                    metadata: ["kind": "\(kind.rawValue)", "commit": "\(commit)", "error": "\(error)"])
            }
        }
    }

    /// The commit fixes the files and the card; the rest that a document says is named here.
    private func inputs(
        of kind: StoredAttachment.Kind, _ repository: Repository, _ commit: CommitID, base: String
    ) -> String {
        let origin = origin(of: repository)
        let parts = [
            "\(Self.documentVersion)", kind.rawValue, repository.id.description, commit.hex, origin?.url ?? "",
            origin?.path ?? "", base,
        ]
        return Hexadecimal.encode(SHA256.hash(data: Array(parts.joined(separator: "\n").utf8)))
    }

    private func origin(of repository: Repository) -> (url: String, type: UpstreamType, path: String)? {
        guard case .mirror(let origin) = repository.origin, let mirror = policies?.current.mirror(of: repository),
            let upstream = mirror.upstreams.first(where: { $0.name == origin.upstream }),
            let document = mirror.document.upstreams.first(where: { $0.name == origin.upstream })
        else { return nil }
        return ("\(document.url)", upstream.type, origin.path)
    }

    private func facts(of repository: Repository, _ commit: CommitID) async throws -> RevisionFacts {
        let files = try await hub.digests.digests(of: commit, in: repository.key)
        var card = Card.empty
        if let readme = files.first(where: { $0.path == "README.md" && !$0.isLarge && !$0.isSymlink }) {
            card = Card(
                readme: try await hub.git.blob(
                    readme.object, in: repository.key, limit: RepositoryService.maximumObjectSize))
        }
        var configuration: JSONValue?
        if let file = files.first(where: { $0.path == "config.json" && !$0.isLarge }),
            file.size <= Self.maximumConfiguration
        {
            let bytes = try await hub.git.blob(file.object, in: repository.key, limit: Self.maximumConfiguration)
            configuration = JSONText.decode(String(decoding: bytes, as: UTF8.self))
        }
        let info = try await hub.git.commit(commit, in: repository.key)
        return RevisionFacts(
            repository: repository.id, commit: commit, files: files, card: card, configuration: configuration,
            origin: origin(of: repository), concludedLicense: nil,
            committedAt: Self.milliseconds(info?.committer.seconds ?? 0))
    }

    /// Commits may claim any time; documents hold one that calendars know.
    private static func milliseconds(_ seconds: Int64) -> Int64 { min(max(seconds, 0), 32_503_680_000) * 1_000 }

    private static func bytes(_ json: JSONValue) throws -> [UInt8] { Array(try JSONText.encode(json).utf8) }
}
