import Foundation
import HTTPTypes
import HubCore
import MirrorGateway

/// `/api/gateway/v1/licenses/…`: what licences hold for a repository and why, and the report on all of an organisation or
/// of the hub.
struct LicenseRoutes: Sendable {
    let gateway: Gateway
    let version: String
    private let errors = PlainErrorRendering()

    init(gateway: Gateway, version: String) {
        self.gateway = gateway
        self.version = version
    }

    var routes: [Route] {
        [
            Route(.get, GatewaySurface.base + "/licenses/report", .authenticated, errors: errors, handler: report),
            Route(
                .get, GatewaySurface.base + "/licenses/{kind}/{namespace}/{name}", .repository(.metaRead),
                errors: errors, handler: show),
        ]
    }

    /// One repository, as far as it is stored: asking about it fetches nothing.
    private func show(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let parts = try request.parameter("name").split(separator: "@", maxSplits: 1).map(String.init)
        let path = try request.parameter("namespace") + "/" + (parts.first ?? "")
        guard let kind = RepositoryKind(word: try request.parameter("kind")),
            let id = RepositoryID(kind: kind, path: path)
        else { throw RepositoryAccess.notFound(path, .model, principal) }
        let revision = try parts.dropFirst().first.map { text in
            guard let revision = Revision(text) else { throw HubError(.badRequest, "'\(text)' is not a revision.") }
            return revision
        }
        let repository = try await Authorizer(store: gateway.hub.store, source: nil).open(principal, .metaRead, id)
        // Its licence files and everything it names count, whatever paths are kept from somebody.
        try gateway.repositories.requireWholeReading(repository, for: "what its files say together")
        let stored = RepositoryService(
            store: gateway.hub.store, git: gateway.hub.git, blobs: gateway.hub.blobs, source: nil, gate: nil)
        let asked = revision ?? .name(repository.defaultBranch)
        let commit = try await stored.storedCommit(of: asked, in: repository)
        if revision != nil, commit == nil, !repository.isMirror {
            throw HubError(.revisionNotFound, "The revision '\(asked)' does not exist in \(id).")
        }
        let entry = try await gateway.compliance.entry(repository, at: commit, revision: asked.description)
        return .json { LicenseJSON.write(entry, showsAll: false, to: &$0) }
    }

