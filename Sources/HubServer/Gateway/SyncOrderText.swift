import HubCore
import MirrorGateway
import Policies

/// What somebody wants fetched, as he writes it: in a request's body or in a form.
struct SyncOrderText: Decodable {
    var mirror: String?
    /// As in `model:acme/demo`.
    var repo: String?
    var rev: String?
    var files: [String]?
    var notFiles: [String]?
    var priority: String?
    var dryRun: Bool?

    /// Patterns of one request.
    private static let maximumPatterns = 100
    /// Bytes of a pattern.
    private static let maximumPattern = 1_024

    /// - Throws: `.badRequest` for what names nothing.
    func request(by principal: Principal) throws -> SyncRequest {
        let repository = try repo.map(GovernedName.repository)
        guard repository != nil || mirror != nil else {
            throw HubError(.badRequest, "Name a repository or a mirror.", remedy: "Send `repo` or `mirror`.")
        }
        let revision = try rev.map { text in
            guard let revision = Revision(text) else {
                throw HubError(.badRequest, "'\(text.prefix(200))' is not a revision.")
            }
            return revision
        }
        let priority = try priority.map { word in
            guard let priority = JobPriority(word: word) else {
                throw HubError(
                    .badRequest, "'\(word.prefix(32))' is no priority.", remedy: "Write urgent, high, normal or low.")
            }
            return priority
        }
        let name = principal.user?.name
        return SyncRequest(
            mirror: mirror, repository: repository, revision: revision,
            files: try Self.patterns(files, "files"), notFiles: try Self.patterns(notFiles, "notFiles"),
            priority: priority ?? .normal, account: name.map { "user:\($0)" } ?? "mirror:\(mirror ?? "*")",
            requestedBy: name)
    }

    private static func patterns(_ texts: [String]?, _ member: String) throws -> [Glob] {
        let texts = texts ?? []
        guard texts.count <= maximumPatterns else {
            throw HubError(.badRequest, "`\(member)` holds at most \(maximumPatterns) patterns.")
        }
        return try texts.map { text in
            guard text.utf8.count <= maximumPattern else {
                throw HubError(.badRequest, "A pattern of `\(member)` has at most \(maximumPattern) bytes.")
            }
            do {
                return try Glob(text, for: .file)
            } catch {
                throw HubError(.badRequest, "'\(text.prefix(200))' in `\(member)` is no pattern: \(error)")
            }
        }
    }
}
