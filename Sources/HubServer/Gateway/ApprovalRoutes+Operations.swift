import HubCore
import Policies

extension ApprovalRoutes {
    static let operations = APIOperationGroup(
        "Approvals", at: GatewaySurface.base,
        [
            .get(
                "/approvals", "listApprovals",
                "Requests for reviews from the newest back; all for auditors, operators and approvers, else one's own.",
                query: [
                    APIParameter("state", .words(of: Approval.State.self)),
                    APIParameter("repo", .text("Such as `model:acme/demo`.")), .cursor,
                ],
                returns: .json(.object(["approvals": .array(of: approval)])).paged),
            .post(
                "/approvals", "requestApproval", "Asks for a review of what policy holds.",
                body: .json(
                    .object([
                        "repo": .text("Such as `model:acme/demo`."),
                        "rev": .text("A branch, tag or commit; the default branch by default.").omittable,
                        "reason": .text("What it is needed for, for those who decide.").omittable,
                    ])), returns: .json(approval, status: 201),
                refusing: [.notFound, .conflict, .tooManyRequests, .policyDenied]),
            .get(
                "/approvals/{approval}", "approval",
                "One request; who may decide on it sees the evidence and who asked.", captures: captures,
                returns: .json(approval), refusing: [.notFound]),
            .get(
                "/approvals/{approval}/files/{path...}", "approvalFile",
                "A small file of what is held, for who may decide on it.",
                captures: captures.merging(["path...": APICapture(.text("The file's path."))]) { first, _ in first },
                returns: .bytes("text/plain"), refusing: [.forbidden, .notFound, .entryNotFound, .payloadTooLarge]),
            .post(
                "/approvals/{approval}:approve", "approve",
                "Lets pass what is held, for the reasons that the request names.", captures: captures,
                body: .json(
                    .object([
                        "scope": .words(["revision", "repository", "file"], "`revision` by default.").omittable,
                        "path": .text("Of the file, for `file`.").omittable,
                        "expiresAt": .time.omittable, "expiresInSeconds": .count.omittable, "note": .text.omittable,
                    ])), returns: .json(approval), refusing: [.forbidden, .notFound, .conflict]),
            .post(
                "/approvals/{approval}:reject", "rejectApproval",
                "Refuses a request, or takes back an approval.", captures: captures, body: note,
                returns: .json(approval), refusing: [.forbidden, .notFound, .conflict]),
            .post(
                "/approvals/{approval}:withdraw", "withdrawApproval", "Takes one's own request back.",
                captures: captures, body: note, returns: .json(approval), refusing: [.forbidden, .notFound, .conflict]),
        ])

    private static let captures = ["approval": APICapture(.count.meaning("The request's number."))]
    private static let note = APIBody.json(.object(["note": .text.omittable]))

    private static let approval = JSONSchema.named(
        "Approval",
        .object([
            "id": .count, "state": .words(of: Approval.State.self), "repository": .text, "mirror": .text,
            "upstream": .text("The repository's path at its upstream."), "commit": .commitID.orNull,
            "revision": .text, "quarantined": .boolean, "reasons": .array(of: reason), "policyDigest": .text,
            "requestedBy": .text, "requestedAt": .time, "decidedBy": .text.orNull, "decidedAt": .time.orNull,
            "note": .text.orNull, "scope": .words(["revision", "repository", "file"]).orNull, "path": .text.orNull,
            "expiresAt": .time.orNull,
            "evidence": .map(of: .anything, "What was known when it was asked for.").optional,
            "askers": .array(
                of: .object([
                    "account": .text, "asked": .count, "firstAt": .time, "lastAt": .time, "reason": .text.orNull,
                ])
            ).optional,
        ]))

    private static let reason = JSONSchema.named(
        "ApprovalReason",
        .object([
            "key": .text("What has to be the same for the reason to be the same."), "rule": .text, "file": .text,
            "line": .count, "action": .words(of: RuleAction.self), "text": .text,
            "files": .array(of: .text, "The first few that it is about; none for the revision as a whole."),
        ]))
}
