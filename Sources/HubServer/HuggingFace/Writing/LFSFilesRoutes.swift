import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}/lfs-files`: every large file a repository keeps, of any branch and any age.
struct LFSFilesRoutes: RouteFamily {
    private static let pageSize = 1_000

    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}/lfs-files"
        return [
            Route(.get, path, .repository(.contentWrite), errors: access.errors) { try await list($0, kind) }
        ]
    }

    private func list(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .contentWrite)
        let limit = min(
            try request.query.integer("limit", in: 1...Int.max) ?? Self.pageSize, Self.pageSize)
        var after: BlobID?
        if let cursor = request.query.first("cursor") {
            guard let blob = BlobID(cursor) else { throw HubError(.badRequest, "The cursor is not one of ours.") }
            after = blob
        }
        let found = try await access.repositories.largeFiles(of: repository, after: after, limit: limit + 1)
        let page = found.prefix(limit)
        let response = HubResponse.json { json in
            json.array { json in
                for file in page { json.largeFile(file) }
            }
        }
        guard found.count > limit, let last = page.last else { return response }
        return response.linkingNext(request, "cursor", last.pointer.oid.hex)
    }
}

extension JSONWriter {
    /// A large file as the clients' `LFSFileInfo` reads it.
    fileprivate mutating func largeFile(_ file: LargeFile) {
        object { json in
            json.member("fileOid", file.pointer.oid.hex)
            // What was uploaded and never committed has no name but its own.
            json.member("filename", file.path ?? file.pointer.oid.hex)
            json.member("oid", file.pointer.oid.hex)
            json.member("pushedAt", JSONDate.text(milliseconds: file.storedAt))
            json.member("ref", nil)
            json.member("size", file.pointer.size)
        }
    }
}
