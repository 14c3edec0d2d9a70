import HTTPTypes
import HubCore

/// `POST …/preupload/{rev}` and `POST …/commit/{rev}`: how `upload-large-folder` brings files (wire/csghub.md §2.2, §5.1).
struct CSGHubCommitFilesRoutes: CSGHubRouteFamily {
    private static let maximumFiles = 10_000
    /// Bytes of one file's object in the body: the largest file that stays in git, in base64, and what stands around it.
    private static let maximumFileBytes = 32 << 20
    private static let maximumBytes: Int64 = 4 << 30

    let context: CSGHubContext

    var routes: [Route] {
        [
            context.repositoryRoute(.post, "/preupload/{revision}", .contentWrite, handler: preupload),
            context.repositoryRoute(.post, "/commit/{revision}", .contentWrite, handler: commit),
        ]
    }

    // MARK: How files are to come

    private struct Preupload: Decodable {
        struct File: Decodable {
            let path: String
            let size: Int64
            var sample: String?
        }

        let files: [File]
    }

    private func preupload(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .contentWrite)
        let body = try await request.body.json(Preupload.self, upTo: 16 << 20)
        guard body.files.count <= Self.maximumFiles else {
            throw HubError(.payloadTooLarge, "Ask about \(Self.maximumFiles) files at once at most.")
        }
        let ref = try await context.repositories.target(named: try request.parameter("revision"), of: repository)
        try await context.repositories.requireTarget(ref, of: repository)
        let snapshot: Snapshot?
        do {
            snapshot = try await context.repositories.snapshot(of: repository, at: .ref(ref))
        } catch let error as HubError where error.code == .revisionNotFound {
            // It can be committed to, so it is the first branch of an empty repository.
            snapshot = nil
        }
        let files = try body.files.map { file in
            UploadCandidate(
                path: try CSGHubCommitFile.parse(file.path), size: file.size,
                sample: try CSGHubCommitFile.decode(file.sample ?? "", of: file.path))
        }
        let plans = try await context.repositories.uploadPlans(for: files, onto: snapshot, ignoring: nil)
        return .enveloped { json in
            json.object { json in
                json.array("files") { json in
                    for (file, plan) in zip(body.files, plans) {
                        json.object { json in
                            json.member("oid", plan.present ?? "")
                            json.member("path", file.path)
                            json.member("uploadMode", plan.isLarge && file.size > 0 ? "lfs" : "regular")
                            json.member("shouldIgnore", plan.isIgnored)
                            json.member("isDir", false)
                        }
                    }
                }
            }
        }
    }

    // MARK: The commit

    private struct Frame: Decodable {
        var message: String?
    }

    /// Each file goes to the object database as it arrives, so that one is in memory at a time.
    private func commit(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .contentWrite)
        let ref = try await context.repositories.target(named: try request.parameter("revision"), of: repository)
        try await context.repositories.requireTarget(ref, of: repository)
        var draft = CommitDraft(ref: ref, operations: [], summary: "")
        var files = JSONElements(
            CSGHubCommitFile.self, of: "files", in: request.body, elementLimit: Self.maximumFileBytes,
            limit: Self.maximumBytes)
        let hold = context.repositories.holdForCommit(to: repository)
        draft.hold = hold
        let frame: Frame
        do {
            frame = try await read(&files, into: &draft, hold, repository)
        } catch {
            await hold.release()
            throw error
        }
        draft.summary = frame.message.flatMap { $0.isEmpty ? nil : $0 } ?? "Change \(draft.operations.count) files"
        let outcome = try await CSGHubTarget(branch: nil, newBranch: nil, repository).commit(
            draft, by: context.repositories)
        return .enveloped { json in json.object { $0.member("commit_id", outcome.commit.hex) } }
    }

    private func read(
        _ files: inout JSONElements<CSGHubCommitFile>, into draft: inout CommitDraft, _ hold: QuotaHold,
        _ repository: Repository
    ) async throws -> Frame {
        var bytes: Int64 = 0
        while let file = try await files.next() {
            guard draft.operations.count < Self.maximumFiles else {
                throw HubError(.payloadTooLarge, "A commit may change \(Self.maximumFiles) files at once at most.")
            }
            if file.action != .delete {
                bytes += Int64(try file.bytes().count)
                try await hold.cover(bytes)
            }
            try await add(file, to: &draft, in: repository)
        }
        guard !draft.operations.isEmpty else { throw HubError(.badRequest, "The commit changes no files.") }
        return try files.frame(Frame.self)
    }

    private func add(_ file: CSGHubCommitFile, to draft: inout CommitDraft, in repository: Repository) async throws {
        let path = try file.parsedPath()
        switch file.action ?? .create {
        case .create:
            let staged = try await context.repositories.stage(try file.bytes(), at: path, in: repository)
            draft.preconditions.append(.absent(path, orHolding: staged))
            draft.operations.append(.writeStaged(path: path, file: staged))
        case .update:
            let staged = try await context.repositories.stage(try file.bytes(), at: path, in: repository)
            draft.operations.append(.writeStaged(path: path, file: staged))
        case .delete:
            draft.operations.append(.delete(path: path))
        }
    }
}
