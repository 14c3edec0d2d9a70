import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}/lfs-files`: every large file a repository keeps, of any branch and any age;
/// `POST …/lfs-files/batch` deletes some of them for good; `POST …/lfs-files/duplicate` gives some of them to another
/// repository, where a commit names them next.
struct LFSFilesRoutes: RouteFamily {
    /// Also the most that clients delete at once.
    private static let pageSize = 1_000

    private struct Batch: Decodable {
        struct Deletions: Decodable {
            var sha: [String]
            var rewriteHistory: Bool?
        }

        var deletions: Deletions
    }

    private struct Duplicates: Decodable {
        struct Target: Decodable {
            var type: String
            var name: String
        }

        struct File: Decodable {
            var sha256: String
        }

        var target: Target
        var files: [File]
    }

    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}/lfs-files"
        return [
            Route(.get, path, .repository(.contentWrite), errors: access.errors) { try await list($0, kind) },
            Route(.post, "\(path)/batch", .repository(.contentWrite), errors: access.errors) {
                try await delete($0, kind)
            },
            Route(.post, "\(path)/duplicate", .repository(.contentRead), errors: access.errors) {
                try await duplicate($0, kind)
            },
        ]
    }

    /// What cannot be given is told file by file; the others are the target's from then on.
    private func duplicate(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let source = try await access.open(request, kind, .contentRead)
        let principal = try await request.signedIn()
        let asked = try await request.body.json(Duplicates.self, upTo: 1 << 20)
        guard asked.files.count <= Self.pageSize else {
            throw HubError(.badRequest, "More than \(Self.pageSize) files are duplicated at once.")
        }
        guard let targetKind = RepositoryKind(rawValue: asked.target.type),
            let target = RepositoryID(kind: targetKind, path: asked.target.name)
        else {
            throw HubError(.badRequest, "'\(asked.target.type) \(asked.target.name)' is no repository name.")
        }
        if source.isMirror {
            // The gate decides on a commit, so one is looked at.
            _ = try await access.repositories.snapshot(of: source, at: nil)
        }
        var failed: [(sha256: String, error: String)] = []
        if !asked.files.isEmpty {
            let repository = try await access.authorizer.openForUpload(principal, target)
            for file in asked.files {
                do {
                    guard let blob = BlobID(file.sha256) else {
                        throw HubError(.badRequest, "'\(file.sha256)' is no SHA-256.")
                    }
                    try await access.repositories.share(blob, of: source, with: repository)
                } catch let error as HubError where error.status < 500 {
                    failed.append((file.sha256, error.line))
                }
            }
        }
        return HubResponse.json { json in
            json.object { json in
                json.member("success", failed.isEmpty)
                json.array("failed") { json in
                    for (sha256, error) in failed {
                        json.object { json in
                            json.member("sha256", sha256)
                            json.member("error", error)
                        }
                    }
                }
            }
        }
    }

    private func delete(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .contentWrite)
        let deletions = try await request.body.json(Batch.self, upTo: 1 << 20).deletions
        guard deletions.sha.count <= Self.pageSize else {
            throw HubError(.badRequest, "More than \(Self.pageSize) files are deleted at once.")
        }
        let blobs = try deletions.sha.map { text in
            guard let blob = BlobID(text) else { throw HubError(.badRequest, "'\(text)' is no SHA-256.") }
            return blob
        }
        try await access.repositories.deleteLargeFiles(
            blobs, rewritingHistory: deletions.rewriteHistory ?? true, in: repository)
        return HubResponse.json { json in json.object { $0.member("success", true) } }
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
        let shown = repository.readable(page)
        let branches = try await access.repositories.branches(of: shown, in: repository)
        let response = HubResponse.json { json in
            json.array { json in
                for file in shown { json.largeFile(file, on: branches[file.pointer.oid]) }
            }
        }
        guard found.count > limit, let last = page.last else { return response }
        return response.linkingNext(request, "cursor", last.pointer.oid.hex)
    }
}

extension JSONWriter {
    /// A large file as the clients' `LFSFileInfo` reads it.
    fileprivate mutating func largeFile(_ file: LargeFile, on branch: RefName?) {
        object { json in
            json.member("fileOid", file.pointer.oid.hex)
            // What was uploaded and never committed has no name but its own.
            json.member("filename", file.path ?? file.pointer.oid.hex)
            json.member("oid", file.pointer.oid.hex)
            json.member("pushedAt", JSONDate.text(milliseconds: file.storedAt))
            json.member("ref", branch?.name)
            json.member("size", file.pointer.size)
        }
    }
}
