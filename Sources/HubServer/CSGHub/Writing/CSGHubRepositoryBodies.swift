import Foundation
import HubCore

/// The body of `POST /api/v1/{kind}` (wire/csghub.md §2.3). Members of the kinds that run something are taken and left.
struct CSGHubNewRepository: Decodable, Sendable {
    static let maximumBytes = 8 << 20
    static let maximumFiles = 100

    let namespace: String
    let name: String
    var nickname: String?
    var description: String?
    var license: String?
    var isPrivate: Bool?
    var defaultBranch: String?
    var sdk: String?
    /// A JSON object of texts, as a text: what the application in a space is told.
    var secrets: String?
    var variables: String?
    var files: [CSGHubCommitFile]?

    private enum CodingKeys: String, CodingKey {
        case namespace, name, nickname, description, license, sdk, secrets, variables
        case isPrivate = "private"
        case defaultBranch = "default_branch"
        case files = "commit_files"
    }
}

extension CSGHubNewRepository {
    /// What the application in the space is told; nothing for other kinds.
    /// - Throws: `.badRequest` for what is no JSON object of texts.
    func entries(for kind: RepositoryKind) throws -> [(kind: SpaceEntry.Kind, key: String, value: Secret)] {
        guard kind == .space else { return [] }
        return try [(SpaceEntry.Kind.secret, secrets), (.variable, variables)].flatMap { kind, text in
            guard let text, !text.isEmpty else { return [(kind: SpaceEntry.Kind, key: String, value: Secret)]() }
            guard case .object(let members)? = JSONText.decode(text) else { throw Self.unreadable(kind) }
            return try members.map { member in
                guard case .string(let value) = member.value else { throw Self.unreadable(kind) }
                try SpaceEntries.check(member.key, Secret(value), nil)
                return (kind, member.key, Secret(value))
            }
        }
    }

    private static func unreadable(_ kind: SpaceEntry.Kind) -> HubError {
        HubError(.badRequest, "The \(kind.rawValue)s are no JSON object of texts.")
    }
}

/// The body of `PUT {R}`: what is absent stays.
struct CSGHubRepositoryChange: Decodable, Sendable {
    var nickname: String?
    var description: String?
    var isPrivate: Bool?
    var defaultBranch: String?

    private enum CodingKeys: String, CodingKey {
        case nickname, description
        case isPrivate = "private"
        case defaultBranch = "default_branch"
    }
}

/// One file of a commit: `{path,action,content}`, the content in base64.
struct CSGHubCommitFile: Decodable, Sendable {
    enum Action: String, Decodable, Sendable {
        case create, update, delete
    }

    let path: String
    var action: Action?
    var content: String?

    /// - Throws: `.unprocessable` for what no tree may hold.
    func parsedPath() throws -> GitPath { try Self.parse(path) }

    static func parse(_ text: String) throws -> GitPath {
        guard let path = GitPath(text), !text.contains("\\") else {
            throw HubError(.unprocessable, "'\(text)' is not a path a repository can hold.")
        }
        return path
    }

    /// - Throws: `.badRequest` for what is no base64.
    func bytes() throws -> [UInt8] { try Self.decode(content ?? "", of: path) }

    static func decode(_ text: String, of path: String) throws -> [UInt8] {
        // `upload-large-folder` breaks the lines as MIME does.
        guard let data = Data(base64Encoded: Data(text.utf8.filter { $0 != 0x0A && $0 != 0x0D })) else {
            throw HubError(.badRequest, "The content of '\(path)' is not valid base64.")
        }
        return [UInt8](data)
    }
}
