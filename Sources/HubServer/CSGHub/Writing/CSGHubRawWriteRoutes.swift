import HTTPTypes
import HubCore

/// `POST`, `PUT` and `DELETE …/raw/{path}`: one file created, updated or removed, on a branch that may be new.
struct CSGHubRawWriteRoutes: CSGHubRouteFamily {
    /// Bytes of a body: its content in base64, a third larger than the file.
    private static let maximumBytes = 32 << 20

    private struct Body: Decodable {
        var message: String?
        var branch: String?
        var content: String?
        var newBranch: String?
        /// The blob that the author saw.
        var sha: String?
        /// Where the file was before, when it moves.
        var originPath: String?

        enum CodingKeys: String, CodingKey {
            case message, branch, content, sha
            case newBranch = "new_branch"
            case originPath = "origin_path"
        }
    }

    private enum Change { case create, update, delete }

    let context: CSGHubContext

    var routes: [Route] {
        [
            context.repositoryRoute(.post, "/raw/{path...}", .contentWrite) { try await answer($0, .create) },
            context.repositoryRoute(.put, "/raw/{path...}", .contentWrite) { try await answer($0, .update) },
            context.repositoryRoute(.delete, "/raw/{path...}", .contentWrite) { try await answer($0, .delete) },
        ]
    }

    private func answer(_ request: HubRequest, _ change: Change) async throws -> HubResponse {
        let repository = try await context.open(request, .contentWrite)
        // A removal may come without a body, its branch in the query.
        let body =
            request.body.isEmpty && change == .delete
            ? Body() : try await request.body.json(Body.self, upTo: Self.maximumBytes)
        let path = try CSGHubCommitFile.parse(try request.parameter("path"))
        let target = CSGHubTarget(
            branch: body.branch ?? request.query.first("branch"), newBranch: body.newBranch, repository)
        var draft = CommitDraft(
            ref: try await target.ref(by: context.repositories), operations: [],
            summary: Self.summary(body.message ?? request.query.first("message"), change, path))
        switch change {
        case .create:
            draft.preconditions = [.absent(path, orHolding: nil)]
            draft.operations = [try await write(body, at: path, in: repository)]
        case .update:
            let origin = try body.originPath.flatMap { $0.isEmpty ? nil : try CSGHubCommitFile.parse($0) } ?? path
            draft.preconditions = [.file(origin, blob: try Self.blob(body.sha))]
            draft.operations = [try await write(body, at: path, in: repository)]
            if origin != path {
                draft.preconditions.append(.absent(path, orHolding: nil))
                draft.operations.insert(.delete(path: origin), at: 0)
            }
        case .delete:
            draft.preconditions = [.file(path, blob: try Self.blob(body.sha))]
            draft.operations = [.delete(path: path)]
        }
        let outcome = try await target.commit(draft, by: context.repositories)
        return .enveloped { json in json.object { $0.member("commit_id", outcome.commit.hex) } }
    }

    private func write(_ body: Body, at path: GitPath, in repository: Repository) async throws -> CommitOperation {
        let bytes = try CSGHubCommitFile.decode(body.content ?? "", of: path.path)
        return try await CSGHubIncomingFile(path: path, repository: repository).operation(
            bytes, by: context.repositories)
    }

    private static func blob(_ text: String?) throws -> ObjectID? {
        guard let text, !text.isEmpty else { return nil }
        guard let id = ObjectID(text) else { throw HubError(.badRequest, "'\(text)' is not the id of a git blob.") }
        return id
    }

    private static func summary(_ message: String?, _ change: Change, _ path: GitPath) -> String {
        if let message, !message.isEmpty { return message }
        switch change {
        case .create: return "Create \(path)"
        case .update: return "Update \(path)"
        case .delete: return "Delete \(path)"
        }
    }
}
