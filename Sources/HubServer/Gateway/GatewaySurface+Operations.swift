import HubCore
import MirrorGateway
import Policies

extension GatewaySurface {
    static let operations = APIOperationGroup(
        "Gateway", at: base,
        [
            .get(
                "/version", "version", "Which program this is.",
                returns: .json(.object(["name": .constant("weir"), "version": .text]))),
            .get(
                "/provenance/{kind}/{namespace}/{name}", "provenance",
                "How a commit of a mirrored repository came here.",
                captures: ["name": APICapture(.text("The repository's name, `@`, and a commit, branch or tag."))],
                returns: .json(.map(of: .anything), "The record, byte for byte as it was written.").with(
                    APIHeader("ETag", .text("The digest of the record."), isRequired: true),
                    APIHeader("X-Content-SHA256", .sha256.meaning("The same, bare."), isRequired: true))),
            .get(
                "/explain", "explainPolicy", "What the policy files decide about a repository or file, and why.",
                query: [
                    .required("repo", .text("Such as `model:acme/demo`.")),
                    APIParameter("rev", .text("A branch, tag or commit; the default branch by default.")),
                    APIParameter("file", .text("A path, to ask about one file.")),
                    APIParameter("user", .text("Whom it is about; others than oneself for administrators only.")),
                ],
                returns: .json(explanation), refusing: [.forbidden, .notFound]),
            .get(
                "/policy/status", "policyStatus", "Which policy is in force, and what was wrong with a newer one.",
                returns: .json(policyStatus), refusing: [.notFound]),
            .post(
                "/policy:reload", "reloadPolicy", "Reads the policy files again.", returns: .json(policyStatus),
                refusing: [.notFound, .unprocessable]),
            .get(
                "/gc", "lastGarbageCollection", "What the last collection of garbage removed; null before any.",
                returns: .json(.object(["finishedAt": .time.orNull, "report": garbageReport.orNull]))),
            .post(
                "/gc", "collectGarbage", "Has the server collect garbage soon.",
                returns: .empty(202, "It will be collected.")),
            .get(
                "/upstreams", "upstreams", "The upstreams of all mirrors and how they do.",
                returns: .json(.object(["upstreams": .array(of: upstream)]))),
            .get(
                "/limits", "limits",
                "What upstreams may be asked for, and what the caller and his organisations may use of mirrors; for administrators, what everybody may.",
                returns: .json(limits)),
        ])

    private static let explanation = JSONSchema.named(
        "PolicyExplanation",
        .object([
            "repository": .text, "mirror": .text("The mirror file that serves it.").orNull,
            "decision": .words(of: Decision.Outcome.self), "reason": .text.orNull,
            "determiningRules": .array(
                of: .object([
                    "id": .text, "file": .text, "line": .count, "column": .count,
                    "action": .words(of: RuleAction.self), "enforcement": .words(of: Enforcement.self),
                ])),
            "facts": .map(of: .anything, "What was looked at: texts, and under `scan` what scans found."),
            "notEvaluated": .array(of: .text),
            "policyDigest": .text.orNull, "remedy": .array(of: .text), "remark": .text.orNull,
            "license": LicenseRoutes.finding.orNull,
        ]))

    private static let garbageReport = JSONSchema.named(
        "GarbageReport",
        .object([
            "dryRun": .boolean("Always false here."),
            "removed": .map(of: garbageAmount, "By class: blobs, xorbs, uploads, repositories and so on."),
            "waiting": .map(of: garbageAmount, "What is kept until its grace has passed."),
            "consolidated": .count.meaning("Repositories whose objects were put together."),
            "skipped": .count.meaning("Repositories that were left alone this time."),
            "problems": .array(of: .text),
        ]))
    private static let garbageAmount = JSONSchema.named(
        "GarbageAmount", .object(["count": .count, "bytes": .count]))

    private static let policyStatus = JSONSchema.named(
        "PolicyStatus",
        .object([
            "digest": .text, "loadedAt": .time, "mirrors": .array(of: .text),
            "refusedAt": .time.orNull, "problems": .array(of: .text),
        ]))

    private static let upstream = JSONSchema.named(
        "Upstream",
        .object([
            "mirror": .text, "name": .text, "type": .words(of: UpstreamType.self),
            "breaker": .words(["closed", "open", "half-open"], "Whether requests are sent there."),
            "lastError": .text.orNull,
            "budget": budget,
        ]))

    private static let budget = JSONSchema.named(
        "UpstreamBudget",
        .object([
            "apiRequestsLeft": .count.orNull, "resolveRequestsLeft": .count.orNull, "bytesToday": .count,
            "bytesLeftToday": .count.orNull, "bytesPerSecond": .count.orNull,
            "reservedForPeople": .object(
                [
                    "apiRequests": .count.orNull, "resolveRequests": .count.orNull, "bytes": .count.orNull,
                ], "What a sync leaves untouched."),
            "remote": .array(
                of: .object([
                    "kind": .words(["api", "resolve"]), "limit": .count.orNull, "remaining": .count.orNull,
                    "resetsIn": .count.orNull,
                    "leftAlone": .boolean("Whether the upstream asked to be left alone until then."),
                ]), "What the upstream itself says it has left for us."),
        ]))

    private static let limits = JSONSchema.named(
        "Limits",
        .object([
            "upstreams": .array(of: upstreamLimits),
            "quotas": .array(
                of: .object([
                    "mirror": .text, "subject": .text("`user:NAME` or `org:NAME`."),
                    "bytesPerDay": .object([
                        "limit": .count, "used": .count, "left": .count, "resetsIn": .count,
                    ]).optional,
                    "requestsPerMin": .object(["limit": .count, "used": .count]).optional,
                    "storedBytes": .object(["limit": .count, "used": .count]).optional,
                ])),
        ]))
    private static let upstreamLimits = JSONSchema.named(
        "UpstreamLimits",
        .object([
            "mirror": .text, "name": .text, "connections": .count, "bandwidth": .count.orNull,
            "apiRequestsPer5m": .count.orNull, "resolveRequestsPer5m": .count.orNull, "bytesPerDay": .count.orNull,
            "budget": budget,
        ]))
}
