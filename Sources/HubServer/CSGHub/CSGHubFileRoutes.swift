import Foundation
import HTTPTypes
import HubCore

/// `GET …/raw/{path}`, `…/blob/{path}`, `…/download/{path}` and `…/resolve/{path}`: one file, in the four ways CSGHub
/// serves it.
struct CSGHubFileRoutes: CSGHubRouteFamily {
    /// Bytes of a file that `blob` shows at most.
    private static let previewLimit: Int64 = 5 << 20
    /// Bytes of a text that goes into JSON at most.
    private static let textLimit: Int64 = 32 << 20

    let context: CSGHubContext

    var routes: [Route] {
        [
            context.repositoryRoute("/raw/{path...}", .contentRead, handler: raw),
            context.repositoryRoute("/blob/{path...}", .contentRead, handler: blob),
            context.repositoryRoute("/download/{path...}", .contentRead, head: true, handler: download),
            context.repositoryRoute("/resolve/{path...}", .contentRead, head: true) { try await bytes($0) },
        ]
    }

    private var repositories: RepositoryService { context.access.repositories }

    /// What stands in git, so the pointer of an LFS file, as text in JSON.
    private func raw(_ request: HubRequest) async throws -> HubResponse {
        try await context.answer(request, .contentRead) { snapshot in
            let entry = try await entry(of: request, in: snapshot)
            guard entry.size <= Self.textLimit else {
                throw HubError(
                    .payloadTooLarge, "'\(entry.path)' is too large to be sent as text.",
                    remedy: "Fetch it from resolve instead.")
            }
            let text = String(decoding: try await gitBytes(of: entry, in: snapshot, for: request), as: UTF8.self)
            return .enveloped { $0.value(text) }
        }
    }

    /// The `File` with what stands in git, in base64.
    private func blob(_ request: HubRequest) async throws -> HubResponse {
        try await context.answer(request, .contentRead) { snapshot in
            let entry = try await entry(of: request, in: snapshot)
            var file = CSGHubFile(entry: entry)
            let folder = String(entry.path.dropLast(entry.name.count).dropLast())
            file.lastCommit = try await repositories.storedLastCommits(
                of: folder.isEmpty ? nil : folder, in: snapshot)[entry.path]
            if entry.size > Self.previewLimit {
                try await repositories.authorizeFile(entry, in: snapshot)
                file.preview = .tooLarge
            } else {
                let bytes = try await gitBytes(of: entry, in: snapshot, for: request)
                file.content = Data(bytes).base64EncodedString()
                let isText = entry.lfs == nil && !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
                file.preview = isText ? .possible : .notText
            }
            let shown = file
            return .enveloped { $0.csghubFile(shown) }
        }
    }

    /// The bytes as an attachment, or with `lfs=true` a link to them that needs no credentials.
    private func download(_ request: HubRequest) async throws -> HubResponse {
        guard try request.query.bool("lfs", default: false) else { return try await bytes(request, isAttachment: true) }
        return try await context.answer(request, .contentRead) { snapshot in
            let entry = try await entry(of: request, in: snapshot)
            try await repositories.authorizeFile(entry, in: snapshot)
            guard let pointer = entry.lfs else {
                throw HubError(
                    .badRequest, "'\(entry.path)' is not an LFS file.", remedy: "Ask without lfs=true.")
            }
            let id = snapshot.repository.id
            let path = "/\(id.kind.gitPlural)/\(id.path).git/info/lfs/objects/\(pointer.oid.hex)"
            let link = "\(request.url(path))?\(context.signer.query(for: pointer.oid, in: snapshot.repository))"
            return .enveloped { $0.value(link) }
        }
    }

    /// The bytes, with ranges; those of LFS files too, where the real service redirects.
    private func bytes(_ request: HubRequest, isAttachment: Bool = false) async throws -> HubResponse {
        try await context.answer(request, .contentRead) { snapshot in
            let entry = try await entry(of: request, in: snapshot)
            let file = ServedFile(entry: entry, snapshot: snapshot, isAttachment: isAttachment)
            if request.method == .head, entry.contentSize >= 0 {
                try await repositories.authorizeFile(entry, in: snapshot)
                return file.head(for: request)
            }
            return file.response(
                try await repositories.open(entry, in: snapshot, isPull: request.takesContent).content, for: request)
        }
    }

    /// - Throws: `.entryNotFound` for folders as well.
    private func entry(of request: HubRequest, in snapshot: Snapshot) async throws -> TreeEntry {
        let entry = try await repositories.entry(at: try request.parameter("path"), in: snapshot)
        guard entry.kind != .directory, entry.kind != .submodule else {
            throw HubError(.entryNotFound, "'\(entry.path)' is a folder in \(snapshot.repository.id).")
        }
        return entry
    }

    private func gitBytes(of entry: TreeEntry, in snapshot: Snapshot, for request: HubRequest) async throws -> [UInt8] {
        // Whoever may not have the file may not have its digest and size either.
        if entry.lfs != nil { try await repositories.authorizeFile(entry, in: snapshot) }
        var plain = entry
        plain.lfs = nil
        let isPull = entry.lfs == nil && request.takesContent
        guard case .object(let bytes) = try await repositories.open(plain, in: snapshot, isPull: isPull).content else {
            throw HubError(.internalError, "'\(entry.path)' in \(snapshot.repository.id) is no git blob.")
        }
        return bytes
    }
}
