extension CSGHubCommitFilesRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Files",
        [
            .post(
                "/preupload/{revision}", "planUpload", "How files are to come: in the commit, or by LFS before it.",
                body: .json(
                    .object([
                        "files": .array(
                            of: .object([
                                "path": .text, "size": .count,
                                "sample": .text("The file's beginning, in base64.").omittable,
                            ]))
                    ])),
                returns: .enveloped(
                    .object([
                        "files": .array(
                            of: .object([
                                "oid": .text("Where the branch has the same file, its digest."), "path": .text,
                                "uploadMode": .words(["regular", "lfs"]), "shouldIgnore": .boolean, "isDir": .boolean,
                            ]))
                    ]))),
            .post(
                "/commit/{revision}", "commitFiles", "Commits many files at once.",
                body: .json(
                    .object(["message": .text.omittable, "files": .array(of: .csghubCommitFile)])),
                returns: .committed, refusing: CSGHubRawWriteRoutes.refusals),
        ])
}