    private func report(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let organisation = request.query.first("org").flatMap { $0.isEmpty ? nil : $0 }
        try await Self.requireReport(principal, organisation, gateway)
        let word = request.query.first("format") ?? ComplianceFormatName.json.rawValue
        guard let name = ComplianceFormatName(rawValue: word) else {
            throw HubError(
                .badRequest, "'\(word.prefix(32).onOneLine)' is no form of a report.",
                remedy: "Use one of \(ComplianceFormatName.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let compliance = gateway.compliance
        let head = ComplianceHead(
            organisation: organisation, generatedAt: compliance.now, policyDigest: compliance.policyDigest,
            version: version, id: UUID().uuidString.lowercased())
        var response = HubResponse(
            body: .stream(length: nil) { writer in
                var waiting = ""
                try await compliance.write(name.format, head, of: organisation) { text in
                    waiting += text
                    // Small pieces cost a write each.
                    guard waiting.utf8.count >= 32 << 10 else { return }
                    try await writer.send(waiting)
                    waiting = ""
                }
                try await writer.send(waiting)
            })
        response.headers[.contentType] = name.mediaType
        response.headers[.contentDisposition] = "attachment; filename=\"\(name.fileName)\""
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// Of the hub: whoever reads its record of changes, and whoever runs its mirrors. Of an organisation: whoever reads
    /// its record.
    static func requireReport(_ principal: Principal, _ organisation: String?, _ gateway: Gateway) async throws {
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in to see what is here under which licences.")
        }
        let authorizer = gateway.authorizer
        if try await authorizer.decide(principal, .auditRead, in: organisation ?? "").isAllowed { return }
        if try await authorizer.decide(principal, .mirrorSync, in: "").isAllowed { return }
        throw HubError(
            .forbidden,
            organisation == nil
                ? "Only administrators, auditors and operators of the hub may see the report on all of it."
                : "Only administrators and auditors of an organisation may see the report on it.",
            remedy: organisation == nil ? "Ask for one organisation: ?org=NAME." : nil)
    }
}

extension LicenseRoutes {
    static let operations = APIOperationGroup(
        "Licences", at: GatewaySurface.base,
        [
            .get(
                "/licenses/report", "licenseReport",
                "Every repository with where it came from, its licences, their conflicts, and what policy says of it.",
                query: [
                    APIParameter("org", .text("Only of this organisation; of the whole hub by default.")),
                    APIParameter(
                        "format", .words(ComplianceFormatName.allCases.map(\.rawValue), "`json` by default.")),
                ],
                returns: .bytes(
                    "application/json", "text/csv", "application/spdx+json", "application/vnd.cyclonedx+json",
                    meaning: "The report, in the form that was asked for."),
                refusing: [.forbidden, .badRequest]),
            .get(
                "/licenses/{kind}/{namespace}/{name}", "repositoryLicense",
                "What licences hold for a repository, found in its texts, its card and everything it was made from.",
                captures: ["name": APICapture(.text("The repository's name, and a revision behind an `@`."))],
                returns: .json(entry), refusing: [.badRequest]),
        ])

    private static let conflict = JSONSchema.named(
        "LicenseConflict", .object(["kind": .text, "text": .text, "path": .array(of: .text)]))

    static let finding = JSONSchema.named(
        "LicenseFinding",
        .object([
            "declared": .text("What the repository says, as an SPDX expression."),
            "declaredSource": .words(["text", "card", "tag", "api", "none"]),
            "own": .text("What holds for it by itself."),
            "concluded": .text("What holds for it and for what it was made from."),
            "flags": .array(of: .object(["flag": .text, "license": .text, "path": .array(of: .text)])),
            "chain": .array(
                of: .object([
                    "license": .text, "path": .array(of: .text), "relation": .text.orNull, "source": .text,
                    "evidence": .text, "count": .count,
                ]), "Each licence, and the way by which it came."),
            "conflicts": .array(of: conflict), "advisories": .array(of: conflict),
            "unknownAncestors": .array(of: .array(of: .text)), "truncated": .boolean,
            "lineage": .array(
                of: .object([
                    "name": .text, "commit": .commitID.orNull, "knowledge": .words(["stored", "told", "unknown"]),
                    "licenses": .array(of: .text),
                    "parents": .array(of: .object(["name": .text, "relation": .text])),
                ])),
            "evidence": .object([
                "card": .array(of: .text), "name": .text.orNull, "link": .text.orNull, "tags": .array(of: .text),
                "texts": .array(
                    of: .object([
                        "path": .text, "sha256": .text.orNull, "size": .count, "license": .text.orNull,
                        "confidence": .anything, "words": .text,
                    ])
                ).orNull,
            ]),
            "remarks": .array(of: .text),
        ]))

    private static let entry = JSONSchema.named(
        "RepositoryLicense",
        .object([
            "repository": .text, "kind": .words(of: RepositoryKind.self), "revision": .text, "commit": .commitID.orNull,
            "decision": .words(["allow", "review", "deny"]),
            "verdict": .words(["allow", "review", "deny", "local"], "`local` where no policy applies."),
            "reason": .text.orNull,
            "determiningRules": .array(
                of: .object([
                    "id": .text, "file": .text, "line": .count, "column": .count, "action": .text, "enforcement": .text,
                ])),
            "policyDigest": .text.orNull, "approval": .text.orNull,
            "origin": .object(["mirror": .text, "upstream": .text, "url": .text.orNull, "repository": .text]).orNull,
            "acquiredAt": .time.orNull, "acquiredBy": .text.orNull, "problem": .text.orNull, "license": finding.orNull,
        ]))
}
