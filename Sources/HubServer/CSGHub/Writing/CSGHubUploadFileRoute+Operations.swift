extension CSGHubUploadFileRoute {
    static let operations = APIOperationGroup(
        ofRepository: "Files",
        [
            .post(
                "/upload_file", "uploadFile", "Commits one file that comes in a form.",
                body: .form(
                    .object([
                        "file": JSONSchema(.string(format: "binary", pattern: nil, words: [])),
                        "file_path": .text("Where it goes; the file's own name by default.").optional,
                        "branch": .text.optional, "new_branch": .text.optional, "message": .text.optional,
                    ])),
                returns: .committed, refusing: CSGHubRawWriteRoutes.refusals)
        ])
}
