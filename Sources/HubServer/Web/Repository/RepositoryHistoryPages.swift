import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Commits, what they changed, and which line is from which.
struct RepositoryHistoryPages: Sendable {
    let web: WebContext

    private static let pageSize = 50
    private static let comparedCommits = 100

    @Sendable func commits(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws -> Page
    {
        let revision = try request.parameter("revision")
        let number = try request.query.integer("page", in: 0...100_000) ?? 0
        let path = request.query.first("path").flatMap { $0.isEmpty ? nil : $0 }
        let snapshot = try await scene.snapshot(at: revision)
        let found = try await scene.repositories.history(
            of: snapshot, path: path, skip: number * Self.pageSize, limit: Self.pageSize + 1)
        return CommitsPage(
            header: scene.header, place: try await scene.place(snapshot, revision), path: path,
            commits: found.prefix(Self.pageSize).map { CommitSummary($0) }, number: number,
            hasMore: found.count > Self.pageSize
        ).page(context)
    }

    @Sendable func commit(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws -> Page
    {
        let snapshot = try await scene.snapshot(at: try request.parameter("id"))
        let (commit, difference) = try await scene.repositories.difference(of: snapshot)
        return CommitPage(
            header: scene.header, commit: CommitSummary(commit), text: String(commit.body.prefix(20_000)),
            parents: commit.parents.map(\.hex), committer: String(commit.committer.name.prefix(100)),
            changes: ChangedFiles(difference, isSplit: request.query.first("view") == "split")
        ).page(context)
    }

    @Sendable func compare(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws -> Page
    {
        let range = try request.parameter("range")
        let sides = range.split(separator: "...", maxSplits: 1).map(String.init)
        guard sides.count == 2 else {
            throw HubError(.badRequest, "'\(range)' names no two revisions.", remedy: "Write BASE...HEAD.")
        }
        let (base, head) = (sides[0], sides[1])
        let (old, new) = (try await scene.snapshot(at: base), try await scene.snapshot(at: head))
        let (start, difference) = try await scene.repositories.difference(from: old, to: new)
        var commits = try await scene.repositories.history(
            of: new, path: nil, skip: 0, limit: Self.comparedCommits + 1)
        let hasMore = commits.count > Self.comparedCommits
        let before = Set(
            try await scene.repositories.history(of: old, path: nil, skip: 0, limit: 1_000).map(\.id) + [start])
        commits = commits.prefix(Self.comparedCommits).filter { !before.contains($0.id) }
        return RevisionComparisonPage(
            header: scene.header, base: base, head: head, headCommit: new.commit.hex,
            commits: commits.map { CommitSummary($0) },
            hasMoreCommits: hasMore && commits.count >= Self.comparedCommits,
            changes: ChangedFiles(difference, isSplit: request.query.first("view") == "split")
        ).page(context)
    }

    @Sendable func blame(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws -> Page {
        let target = try RevisionPath(request)
        let snapshot = try await scene.snapshot(at: target.revision)
        let entry = try await scene.repositories.entry(at: target.path, in: snapshot)
        let blame = try await scene.repositories.blame(entry, in: snapshot)
        let lines = blame.runs.flatMap(\.lines)
        let isBinary = lines.prefix(200).contains { $0.contains("\0") }
        guard !isBinary else {
            throw HubError(.unprocessable, "'\(entry.path)' is not text, and so has no lines.")
        }
        let marked = SyntaxHighlighter.highlight(
            lines.joined(separator: "\n"), language: SourceLanguage(path: entry.path))
        let isWhole = marked.count == lines.count
        var start = 0
        let runs = blame.runs.map { run -> BlamePage.Run in
            defer { start += run.lines.count }
            return BlamePage.Run(
                commit: CommitSummary(
                    oid: run.commit.hex, title: String(run.title.prefix(200)), author: run.author,
                    time: run.seconds.multipliedReportingOverflow(by: 1_000).partialValue),
                firstLine: run.firstLine,
                lines: isWhole
                    ? Array(marked[start..<start + run.lines.count]) : run.lines.map { HTML(text: $0) })
        }
        return BlamePage(
            header: scene.header, place: try await scene.place(snapshot, target.revision), path: entry.path, runs: runs
        ).page(context)
    }

    @Sendable func branches(_ scene: RepositoryScene, _ request: HubRequest, _ context: PageContext) async throws
        -> Page
    {
        let (refs, _) = try await scene.repositories.refs(of: scene.repository)
        var rows: [(ref: Ref, row: BranchesPage.Row)] = []
        for ref in refs.prefix(2_000) {
            let oid = ref.peeled ?? ref.target
            // A commit that is not here is told by its name alone.
            let commit = try await web.gateway.hub.git.commit(oid, in: scene.repository.key)
            let isShort = ref.name.isBranch || ref.name.isTag
            rows.append(
                (
                    ref,
                    BranchesPage.Row(
                        name: ref.name.shortName, revision: isShort ? ref.name.shortName : ref.name.name, oid: oid.hex,
                        commit: commit.map { CommitSummary($0) })
                ))
        }
        let branches = rows.filter(\.ref.name.isBranch).map(\.row)
        let main = scene.header.defaultBranch
        return BranchesPage(
            header: scene.header, branches: branches.filter { $0.name == main } + branches.filter { $0.name != main },
            tags: rows.filter(\.ref.name.isTag).map(\.row),
            others: rows.filter { !$0.ref.name.isBranch && !$0.ref.name.isTag }.map(\.row)
        ).page(context)
    }
}

extension ChangedFiles {
    init(_ difference: TreeDifference, isSplit: Bool) {
        self.init(files: difference.files.map { File($0) }, count: difference.count, isSplit: isSplit)
    }
}

extension ChangedFiles.File {
    init(_ file: TreeDifference.File) {
        self.init(
            path: file.path, oldPath: file.oldPath,
            change: ChangedFiles.File.Change(rawValue: file.change.rawValue) ?? .modified, additions: file.additions,
            deletions: file.deletions, content: Self.content(file))
    }

    private static func content(_ file: TreeDifference.File) -> Content {
        if file.oldPointer != nil || file.newPointer != nil {
            func side(_ pointer: LFSPointer?) -> PointerDiff.Side? {
                pointer.map { PointerDiff.Side(digest: $0.oid.hex, bytes: $0.size) }
            }
            return .pointer(PointerDiff(old: side(file.oldPointer), new: side(file.newPointer)))
        }
        switch file.omission {
        case .binary: return .binary(old: file.oldSize, new: file.newSize)
        case .tooLarge: return .tooLarge(old: file.oldSize, new: file.newSize)
        case .budget: return .left
        case nil:
            guard !file.hunks.isEmpty else { return .unchanged }
            return .lines(DiffModel(hunks: file.hunks.map { DiffModel.Hunk($0) }))
        }
    }
}

extension DiffModel.Hunk {
    init(_ hunk: TreeDifference.Hunk) {
        let place = "@@ -\(hunk.oldStart),\(hunk.oldCount) +\(hunk.newStart),\(hunk.newCount) @@"
        self.init(
            heading: hunk.heading.isEmpty ? place : "\(place) \(hunk.heading)",
            lines: hunk.lines.map { line in
                let kind: DiffModel.Line.Kind =
                    switch line.kind {
                    case .context: .same
                    case .added: .added
                    case .removed: .removed
                    }
                return DiffModel.Line(kind, old: line.old, new: line.new, text: line.text)
            })
    }
}
