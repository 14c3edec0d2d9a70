import HubCore
import Policies

/// What a job is to bring, as it is stored with the job.
struct SyncOrder: Sendable {
    var mirror: String
    /// As the upstream names it; nil for everything that the rules bring.
    var repository: UpstreamPath?
    /// As somebody wrote it; nil for what the rules say.
    var revision: Revision?
    var files: [Glob] = []
    var notFiles: [Glob] = []
    /// Whether somebody named the repository, so that no rule needs to.
    var isNamed = false

    init(mirror: String, repository: UpstreamPath?, request: SyncRequest) {
        self.mirror = mirror
        self.repository = repository
        revision = request.revision
        files = request.files
        notFiles = request.notFiles
        isNamed = request.repository != nil
    }

    /// - Throws: `.internalError` for a payload that is none.
    init(_ payload: JSONValue) throws {
        guard let mirror = payload["mirror"]?.string else {
            throw HubError(.internalError, "The job does not say which mirror it is about.")
        }
        self.mirror = mirror
        if let kind = payload["kind"]?.string.flatMap({ HubCore.RepositoryKind(rawValue: $0) }),
            let path = payload["path"]?.string
        {
            repository = UpstreamPath(kind: kind, path: path)
        }
        revision = payload["revision"]?.string.flatMap { Revision($0) }
        files = try Self.globs(payload["files"])
        notFiles = try Self.globs(payload["notFiles"])
        if case .boolean(true)? = payload["named"] { isNamed = true }
    }

    var payload: JSONValue {
        var members: [JSONValue.Member] = [.init(key: "mirror", value: .string(mirror))]
        if let repository {
            members.append(.init(key: "kind", value: .string(repository.kind.rawValue)))
            members.append(.init(key: "path", value: .string(repository.path)))
        }
        if let revision { members.append(.init(key: "revision", value: .string(revision.description))) }
        if !files.isEmpty { members.append(.init(key: "files", value: .array(files.map { .string($0.pattern) }))) }
        if !notFiles.isEmpty {
            members.append(.init(key: "notFiles", value: .array(notFiles.map { .string($0.pattern) })))
        }
        if isNamed { members.append(.init(key: "named", value: .boolean(true))) }
        return .object(members)
    }

    /// Two jobs with the same key would do the same.
    var uniqueKey: String {
        let whole = "sync:\(mirror):\(repository.map { "\($0.kind.rawValue):\($0.path.lowercased())" } ?? "*")"
        guard revision != nil || !files.isEmpty || !notFiles.isEmpty else { return whole }
        let rest = ([revision?.description ?? ""] + ["+"] + files.map(\.pattern) + ["-"] + notFiles.map(\.pattern))
            .joined(separator: "\n")
        return whole + ":" + BlobID(hashing: Array(rest.utf8)).hex.prefix(16)
    }

    private static func globs(_ value: JSONValue?) throws -> [Glob] {
        try (value?.strings ?? []).map { pattern in
            do {
                return try Glob(pattern, for: .file)
            } catch {
                throw HubError(.internalError, "The job names files by '\(pattern)', which is no pattern.")
            }
        }
    }
}
