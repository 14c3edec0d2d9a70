import HubCore

/// The statement about a commit that came from an upstream: SLSA provenance v1, in which the mirror is the builder.
///
/// It names no person: statements travel to whoever fetches the revision.
struct AcquisitionStatement {
    let repository: RepositoryID
    let commit: CommitID
    let files: [FileDigest]
    /// The upstream's names for the commit when it was taken.
    let refs: [String]
    let upstream: (name: String, type: String, url: String, repository: UpstreamPath)
    let policy: (mirror: String, digest: String, outcome: String, explanation: String)
    let licenses: [String]
    let peer: PeerStatements
    /// Milliseconds since 1970.
    let acquiredAt: Int64

    func statement(by key: VerifyingKey) -> InTotoStatement {
        let prefix = StatementMatch.name(repository.kind, repository.path)
        return InTotoStatement(
            subjects: files.map { .init(name: "\(prefix)/\($0.path)", sha256: $0.sha256) },
            predicateType: StatementTypes.provenance,
            predicate: .members([
                (
                    "buildDefinition",
                    .members([
                        ("buildType", .string(StatementTypes.mirror)),
                        ("externalParameters", externalParameters),
                        ("resolvedDependencies", .array(dependencies)),
                    ])
                ),
                (
                    "runDetails",
                    .members([
                        ("builder", .members([("id", .string(StatementTypes.key(key.id)))])),
                        (
                            "metadata",
                            .members([("finishedOn", .string(JSONDate.text(milliseconds: acquiredAt)))])
                        ),
                        ("byproducts", .array(byproducts)),
                    ])
                ),
            ]))
    }

    private var externalParameters: JSONValue {
        .members([
            (
                "upstream",
                .members([
                    ("name", .string(upstream.name)), ("type", .string(upstream.type)), ("url", .string(upstream.url)),
                ])
            ),
            ("repository", .string(StatementMatch.name(upstream.repository.kind, upstream.repository.path))),
            ("refs", .array(refs.map { .string($0) })),
            (
                "policy",
                .members([("mirror", .string(policy.mirror)), ("digest", .string(policy.digest))])
            ),
        ])
    }

    private var dependencies: [JSONValue] {
        let url = upstream.url.hasSuffix("/") ? String(upstream.url.dropLast()) : upstream.url
        var dependencies: [JSONValue] = [
            .members([
                ("name", .string("commit")),
                (
                    "uri",
                    .string("git+\(url)/\(upstream.repository.kind.plural)/\(upstream.repository.path)@\(commit.hex)")
                ),
                ("digest", .members([("gitCommit", .string(commit.hex))])),
            ])
        ]
        for link in peer.links {
            dependencies.append(
                .members([
                    ("name", .string("statement")), ("uri", .string(peer.address)),
                    ("mediaType", .string("application/vnd.in-toto+json")),
                    ("digest", .members([("sha256", .string(link.statement.sha256))])),
                    (
                        "annotations",
                        .members([
                            ("predicateType", .string(link.statement.predicateType)),
                            ("keyid", .string(link.statement.keyID)), ("trusted", .boolean(link.isTrusted)),
                        ])
                    ),
                ]))
        }
        for file in files {
            dependencies.append(
                .members([
                    ("name", .string(file.path)),
                    (
                        "digest",
                        .members([("gitBlob", .string(file.object.hex)), ("sha256", .string(file.sha256))])
                    ),
                ]))
        }
        return dependencies
    }

    private var byproducts: [JSONValue] {
        [
            .members([
                ("name", .string("decision")),
                (
                    "annotations",
                    .members([("outcome", .string(policy.outcome)), ("explanation", .string(policy.explanation))])
                ),
            ]),
            .members([
                ("name", .string("licenses")),
                ("annotations", .members([("declared", .array(licenses.map { .string($0) }))])),
            ]),
        ]
    }
}
