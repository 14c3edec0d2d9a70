extension CSGHubTreeRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Files",
        [
            .get(
                "/tree", "listFolder", "The entries of a folder.",
                query: [.ref, APIParameter("path", .text("The folder; the root by default."))],
                returns: .enveloped(.array(of: .csghubFile))),
            .get(
                "/refs/{ref}/tree/{path...}", "listTree", "A page of the entries of a folder.",
                query: [.treeLimit, .treeCursor], returns: page),
            .get(
                "/refs/{ref}/remote_tree/{path...}", "listRemoteTree", "The same, as the upstream has it.",
                query: [.treeLimit, .treeCursor], returns: page),
            .get(
                "/refs/{ref}/logs_tree/{path...}", "listLastCommits", "The last commit of each entry of a folder.",
                query: [
                    .treeLimit, APIParameter("offset", .integer(0...Int64(Int32.max), "Entries that are passed over.")),
                ],
                returns: .enveloped(
                    .object([
                        "Commits": .array(of: .csghubCommitMembers.adding(["name": .text, "path": .text]))
                    ]))),
            .get(
                "/all_files", "listAllFiles", "All files, a hundred a page.", query: [.ref, .treeCursor],
                returns: .enveloped(.array(of: .csghubFile)).paged),
        ])

    private static let page = APIAnswer.enveloped(
        .object([
            "Files": .array(of: .csghubFile), "Cursor": .text("For the next page; empty on the last."),
        ]))
}
