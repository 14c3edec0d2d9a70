import HubCore

/// Reads the body of a commit, putting each file into the object database before the next one comes.
struct CommitReader: Sendable {
    /// Bytes of one line: a file of 32 MiB in Base64. What is larger belongs into LFS.
    static let maximumLine = 44 << 20
    /// Bytes of the whole body; clients stay below 100 MB.
    static let maximumBytes = 1 << 30
    static let maximumOperations = 100_000

    let repositories: RepositoryService
    let repository: Repository

    /// - Throws: `.badRequest` for what is no commit, `.unprocessable` for paths no tree may hold, `.payloadTooLarge`.
    func draft(from body: RequestBody, to ref: RefName) async throws -> CommitDraft {
        var lines = try BodyLines(of: body, maximumLine: Self.maximumLine, maximumBytes: Self.maximumBytes)
        guard let first = try await lines.next(), case .header(let header) = try CommitLine(parsing: first) else {
            throw HubError(.badRequest, "A commit begins with its header.")
        }
        guard header.summary.contains(where: { !$0.isWhitespace }) else {
            throw HubError(.badRequest, "The commit has no summary.")
        }
        var draft = CommitDraft(
            ref: ref, expectedParent: header.parentCommit, operations: [], summary: header.summary,
            description: header.description ?? "")
        draft.hold = repositories.holdForCommit(to: repository)
        do {
            try await read(&lines, into: &draft)
        } catch {
            await draft.hold?.release()
            throw error
        }
        return draft
    }

    private func read(_ lines: inout BodyLines, into draft: inout CommitDraft) async throws {
        var bytes: Int64 = 0
        while let line = try await lines.next() {
            guard draft.operations.count < Self.maximumOperations else {
                throw HubError(.payloadTooLarge, "A commit may change \(Self.maximumOperations) paths at most.")
            }
            let line = try CommitLine(parsing: line)
            if case .file(_, let content) = line {
                bytes += Int64(content.count)
                try await draft.hold?.cover(bytes)
            }
            draft.operations.append(try await operation(line))
        }
    }

    private func operation(_ line: CommitLine) async throws -> CommitOperation {
        switch line {
        case .header: throw HubError(.badRequest, "A commit has one header.")
        case .file(let text, let content):
            let path = try CommitPath.parse(text)
            return .writeStaged(path: path, file: try await repositories.stage(content, at: path, in: repository))
        case .lfsFile(let path, let oid, let size):
            return .writeLarge(path: try CommitPath.parse(path), oid: oid, size: size)
        case .deleted(let path): return .delete(path: try CommitPath.parse(folder: path))
        case .copied(let path, let source, let revision):
            return .copy(
                from: try CommitPath.parse(source), at: try revision.map(Self.revision),
                to: try CommitPath.parse(path))
        }
    }

    private static func revision(_ text: String) throws -> Revision {
        guard let revision = Revision(text) else {
            throw HubError(.revisionNotFound, "'\(text)' is not a revision.")
        }
        return revision
    }
}
