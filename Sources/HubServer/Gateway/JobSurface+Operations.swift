import HubCore

extension JobSurface {
    static let operations = APIOperationGroup(
        "Jobs", at: GatewaySurface.base,
        [
            .get(
                "/jobs", "listJobs", "Long work, newest first: of everybody for operators, else the caller's own.",
                query: [
                    APIParameter(
                        "state", .array(of: .words(of: JobState.self), "Only these; commas separate several as well.")),
                    APIParameter("kind", .text("Such as `sync`.")), APIParameter("mirror", .text),
                    APIParameter("run", .text("The number of a run of a mirror's schedule.")),
                    APIParameter("account", .text("Such as `org:acme`, `user:amy` or `mirror:hf`.")),
                    APIParameter("requestedBy", .text("A user's name.")), APIParameter("subject", .text), limit,
                    .cursor,
                ],
                returns: .json(.object(["jobs": .array(of: job), "next": next])).paged),
            .get(
                "/jobs/{job}", "job", "How far a job is, and why it waits.", captures: captures, returns: .json(job),
                refusing: [.notFound]),
            .get(
                "/jobs/{job}/files", "jobFiles", "The files of a job, by path.", captures: captures,
                query: [limit, .cursor],
                returns: .json(.object(["files": .array(of: file), "next": next])).paged, refusing: [.notFound]),
            steer("pause", "Stops a job until it is resumed. What was fetched stays."),
            steer("resume", "Lets a paused job go on."),
            steer("cancel", "Ends a job for good. What was fetched stays."),
            steer("retry", "Does a job again that failed or was cancelled; one that waits for its next attempt now."),
            steer(
                "prioritise", "Moves a job before or behind others; an urgent one takes the place of one that runs.",
                body: .json(.object(["priority": priority]))),
            .get(
                "/events", "events",
                "What happened, oldest first; with `Accept: text/event-stream` as it happens, with `job.progress` of running jobs.",
                query: [
                    APIParameter("job", .text("Only of one job.")),
                    APIParameter("after", .text("The number of the last event that is known.")), limit,
                    APIParameter("Last-Event-ID", .text("The same, as browsers send it."), in: .header),
                ],
                returns: APIAnswer(
                    status: 200, meaning: "Done.",
                    content: [
                        ("application/json", .object(["events": .array(of: event), "next": next])),
                        ("text/event-stream", nil),
                    ]
                ).paged, refusing: [.notFound]),
        ])

    private static func steer(_ act: String, _ summary: String, body: APIBody? = nil) -> APIOperation {
        .post(
            "/jobs/{job}:\(act)", "\(act)Job", summary, captures: captures, body: body, returns: .json(job),
            refusing: [.notFound, .conflict])
    }

    private static let captures = ["job": APICapture(.text("The job's number."))]
    private static let limit = APIParameter("limit", .integer(1...1_000, "How many at most; 100 by default."))
    private static let next = JSONSchema.text("What to ask with for those after these; null at the end.").orNull
    private static let priority = JSONSchema.words(JobPriority.allCases.map(\.word))

    static let job = JSONSchema.named(
        "Job",
        .object([
            "id": .count, "kind": .text, "subject": .text("What it is about."), "state": .words(of: JobState.self),
            "priority": priority, "account": .text("Who shares the workers with others."), "requestedBy": .text.orNull,
            "mirror": .text.orNull, "run": .text.orNull,
            "attempts": .count.meaning("That failed since it last got further."),
            "waitsFor": .text("Why it does not go on.").orNull,
            "progress": .object([
                "filesTotal": .count, "filesDone": .count, "filesFailed": .count, "bytesTotal": .count,
                "bytesDone": .count.meaning("That are here, whoever brought them."),
                "bytesFetched": .count.meaning("That came from upstream by this job."),
            ]),
            "bytesPerSecond": .count.meaning("In the last seconds, while it runs here.").orNull,
            "secondsLeft": .count.orNull, "upstream": .text("Where it fetches from.").orNull,
            "failure": JSONSchema.object(["code": .text, "message": .text]).orNull,
            "notBefore": .time, "createdAt": .time, "startedAt": .time.orNull, "updatedAt": .time,
            "finishedAt": .time.orNull,
        ]))

    private static let file = JSONSchema.named(
        "JobFile",
        .object([
            "path": .text, "sha256": .sha256.orNull, "size": .count, "state": .words(of: JobFile.State.self),
            "bytes": .count.meaning("That are here."), "failure": .text.orNull,
        ]))

    private static let event = JSONSchema.named(
        "Event",
        .object([
            "sequence": .count, "kind": .text("Such as `sync.started`."), "job": .count.orNull, "subject": .text,
            "content": .anything, "at": .time,
        ]))
}
