import HubCore

extension ScrubRoutes {
    static let operations = APIOperationGroup(
        "Integrity", at: GatewaySurface.base,
        [
            .get(
                "/scrub", "scrubReport", "How far the newest scrub is, and what was found damaged, the newest first.",
                returns: .json(.object(["run": run.orNull, "damages": .array(of: damage)]))),
            .post(
                "/scrub", "startScrub", "Reads all that is stored as a job, and heals what is damaged.",
                body: .json(.object(["rate": JSONSchema.count.meaning("Bytes a second.").omittable])),
                returns: .json(JobSurface.job, status: 202)),
        ])

    private static let run = JSONSchema.named(
        "ScrubRun",
        .object([
            "startedAt": .time, "updatedAt": .time, "finishedAt": JSONSchema.time.orNull,
            "part": .words(of: ScrubPosition.Part.self, "What it reads now."),
            "blobs": .count, "repositories": .count, "gitFiles": .count, "xorbs": .count, "bytes": .count,
            "damaged": .count, "healed": .count,
        ]))

    private static let damage = JSONSchema.named(
        "ScrubDamage",
        .object([
            "kind": .words(of: ScrubFinding.Kind.self), "name": .text("A digest, an object's id or a file's name."),
            "repository": JSONSchema.hexadecimal.orNull, "reason": .text, "foundAt": .time,
            "healedAt": JSONSchema.time.orNull,
            "source": JSONSchema.text("Where the right bytes came from.").orNull,
        ]))
}
